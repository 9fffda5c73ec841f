"""Where moto's server is not as Cognito is: journeys that fail there, by what moto does instead.

Each must fail: one that passes fails the tests. ``*`` stands for the rest of a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

MOTO_DIFFERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "moto holds requests to no length and no pattern of the model": ("common.out_of_range.*",),
        "moto's texts are others: often the name alone of what is missing or refused": (
            "account.change_password_refused",
            "auth.by_the_administrator",
            "auth.sign_out",
            "clients.create",
            "common.unknown_client.*",
            "common.unknown_pool.AdminRespondToAuthChallenge",
            "common.unknown_pool.DeleteUserPoolDomain",
            "common.unknown_pool.UpdateUserPoolDomain",
            "common.unknown_token.*",
            "groups.create_twice",
            "groups.delete",
            "groups.unknown_group",
            "mfa.preference_refused",
            "pools.names_of_users",
            "sign_up.refused",
            "users.create_refused",
            "users.password_refused",
        ),
        "moto refuses with another code": (
            "auth.new_password",  # a used session: ResourceNotFound
            "challenges.user_gone_between",  # UserNotFound
            "common.no_secret_hash.ConfirmForgotPassword",  # ResourceNotFound
            "common.no_secret_hash.ConfirmSignUp",  # UserNotFound
            "common.unknown_pool.SetUserPoolMfaConfig",  # InvalidParameter: MfaConfiguration is required there
            "mfa.neither_token_nor_session",  # NotAuthorized
            "pool_mfa.refused",  # InvalidParameter: a factor of mail is none there
        ),
        "moto answers a page's wrong token with InvalidToken, which Cognito has not": (
            "clients.wrong_page",
            "groups.wrong_page",
            "pools.wrong_page",
            "resource_servers.wrong_page",
            "user_lists.wrong_page",
        ),
        "moto calls no functions": ("triggers.*",),
        "moto fails with status 500": (
            "common.unknown_pool.ListResourceServers",
            "mfa.older_settings_in_lists",  # it has no SetUserSettings, which the journey uses
        ),
        "moto says that every code goes to +*******9934 by SMS": ("account.forgotten_password", "sign_up.with_code"),
        "moto takes any code, for anybody in any state, and any number of them": (
            "account.forgotten_before_confirming",
            "account.forgotten_password_refused",
            "account.forgotten_too_often",
            "account.forgotten_wrongly",
            "sign_up.once",
            "sign_up.wrong_codes",
        ),
        "moto confirms whoever is confirmed": ("sign_up.by_the_administrator",),
        "moto has no limit of attempts": ("account.change_password_too_often",),
        "moto's quota of resource servers has no end": ("resource_servers.too_many",),
        "moto's SECRET_BLOCK is looked up by the sub, which is its USER_ID_FOR_SRP, and finds nobody; it checks no proof": (
            "auth.by_proof",
            "auth.proof_refused",
            "devices.offered",
        ),
        "moto's one software token has twelve letters, too few for a code": (
            "challenges.authenticator",
            "challenges.several_factors",
            "challenges.used_code",
            "mfa.authenticator",
            "mfa.preference",
        ),
        "moto hands out a software token whatever the pool's settings are": ("mfa.authenticator_off",),
        "moto asks nobody to set up a second factor": ("mfa.authenticator_during_sign_in", "pool_mfa.on_and_off"),
        "moto says of SMS_MFA not where the code went": ("challenges.text_message",),
        "moto has no factor of mail and no passkeys": (
            "challenges.mail",
            "passkeys.sign_in",
            "passkeys.sign_in_by_code",
            "pool_mfa.every_factor",
        ),
        "moto has no USER_AUTH": ("auth.choice", "sign_up.session_of_choice", "step_up.*"),
        "moto's time cannot be moved": ("account.expired_token", "challenges.late", "tokens.refresh"),
        "moto keeps no earlier passwords": ("challenges.used_password",),
        "moto has no aliases but user names": (
            "challenges.taken_alias",
            "sign_up.taken_alias",
            "users.by_other_names",
            "users.create_with_taken_alias",
            "users.taken_alias",
        ),
        "moto leaves requiredAttributes out": ("challenges.required_attribute",),
        "moto checks no secret hash": ("clients.given_secret", "common.no_secret_hash.*", "sign_up.secret_hash"),
        "moto checks no setting of an app client": ("clients.refused", "resource_servers.scopes_of_clients"),
        "moto allows every flow to every client": (
            "auth.flow_of_another_client",
            "clients.changed_flows",
            "tokens.rotation_excludes_the_older_operations",
        ),
        "moto's clients have no dates": ("clients.every_setting",),
        "moto's UpdateUserPoolClient keeps what is left out": ("clients.analytics",),
        "moto revokes access tokens on a sign-out only: not with their client, and not with their user": (
            "clients.delete",
            "common.client_is_gone.*",
            "common.user_is_disabled.AssociateSoftwareToken",
            "common.user_is_disabled.GlobalSignOut",
            "common.user_is_disabled.SetUserMFAPreference",
            "common.user_is_disabled.UpdateUserAttributes",
            "common.user_is_disabled.VerifySoftwareToken",
            "users.delete",
            "users.disable",
        ),
        "moto lists sub last, and gives no factors as empty texts and lists": ("account.profile",),
        "moto knows no ManagedLoginVersion and no name that is reserved": (
            "domains.custom",
            "domains.prefix",
            "domains.refused",
        ),
        "moto's groups have an empty Description": ("groups.create",),
        "moto leaves DeletionProtection and UserPoolTier out unless they were given, and holds to neither": (
            "pools.create",
            "pools.delete",
        ),
        "moto checks no setting of a pool": ("pools.create_refused", "pools.settings_refused", "sign_up.closed"),
        "moto's UpdateUserPool does not rename": ("pools.update",),
        "moto checks no attribute against the schema": ("pools.custom_attributes", "users.attributes_refused"),
        "moto sends no messages": ("users.create", "users.create_without_address", "users.invitation"),
        "moto lets in who has to reset the password": ("users.reset",),
    }
)
