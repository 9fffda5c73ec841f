"""Everything that a program can do, by the names of the endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cognito_auth.config import Settings
from cognito_auth.tokens import TokenVerifier

from .account_by_flows import ACCOUNT
from .drivers import Make
from .program import Deed, Program
from .sign_in_by_flows import SIGN_IN
from .world import World

DEEDS: Final[Mapping[str, Deed]] = {**SIGN_IN, **ACCOUNT}


def program(world: World, settings: Settings, make: Make) -> Program:
    """Somebody new, at a program that reaches the pool by the drivers that ``make`` gives."""
    verifier = TokenVerifier.for_settings(settings)
    return Program(world=world, settings=settings, username=world.name(), make=make, verifier=verifier, deeds=DEEDS)
