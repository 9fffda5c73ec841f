"""Every journey against a real server, by boto3 and by our client."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from .conftest import DRIVERS
from .lacks import POOL_LACKS
from .registry import JOURNEYS, carry_out
from .world import World


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("name", JOURNEYS)
def test_journeys(worlds: Mapping[str, World], name: str, driver: str) -> None:
    carry_out(name, worlds[driver], differs=POOL_LACKS.get(name))
