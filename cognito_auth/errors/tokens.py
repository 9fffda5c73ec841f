"""One error for each check that a token can fail (RFC 6750: all of them are ``invalid_token``)."""

from __future__ import annotations

from .base import Actor, CognitoAuthError, Retry


class TokenError(CognitoAuthError):
    """A token that is refused. The message says which check failed and never holds the token."""

    actor = Actor.USER
    code = "invalid_token"
    http_status = 401
    public_message = "The access token is not valid."


class TokenMalformed(TokenError):
    """Not three canonical base64url parts with strict JSON in the first two (RFC 7515, RFC 8725 section 3)."""


class TokenTooLarge(TokenMalformed):
    """Longer than the verifier reads."""


class AlgorithmNotAllowed(TokenError):
    """``alg`` is not exactly ``RS256`` (RFC 8725, section 3.1)."""


class HeaderNotAllowed(TokenError):
    """The header has a member that this verifier never honours (``crit``, ``b64``, ``zip``, ``enc``, ``jwk``, ``jku``, ...),
    another ``typ`` than a JWT's, or no ``kid`` that could name a key."""


class UnknownKey(TokenError):
    """``kid`` names no key of the pool's key set."""


class SignatureInvalid(TokenError):
    """The signature does not belong to this content and key."""


class IssuerMismatch(TokenError):
    """``iss`` is not this pool."""


class TokenUseMismatch(TokenError):
    """An ID token where an access token is wanted, or the reverse."""


class ClientMismatch(TokenError):
    """Issued to another app client: ``client_id`` of an access token, ``aud`` of an ID token."""


class AudienceMismatch(TokenError):
    """An access token for another resource server: its ``aud`` (RFC 7519, section 4.1.3; RFC 8707)."""


class ClaimInvalid(TokenError):
    """A claim is missing or has the wrong type."""


class TokenExpired(TokenError):
    """``exp`` is past."""

    code = "token_expired"
    public_message = "The access token has expired."


class TokenRevoked(TokenError):
    """The access ended before the token expires: its user signed out, or was locked out."""


class TokenNotYetValid(TokenError):
    """``nbf`` or ``iat`` is in the future by more than the leeway."""


class KeysUnavailable(CognitoAuthError):
    """The pool's key set cannot be had now, so that nothing can be verified; no word on the token."""

    actor = Actor.SERVICE
    retry = Retry.BACKOFF
    code = "keys_unavailable"
    http_status = 503
    public_message = "The sign-in service cannot be reached. Try again in a moment."
    retry_after = 5.0
