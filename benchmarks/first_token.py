"""A process that verifies one token: ``python benchmarks/first_token.py KEY_SET_FILE TOKEN_FILE POOL_ID CLIENT_ID``.

By the least that a driver can do, so that no HTTP client is measured; the key set is read from its file when the verifier asks
for it. Imports nothing of its own folder, which would cost time that an application does not spend.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from cognito_auth import Settings, TokenVerifier
from cognito_auth.effects import FetchKeySet, Flow, Monotonic, Now, RandomBytes, Share


def run(flow: Flow[Any], key_set: Path) -> Any:
    """What comes of a flow."""
    answer: Any = None
    while True:
        try:
            effect = flow.send(answer)
        except StopIteration as done:
            return done.value
        match effect:
            case Now():
                answer = time.time()
            case Monotonic():
                answer = time.monotonic()
            case RandomBytes(size):
                answer = os.urandom(size)
            case FetchKeySet():
                answer = key_set.read_bytes()
            case Share(_, shared):
                answer = run(shared(), key_set)
            case _:
                raise NotImplementedError(effect)


def main(key_set: Path, token: Path, pool: str, client: str) -> None:
    """Verify it."""
    verifier = TokenVerifier.for_settings(Settings(user_pool_id=pool, client_id=client))
    run(verifier.access_token(token.read_text()), key_set)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
