"""The OpenID Connect discovery document of a pool (OpenID Connect Discovery 1.0, section 3)."""

from __future__ import annotations

from typing import Any


def discovery_document(issuer: str) -> dict[str, Any]:
    """What a pool publishes. It has no endpoints for authorization, whether it has a domain or not."""
    return {
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
