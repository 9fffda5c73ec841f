"""A process of its own that answers one challenge: it knows nothing but what the application's configuration says.

Reads from standard input a JSON object with ``config``, a mapping for `CognitoAuth.from_mapping`, and the ``body`` of a request
to ``challenge``; prints the reply.
"""

from __future__ import annotations

import json
import sys

from cognito_auth.client import CognitoClient
from cognito_auth.config import Settings
from cognito_auth.web import ROUTES, Request, WebAuth, WebOptions


def main() -> None:
    """Answer the challenge."""
    asked = json.load(sys.stdin)
    settings = Settings.from_mapping(asked["config"])
    auth = WebAuth(settings, WebOptions.from_mapping(asked["config"]))
    route = next(route for route in ROUTES if route.name == "challenge")
    headers = (("Content-Type", "application/json"), ("Host", "app.example.com"))
    request = Request(method="POST", scheme="https", headers=headers, body=json.dumps(asked["body"]).encode())
    with CognitoClient(settings) as client:
        reply = client.run(auth.handle(route, request))
    print(json.dumps({"status": reply.status, "document": reply.document, "cookies": len(reply.cookies)}))


if __name__ == "__main__":
    main()
