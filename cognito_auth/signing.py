"""AWS Signature Version 4 for the administrator's operations, through botocore (the extra ``admin``).

botocore is imported when the first signed operation is sent. Credentials come from the caller or from AWS's usual chain
(environment, profile, container, instance), which botocore also renews.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from .config import Settings
from .effects import HttpRequest
from .errors import ConfigurationError, MissingExtra
from .secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCredentials:
    """Credentials that sign requests, in place of AWS's chain."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None = field(default=None)


class Signer:
    """Signs requests for the region of the settings; safe to use from several threads."""

    def __init__(self, settings: Settings, credentials: AwsCredentials | None = None) -> None:
        self._region = settings.region
        self._given = credentials
        self._credentials: Any = None

    def sign(self, request: HttpRequest) -> HttpRequest:
        """The request with ``Authorization`` and the headers that go with it. May block: AWS's chain asks the machine's
        metadata service. Raises `MissingExtra` without botocore, `ConfigurationError` when there are no credentials."""
        auth, awsrequest = _botocore("auth"), _botocore("awsrequest")
        if self._credentials is None:
            self._credentials = self._find_credentials()
        unsigned = awsrequest.AWSRequest(
            method=request.method, url=request.url, data=request.body, headers=dict(request.headers)
        )
        auth.SigV4Auth(self._credentials, "cognito-idp", self._region).add_auth(unsigned)
        return replace(request, headers=dict(unsigned.headers.items()))

    def _find_credentials(self) -> Any:
        if self._given is not None:
            token = self._given.session_token
            secret = self._given.secret_access_key.reveal()
            found = _botocore("credentials").Credentials(self._given.access_key_id, secret, token.reveal() if token else None)
        else:
            found = _botocore("session").get_session().get_credentials()
        if found is None:
            raise ConfigurationError("the administrator's operations need AWS credentials, and none were found")
        return found


def _botocore(module: str) -> Any:
    try:
        return import_module(f"botocore.{module}")
    except ImportError as error:
        raise MissingExtra("Signing the administrator's operations", "admin") from error
