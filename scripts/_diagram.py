"""The page about the state machine, made from its table."""

from __future__ import annotations

from cognito_auth.transitions import AUTOMATIC, MOVES

_HEAD = """# The state machine

Made by `scripts/diagram` from `cognito_auth/transitions.py`; a test holds this page against the table.

A state is a frozen value, an event moves it on, and a pair that the table does not have is an error that sends nothing.
States in *italics* are left by the library itself, without anybody being asked.

"""


def page() -> str:
    """The whole page in Markdown."""
    return f"{_HEAD}{table()}\n## Diagram\n\n```mermaid\n{diagram()}```\n"


def table() -> str:
    """One row for each move, in the order of the code."""
    rows = ["| state | event | operation | leads to |", "| --- | --- | --- | --- |"]
    for (state, event), move in MOVES.items():
        name = f"*{state.__name__}*" if state in AUTOMATIC else state.__name__
        reached = ", ".join(f"`{target.__name__}`" for target in move.to)
        rows.append(f"| {name} | `{event.__name__}` | {move.operation.__name__} | {reached} |")
    return "\n".join(rows) + "\n"


def diagram() -> str:
    """The moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    for (state, event), move in MOVES.items():
        lines += [f"    {state.__name__} --> {target.__name__}: {event.__name__}" for target in move.to]
    return "\n".join(lines) + "\n"
