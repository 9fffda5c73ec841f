"""Nothing secret may be said by tests (`tests.support.leaks`).

How hypothesis runs: with no deadline for an example, whose time says how busy the machine is and nothing else, and in
continuous integration with the same examples each time, so that a change is judged by itself; elsewhere it goes on looking."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import settings

pytest_plugins: Final = ("tests.support.leaks",)

settings.register_profile("cognito-auth", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("cognito-auth")
