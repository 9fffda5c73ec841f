"""A pool as a relying party of WebAuthn: its id, and the origins it trusts.

Source: https://www.w3.org/TR/webauthn-3/#relying-party-identifier
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ..base.context import Context
from ..store.records import Pool
from ..store.tables import DOMAINS
from ..users.factors import is_multi_factor

_LOCALHOST: Final = "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Whom a pool's passkeys belong to."""

    id: str
    verifies_user: bool
    """Whether the authenticator has to verify the person, by a PIN or a fingerprint."""

    def allows(self, origin: object) -> bool:
        """Whether a page of this origin may use the passkeys: one of the id's domain, over HTTPS or on this machine."""
        try:
            parts = urlsplit(origin if isinstance(origin, str) else "")
            plain = f"{parts.scheme}://{parts.netloc}" == origin and parts.port != 0
        except ValueError:
            return False
        host = parts.hostname or ""
        if not plain or "@" in parts.netloc:
            return False
        if parts.scheme == "http":
            return host == self.id == _LOCALHOST
        return parts.scheme == "https" and (host == self.id or host.endswith(f".{self.id}"))


def relying_party(context: Context, pool: Pool) -> RelyingParty | None:
    """The pool's relying party: as it is configured, otherwise its custom domain, otherwise that of its prefix."""
    configured = pool.web_authn
    own = (configured and configured.relying_party_id) or _domain(context, pool)
    if own is None:
        return None
    required = configured is not None and configured.user_verification == "required"
    return RelyingParty(id=own, verifies_user=required or is_multi_factor(configured))


def _domain(context: Context, pool: Pool) -> str | None:
    domains = sorted(context.records.find(DOMAINS, pool_id=pool.id), key=lambda each: not each.custom)
    if not domains:
        return None
    first = domains[0]
    return first.domain if first.custom else f"{first.domain}.auth.{context.region}.amazoncognito.com"
