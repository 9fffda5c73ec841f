"""The whole check of one token against one key set, in order: synchronous and pure.

Form, header, key and signature come first, and nothing of the payload is read before they are right. Then ``iss``,
``token_use``, ``client_id`` or ``aud``, and the ``aud`` that an access token may have besides; then the types of all claims;
last the times. A token that went through all of it is remembered, and at every further use only its times are checked.

Rules: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
and RFC 8725. Times: RFC 7519, sections 4.1.4 to 4.1.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from ..errors import (
    AudienceMismatch,
    ClientMismatch,
    IssuerMismatch,
    SignatureInvalid,
    TokenError,
    TokenExpired,
    TokenNotYetValid,
    TokenTooLarge,
    TokenUseMismatch,
)
from . import jws
from .claims import VerifiedToken, make
from .trust import KeyWanted, Proven, Trust

V = TypeVar("V", bound=VerifiedToken)

_NAMES: Final[Mapping[object, str]] = {"access": "an access token", "id": "an ID token"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a token must say. Nothing here can be left out, so that no check is skipped by omission."""

    issuers: frozenset[str]
    client_ids: frozenset[str]
    audiences: frozenset[str]
    """What ``aud`` may be, where it is there: the app clients, and the resource servers that this service is."""
    leeway: float
    """Seconds by which the clocks may differ."""
    max_token_bytes: int

    def check(self, kind: type[V], token: str, now: float, trust: Trust) -> V:
        """The typed token. ``now`` is in seconds since the epoch. Raises a `TokenError`, or `KeyWanted`."""
        if len(token) > self.max_token_bytes:
            raise TokenTooLarge(f"the token is {len(token)} characters long; at most {self.max_token_bytes} are read")
        proven = trust.recall(kind, token, now)
        if proven is None:
            proven = self._prove(kind, token, trust)
            if not proven[1] <= now < proven[2]:
                raise _untimely(proven[0], now, self.leeway)
            trust.remember(proven)
        return proven[0]

    def _prove(self, kind: type[V], token: str, trust: Trust) -> Proven[V]:
        header, signing_input, payload, signature = jws.parse(token)
        try:
            trust.check_signature(header, signing_input, signature)
        except (KeyWanted, SignatureInvalid):
            jws.require_encoded(payload, signature)  # what is wrong in itself is told so, and has no keys fetched
            raise
        claims = jws.claims(payload)
        issuer, use, client = claims.get("iss"), claims.get("token_use"), claims.get(kind.CLIENT_CLAIM)
        if type(issuer) is not str or issuer not in self.issuers:
            raise IssuerMismatch(f"iss is {jws.shown(issuer)}, but must be {_choice(self.issuers)}")
        if use != kind.USE:
            raise TokenUseMismatch(_wrong_use(use, kind))
        if type(client) is not str or client not in self.client_ids:
            raise ClientMismatch(f"{kind.CLIENT_CLAIM} is {jws.shown(client)}, but must be {_choice(self.client_ids)}")
        # Who does not find themselves in aud must refuse the token (RFC 7519, section 4.1.3).
        audience = claims.get("aud", client)
        if type(audience) is not str or audience not in self.audiences:
            raise AudienceMismatch(f"aud is {jws.shown(audience)}, but must be {_choice(self.audiences)}")
        verified = make(kind, token, claims)
        start = max(claims["iat"], claims.get("nbf", claims["iat"]))
        return verified, start - self.leeway, claims["exp"] + self.leeway


def _untimely(token: VerifiedToken, now: float, leeway: float) -> TokenError:
    if not now < token.expires_at + leeway:
        return TokenExpired(f"exp is {now - token.expires_at:.0f} s ago, with {leeway:g} s of leeway")
    name, start = ("iat", token.issued_at)
    if token.not_before is not None and token.not_before > start:
        name, start = ("nbf", token.not_before)
    return TokenNotYetValid(f"{name} is {start - now:.0f} s ahead, with {leeway:g} s of leeway")


def _wrong_use(use: object, kind: type[VerifiedToken]) -> str:
    wanted = _NAMES[kind.USE]
    if isinstance(use, str) and use in _NAMES:
        return f"this is {_NAMES[use]}; {wanted} is wanted here"
    return f"token_use is {jws.shown(use)}, but must be {kind.USE!r}: {wanted} is wanted here"


def _choice(accepted: frozenset[str]) -> str:
    return " or ".join(sorted(repr(value) for value in accepted))
