"""SECRET_HASH: how an app client with a secret proves that it has it.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode


def secret_hash(username: str, client_id: str, client_secret: str) -> str:
    """Base64 of HMAC-SHA-256, keyed by the client secret, over the user name followed by the client id.

    Which user name goes in is the rule that `cognito_auth.completion` holds.
    """
    message = (username + client_id).encode()
    return b64encode(hmac.digest(client_secret.encode(), message, hashlib.sha256)).decode()
