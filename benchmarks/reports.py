"""What a benchmark found, as it is printed, written down as JSON, and read again for the pages of the docs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from .measuring import Compared, Figure, Spread, Table, Target

_NAME_WIDTH: Final = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of words or plain numbers, such as who refuses what."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Each with its name first."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a curve."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How a cost changes as something grows."""

    name: str
    """Also the name of the picture's file."""
    title: str
    x: str
    """What grows; drawn on a logarithmic axis."""
    y: str
    lines: tuple[Line, ...]
    sentence: str
    """What bends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one benchmark found."""

    name: str
    tables: tuple[Table, ...] = ()
    grids: tuple[Grid, ...] = ()
    curves: tuple[Curve, ...] = ()
    skipped: tuple[str, ...] = ()
    """Who was not there, and why."""

    def to_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Report:
        """The report that was written down."""
        return cls(
            name=data["name"],
            tables=tuple(_table(each) for each in data["tables"]),
            grids=tuple(
                Grid(
                    title=each["title"],
                    columns=tuple(each["columns"]),
                    rows=tuple(map(tuple, each["rows"])),
                    notes=tuple(each["notes"]),
                )
                for each in data["grids"]
            ),
            curves=tuple(_curve(each) for each in data["curves"]),
            skipped=tuple(data["skipped"]),
        )


def _table(data: dict[str, Any]) -> Table:
    return Table(
        title=data["title"],
        compared=Compared(data["compared"]),
        unit=data["unit"],
        figures=tuple(_figure(each) for each in data["figures"]),
        notes=tuple(data["notes"]),
    )


def _figure(data: dict[str, Any]) -> Figure:
    target = Target(**data["target"]) if data["target"] else None
    return Figure(data["name"], Spread(**data["ratio"]), data["took"], target, data["note"])


def _curve(data: dict[str, Any]) -> Curve:
    lines = tuple(Line(name=line["name"], points=tuple((x, y) for x, y in line["points"])) for line in data["lines"])
    fields: dict[str, Any] = {**data, "lines": lines}
    return Curve(**fields)


def show(report: Report) -> None:
    """Print a report."""
    for line in _lines(report):
        print(line)


def _lines(report: Report) -> Iterator[str]:
    for table in report.tables:
        column = "more" if table.compared is Compared.DIFFERENCE else "ratio"
        yield f"\n{table.title} ({column}: {table.compared.value})"
        yield f"{'':{_NAME_WIDTH}}{column:>8}{'p10 - p90':>18}{table.unit:>12}{'target':>10}"
        for figure in table.figures:
            ratio = figure.ratio
            spread = f"{ratio.low:.3f} - {ratio.high:.3f}"
            target = f"{figure.target or ''!s:>10}  {figure.verdict}" if figure.target else ""
            yield f"{figure.name:{_NAME_WIDTH}}{ratio.middle:8.3f}{spread:>18}{figure.took:12.2f}{target}"
        yield from table.notes
    for grid in report.grids:
        yield f"\n{grid.title}"
        width = max(len(cell) for row in (grid.columns, *(row[1:] for row in grid.rows)) for cell in row) + 2
        yield f"{'':{_NAME_WIDTH}}" + "".join(f"{column:>{width}}" for column in grid.columns)
        for name, *cells in grid.rows:
            yield f"{name:{_NAME_WIDTH}}" + "".join(f"{cell:>{width}}" for cell in cells)
        yield from grid.notes
    for curve in report.curves:
        yield f"\n{curve.title}"
        for line in curve.lines:
            yield f"{line.name:{_NAME_WIDTH}}" + "  ".join(f"{x:g}: {y:.4g}" for x, y in line.points)
    for word in report.skipped:
        yield f"skipped: {word}"


def main(run: Callable[[float], Report], description: str | None) -> None:
    """A benchmark as a program: print what it finds, and write it down where that is asked for."""
    parser = argparse.ArgumentParser(description=description and description.partition("\n")[0])
    parser.add_argument("--effort", type=float, default=1.0, help="how many rounds, as a multiple (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    given = parser.parse_args()
    report = run(given.effort)
    show(report)
    if given.json is not None:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(report.to_json(), indent=1) + "\n")
