"""Makes the tables and pictures of the docs from what the benchmarks found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from .measuring import Figure, Table
from .pictures import draw
from .reports import Curve, Grid, Report

DOCS: Final = Path("docs")
PAGE: Final = DOCS / "benchmarks.md"
PICTURES: Final = DOCS / "pictures"

_REASONS: Final = "performance.md#targets-that-are-missed"

_INTRODUCTION: Final = """\
# Benchmarks

`scripts/bench --write` made this page. What stands in one table was measured side by side in one run, on a machine with two
virtual cores of a server that others use too, and {machine}.
Repeat it with the same command; `scripts/bench NAME` runs one benchmark, `--effort 0.1` all of them in a tenth of the rounds,
and the figures lie in `build/benchmarks` as JSON.

Every candidate took its turn in every round. A ratio is the median of all rounds, with the tenth and the ninetieth of a hundred
behind it. Only ratios mean anything; the other figures are this machine's. *Cost* is the share of what the first row takes:
less is better. *Throughput* is how much of the first row's work is done in the same time: more is better. What each figure
buys, and why a target that is missed is missed, is told in [performance.md](performance.md).
"""


def write(reports: Sequence[Report], machine: dict[str, str]) -> None:
    """Write the page and its pictures."""
    named = ", ".join(f"{name} {version}" for name, version in machine.items())
    lines = [_INTRODUCTION.format(machine=named)]
    for report in reports:
        for table in report.tables:
            lines += [f"## {table.title}", "", *_table(table), ""]
        for grid in report.grids:
            lines += [f"## {grid.title}", "", *_grid(grid), ""]
        for curve in report.curves:
            lines += [f"## {curve.title}", "", *_curve(curve), ""]
        if report.skipped:
            lines += [f"Left out: {'; '.join(report.skipped)}.", ""]
    PAGE.write_text("\n".join(lines).rstrip() + "\n")


def _table(table: Table) -> Iterator[str]:
    targets = any(figure.target for figure in table.figures)
    yield f"| | {table.compared.value} | p10 to p90 | {table.unit} |" + (" target | |" if targets else "")
    yield "| --- | ---: | ---: | ---: |" + (" ---: | --- |" if targets else "")
    for figure in table.figures:
        ratio = figure.ratio
        row = f"| {figure.name} | {ratio.middle:.3f} | {ratio.low:.3f} to {ratio.high:.3f} | {figure.took:.2f} |"
        yield row + (f" {figure.target or ''} | {_verdict(figure)} |" if targets else "")
    for note in table.notes:
        yield from ("", note)


def _verdict(figure: Figure) -> str:
    """The figure's verdict, which leads to the reasons where they are wanted."""
    missed = figure.target is not None and not figure.target.is_met(figure.ratio.middle)
    return f"[{figure.verdict}]({_REASONS})" if missed else figure.verdict


def _grid(grid: Grid) -> Iterator[str]:
    yield "| | " + " | ".join(grid.columns) + " |"
    yield "| --- |" + " ---: |" * len(grid.columns)
    for row in grid.rows:
        yield "| " + " | ".join(row) + " |"
    for note in grid.notes:
        yield from ("", note)


def _curve(curve: Curve) -> Iterator[str]:
    picture = draw(curve, PICTURES)
    yield f"![{curve.title}]({picture.relative_to(DOCS)})"
    yield from ("", curve.sentence)
