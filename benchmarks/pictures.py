"""Draws curves as pictures for the docs: SVG, the same bytes for the same figures."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

from .peers import peer
from .reports import Curve

_SIZE: Final = (6.4, 3.2)
"""Inches."""
_STYLE: Final = {"svg.hashsalt": "cognito-auth", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}


def draw(curve: Curve, folder: Path) -> Path:
    """Draw a curve into ``folder``; gives the picture's path. Raises `Missing` without matplotlib."""
    matplotlib = peer("matplotlib", "matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update(_STYLE)
    plot = peer("matplotlib.pyplot", "matplotlib")
    figure, axes = plot.subplots(figsize=_SIZE, layout="constrained")
    for line in curve.lines:
        axes.plot(*zip(*line.points, strict=True), marker="o", markersize=3, label=line.name)
    _label(axes, curve)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{curve.name}.svg"
    figure.savefig(path, metadata={"Date": None})
    plot.close(figure)
    return path


def _label(axes: Any, curve: Curve) -> None:
    xs = sorted({x for line in curve.lines for x, _ in line.points})
    ticks = xs
    if xs[-1] > 20 * xs[0]:
        axes.set_xscale("log")
        ticks = [x for x in xs if math.log10(x).is_integer()]
    axes.set_xticks(ticks, [f"{x:,.0f}" for x in ticks])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel(curve.x)
    axes.set_ylabel(curve.y)
    axes.grid(visible=True, alpha=0.3)
    if len(curve.lines) > 1:
        axes.legend(frameon=False)
