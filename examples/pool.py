"""The examples' settings: the environment's or, where it names no user pool, those of one that runs inside this process."""

from __future__ import annotations

import os
import secrets
import threading


def settings() -> dict[str, str]:
    """``COGNITO_USER_POOL_ID``, ``COGNITO_CLIENT_ID``, ``COGNITO_AUTH_SECRET`` and whatever else begins with ``COGNITO_``.

    An application of your own needs none of this: give `CognitoAuth` your ``os.environ`` or your configuration.
    """
    given = {name: value for name, value in os.environ.items() if name.startswith("COGNITO_")}
    return given if "COGNITO_USER_POOL_ID" in given else _embedded_pool()


def _embedded_pool() -> dict[str, str]:
    """Start the embedded user pool, which keeps everything in memory and ends with the process."""
    import uvicorn

    from cognito_auth.local import LocalCognito
    from cognito_auth.local.http.asgi import Application
    from cognito_auth.local.http.server import listen

    listener = listen()
    cognito = LocalCognito(endpoint=listener.endpoint)
    server = uvicorn.Server(uvicorn.Config(Application(cognito, gate=listener.gate), lifespan="off", log_config=None))
    threading.Thread(target=server.run, args=([listener.socket],), daemon=True).start()
    pool = cognito.first_pool()
    print(f"A user pool runs in this process. The codes that it sends are at {listener.endpoint}/_local/", flush=True)
    return {
        "COGNITO_ENDPOINT": listener.endpoint,
        "COGNITO_USER_POOL_ID": pool.user_pool_id,
        "COGNITO_CLIENT_ID": pool.client_id,
        "COGNITO_AUTH_FLOWS": "USER_SRP_AUTH,USER_AUTH",  # a password is proved by SRP; passkeys are for those who choose
        "COGNITO_AUTH_SECRET": secrets.token_urlsafe(32),
    }
