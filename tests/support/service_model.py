"""The service's own model, as botocore ships it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session


@cache
def service_model() -> Any:
    """botocore's ``ServiceModel`` of ``cognito-idp``, in its newest version."""
    made: Any = botocore.session
    return made.get_session().get_service_model("cognito-idp")


@cache
def paginators() -> Mapping[str, Mapping[str, str]]:
    """botocore's list of the operations that answer in pages, with the members that these are made of."""
    made: Any = botocore.session
    loader = made.get_session().get_component("data_loader")
    known: Mapping[str, Mapping[str, str]] = loader.load_service_model("cognito-idp", "paginators-1")["pagination"]
    return known
