"""The service's own model, as botocore ships it."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session


@cache
def service_model() -> Any:
    """botocore's ``ServiceModel`` of ``cognito-idp``, in its newest version."""
    made: Any = botocore.session
    return made.get_session().get_service_model("cognito-idp")
