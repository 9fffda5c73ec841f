"""The estimate in the docs is what its constants and assumptions come to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from benchmarks.estimate import Assumed, Measured, Quotas, at_peak, cores, rows, table

PAGE: Final = Path(__file__).parents[2] / "docs" / "capacity.md"


def test_the_page_has_the_table() -> None:
    _, _, rest = PAGE.read_text().partition("<!-- made by: python -m benchmarks.estimate -->\n")
    assert rest.partition("\n<!-- end -->")[0] == table()


def test_rates_and_cores() -> None:
    assert at_peak(86_400, 10, Assumed(peak=2)) == 20
    assert cores(1_000, 500) == 0.5


@pytest.mark.parametrize(
    ("name", "change", "times"),
    [
        ("guarded requests a second", {"requests": 200}, 2),
        ("sign-ins a second", {"sign_ins": 0.3}, 3),
        ("refreshes a second", {"peak": 8}, 2),
        ("Redis, sessions on the server: GB", {"devices": 3}, 2),
    ],
)
def test_more_of_it_costs_more(name: str, change: dict[str, float], times: float) -> None:
    def cell(assumed: Assumed) -> float:
        found = {row.name: row.cells[0] for row in rows((1e9,), Measured(), assumed, Quotas())}
        return float(found[name].replace(",", ""))

    assert cell(replace(Assumed(), **change)) == pytest.approx(times * cell(Assumed()), rel=0.01)
