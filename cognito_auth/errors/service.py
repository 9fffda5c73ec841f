"""Cognito's error replies as classes. Which reply is which is the tables' affair (`cognito_auth.errors.codes`)."""

from __future__ import annotations

from .base import Actor, CognitoAuthError, Retry


class ServiceError(CognitoAuthError):
    """An error reply of Cognito; also the class of a code that the table does not know."""

    code = "service_error"
    http_status = 502
    public_message = "The sign-in service refused the request."

    def __init__(self, aws_code: str, message: str, *, operation: str = "", request_id: str = "") -> None:
        super().__init__(f"{operation or 'Cognito'}: {aws_code}: {message}")
        self.aws_code = aws_code
        """Cognito's name of the error, such as ``NotAuthorizedException``."""
        self.message = message
        """Cognito's text."""
        self.operation = operation
        self.request_id = request_id
        """The ``x-amzn-RequestId`` of the reply, which AWS support asks for."""


class UserError(ServiceError):
    """Something that the person at the browser can put right."""

    actor = Actor.USER
    code = "not_possible"
    http_status = 400
    public_message = "That is not possible."


class NotAuthorized(UserError):
    """Refused, for a reason that the message tells."""

    code = "not_authorized"
    http_status = 401
    public_message = "That is not authorized."


class IncorrectCredentials(NotAuthorized):
    """Unknown user or wrong password; which of them is not told."""

    code = "incorrect_credentials"
    public_message = "Incorrect username or password."


class UserNotFound(UserError):
    """No such user. Shown to nobody but administrators: at sign-in it is told as `IncorrectCredentials`."""

    code = "user_not_found"
    http_status = 404
    public_message = "There is no such user."


class PasswordAttemptsExceeded(NotAuthorized):
    """Too many wrong passwords; Cognito lets nobody in for a while that doubles up to about 15 minutes."""

    code = "too_many_attempts"
    http_status = 429
    public_message = "Too many attempts. Wait a while and try again."
    retry_after = 60.0


class UserDisabled(NotAuthorized):
    """An administrator has disabled the user."""

    code = "user_disabled"
    public_message = "This account is disabled."


class SessionInvalid(NotAuthorized):
    """The challenge session is spent, or belongs to somebody else; the sign-in starts again."""

    code = "session_invalid"
    public_message = "This sign-in is not valid any more. Start again."


class SessionExpired(SessionInvalid):
    """The challenge session's minutes are over; the sign-in starts again."""

    code = "session_expired"
    public_message = "That took too long. Start again."


class RefreshTokenInvalid(NotAuthorized):
    """The refresh token has expired, was revoked, or is another client's; the user signs in again."""

    code = "refresh_token_invalid"
    public_message = "You have been signed out. Sign in again."


class RefreshTokenReused(RefreshTokenInvalid):
    """A rotated refresh token was used after its grace period; the user signs in again."""


class AccessTokenRejected(NotAuthorized):
    """Cognito does not accept the access token: expired, revoked, or without the scope."""

    code = "access_token_rejected"
    public_message = "You have been signed out. Sign in again."


class TemporaryPasswordExpired(NotAuthorized):
    """The temporary password is too old; an administrator has to send a new invitation."""

    code = "temporary_password_expired"
    public_message = "Your temporary password has expired. Ask an administrator for a new one."


class SignUpNotPermitted(NotAuthorized):
    """Only administrators create users in this pool."""

    code = "sign_up_not_permitted"
    http_status = 403
    public_message = "Accounts are created by an administrator here."


class AlreadyConfirmed(UserError):
    """The user is confirmed already."""

    code = "already_confirmed"
    http_status = 409
    public_message = "This account is confirmed already. Sign in."


class ResetNotPossible(UserError):
    """The password cannot be reset by a code: wrong status, no verified address, or administrators only."""

    code = "reset_not_possible"
    http_status = 409
    public_message = "The password cannot be reset this way. Ask an administrator."


class UserNotConfirmed(UserError):
    """The password is right, but the sign-up was never confirmed."""

    code = "user_not_confirmed"
    http_status = 403
    public_message = "Confirm your account first."


class PasswordResetRequired(UserError):
    """An administrator has asked for a new password; it is set with a code."""

    code = "password_reset_required"
    http_status = 403
    public_message = "Reset your password first."


class CodeMismatch(UserError):
    """A wrong code; the challenge stays open."""

    retry = Retry.ANSWER
    code = "code_mismatch"
    public_message = "That code is not right. Try again."


class CodeExpired(UserError):
    """A code that is too old, spent, or was never sent."""

    retry = Retry.ANSWER
    code = "code_expired"
    public_message = "That code is not valid any more. Ask for a new one."


class InvalidPassword(UserError):
    """The new password does not follow the pool's policy; the message says how."""

    retry = Retry.ANSWER
    code = "invalid_password"
    public_message = "That password does not follow the rules."


class PasswordReused(InvalidPassword):
    """The new password was used before."""

    code = "password_reused"
    public_message = "That password was used before. Choose another one."


class UsernameExists(UserError):
    """The user name is taken."""

    code = "username_exists"
    http_status = 409
    public_message = "There is an account with that name already."


class AliasExists(UserError):
    """The mail address or telephone number belongs to another account."""

    code = "alias_exists"
    http_status = 409
    public_message = "There is an account with that address already."


class AttemptLimitExceeded(UserError):
    """Too many codes or attempts; a pause helps."""

    code = "too_many_attempts"
    http_status = 429
    public_message = "Too many attempts. Wait a while and try again."
    retry_after = 300.0


class CodeDeliveryFailed(UserError):
    """The code could not be sent."""

    code = "code_delivery_failed"
    http_status = 502
    public_message = "The code could not be sent."


class SoftwareTokenNotFound(UserError):
    """The user, or the pool, has no authenticator app set up."""

    code = "software_token_not_found"
    http_status = 409
    public_message = "No authenticator app is set up."


class InvalidParameter(ServiceError):
    """Cognito does not accept a value that was sent; the message says which."""

    code = "invalid_parameter"
    http_status = 400
    public_message = "A value is not acceptable."


class FlowNotEnabled(InvalidParameter):
    """The app client does not allow this authentication flow: switch it on in ``ExplicitAuthFlows``."""

    code = "service_error"
    http_status = 502


class ResourceNotFound(ServiceError):
    """No such pool, client, group or device; usually a wrong setting."""


class DeviceNotFound(ResourceNotFound):
    """Cognito does not know the device, or not by this secret; the user signs in without it."""

    actor = Actor.USER
    code = "device_not_found"
    http_status = 409
    public_message = "This device is not remembered any more. Sign in again."


class PasskeyNotFound(ResourceNotFound):
    """The user has no such passkey, or no longer."""

    actor = Actor.USER
    code = "passkey_not_found"
    http_status = 404
    public_message = "There is no such passkey."


class UserSessionNotFound(ResourceNotFound):
    """The user has no such session, or no longer."""

    actor = Actor.USER
    code = "session_not_found"
    http_status = 404
    public_message = "There is no such session."


class SecretHashMismatch(ServiceError):
    """The client secret is wrong or missing, or the hash was made with another user name."""


class AttributeNotWritable(ServiceError):
    """The app client may not write an attribute that was sent."""

    code = "attribute_not_writable"
    http_status = 403


class NotPermitted(ServiceError):
    """AWS refuses the caller: no credentials, wrong ones, or without the right to the operation."""


class Conflict(ServiceError):
    """Something of that name exists, or is being changed by somebody else."""

    code = "conflict"
    http_status = 409


class PoolMisconfigured(ServiceError):
    """The pool is not set up for what was asked: roles, plan, triggers or features."""


class TriggerFailed(ServiceError):
    """One of the pool's Lambda triggers failed or answered nonsense."""


class TriggerRefused(UserError):
    """One of the pool's Lambda triggers refused the request."""

    code = "refused"
    http_status = 403
    public_message = "That was refused."


class TooManyRequests(ServiceError):
    """The account's request rate is exceeded; the same request may pass after a pause."""

    actor = Actor.SERVICE
    retry = Retry.BACKOFF
    code = "service_unavailable"
    http_status = 503
    public_message = "The sign-in service is busy. Try again in a moment."
    retry_after = 5.0


class InternalError(ServiceError):
    """Cognito failed; the same request may pass after a pause."""

    actor = Actor.SERVICE
    retry = Retry.BACKOFF
    code = "service_unavailable"
    http_status = 503
    public_message = "The sign-in service has a problem. Try again in a moment."
    retry_after = 5.0
