"""Every setting that a pool, its second factors and an app client can have, each with some value."""

from __future__ import annotations

from typing import Any, Final

_ARN: Final = "arn:aws:lambda:us-east-1:123456789012:function:{}"
ROLE: Final = "arn:aws:iam::123456789012:role/sender"
SMS: Final = {"SnsCallerArn": ROLE, "ExternalId": "outside", "SnsRegion": "us-east-1"}
OTHER_SMS: Final = {
    "EumsSms": {
        "CallerArn": ROLE,
        "ExternalId": "outside",
        "OriginationIdentity": "+15550000000",
        "ConfigurationSetName": "texts",
        "InEntityId": "entity",
        "InTemplateId": "template",
        "Region": "us-east-1",
    }
}
"""Text messages by the newer service, in place of the older."""
MAIL: Final = {
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/mail@example.org",
    "ReplyToEmailAddress": "reply@example.org",
    "EmailSendingAccount": "DEVELOPER",
    "From": "mail@example.org",
    "ConfigurationSet": "mails",
}
_PLAIN_TRIGGERS: Final = (
    "PreSignUp",
    "CustomMessage",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "PreTokenGeneration",
    "UserMigration",
)
TRIGGERS: Final[dict[str, Any]] = {
    **{name: _ARN.format(name) for name in _PLAIN_TRIGGERS},
    "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": _ARN.format("PreTokenGeneration")},
    "CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": _ARN.format("CustomSMSSender")},
    "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": _ARN.format("CustomEmailSender")},
    "KMSKeyID": "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000",
    "InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": _ARN.format("InboundFederation")},
}
POOL: Final[dict[str, Any]] = {
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 10,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
            "PasswordHistorySize": 3,
            "TemporaryPasswordValidityDays": 5,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
    },
    "DeletionProtection": "ACTIVE",
    "AutoVerifiedAttributes": ["email"],
    "SmsVerificationMessage": "Your code: {####}",
    "EmailVerificationMessage": "Your code: {####}",
    "EmailVerificationSubject": "Your code",
    "VerificationMessageTemplate": {
        "SmsMessage": "Your code: {####}",
        "EmailMessage": "Your code: {####}",
        "EmailSubject": "Your code",
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
    },
    "SmsAuthenticationMessage": "Your code: {####}",
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "MfaConfiguration": "OPTIONAL",
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    "EmailConfiguration": MAIL,
    "SmsConfiguration": SMS,
    "UserPoolTags": {"team": "blue"},
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": True,
        "UnusedAccountValidityDays": 5,
        "InviteMessageTemplate": {
            "SMSMessage": "{username}: {####}",
            "EmailMessage": "{username}: {####}",
            "EmailSubject": "Welcome",
        },
    },
    "UserPoolAddOns": {
        "AdvancedSecurityMode": "AUDIT",
        "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
    },
    "DcrConfiguration": {
        "EnableStatus": "Enabled",
        "OpenDcrEnabled": True,
        "AuthenticatedGrantTypes": ["code"],
        "OpenDcrGrantTypes": ["code"],
        "AllowedScopes": ["openid"],
    },
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    "UserPoolTier": "PLUS",
    "KeyConfiguration": {
        "KeyType": "CUSTOMER_MANAGED_KEY",
        "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000",
    },
    "IssuerConfiguration": {"Type": "ORIGINAL"},
    "AcrConfiguration": {"Level1": {"AcrValue": "urn:level"}},
}
"""What can be set and changed; triggers stand apart, for with them a pool calls functions."""
OTHER_POOL: Final[dict[str, Any]] = {
    "VerificationMessageTemplate": {
        "EmailMessageByLink": "Follow {##this##}",
        "EmailSubjectByLink": "Your link",
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
    },
    "SmsConfiguration": OTHER_SMS,
}
"""What excludes a part of the above."""
FIRST: Final[dict[str, Any]] = {
    "UsernameConfiguration": {"CaseSensitive": False},
    "Schema": [
        {
            "Name": "team",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": True,
            "Required": False,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "8"},
        },
        {
            "Name": "size",
            "AttributeDataType": "Number",
            "Mutable": True,
            "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "8"},
        },
    ],
}
"""What is set when a pool is made and stays."""
CLIENT: Final[dict[str, Any]] = {
    "RefreshTokenValidity": 7,
    "AccessTokenValidity": 30,
    "IdTokenValidity": 40,
    "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
    "ReadAttributes": ["email", "name"],
    "WriteAttributes": ["email"],
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
    "SupportedIdentityProviders": ["COGNITO"],
    "CallbackURLs": ["https://example.org/in"],
    "LogoutURLs": ["https://example.org/out"],
    "DefaultRedirectURI": "https://example.org/in",
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AnalyticsConfiguration": {
        "ApplicationId": "0123456789abcdef0123456789abcdef",
        "RoleArn": ROLE,
        "ExternalId": "outside",
        "UserDataShared": True,
    },
    "PreventUserExistenceErrors": "ENABLED",
    "EnableTokenRevocation": False,
    "EnablePropagateAdditionalUserContextData": False,
    "AuthSessionValidity": 5,
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 5},
}
ANALYTICS_BY_ARN: Final = {"ApplicationArn": "arn:aws:mobiletargeting:us-east-1:123456789012:apps/application"}
"""The other way to name a project."""
FACTORS: Final[dict[str, Any]] = {
    "SmsMfaConfiguration": {"SmsAuthenticationMessage": "Your code: {####}", "SmsConfiguration": SMS},
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "EmailMfaConfiguration": {"Message": "Your code: {####}", "Subject": "Your code"},
    "MfaConfiguration": "OPTIONAL",
    "WebAuthnConfiguration": {
        "RelyingPartyId": "example.org",
        "UserVerification": "required",
        "FactorConfiguration": "SINGLE_FACTOR",
    },
}
