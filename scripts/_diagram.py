"""The page about the state machine, made from its table."""

from __future__ import annotations

from cognito_auth.transitions import AUTOMATIC, MOVES

_HEAD = """# The state machine

Made by `scripts/diagram` from `cognito_auth/transitions.py`; a test holds this page against the table.

A state is a frozen value, an event moves it on, and a pair that the table does not have is an error that sends nothing.
States in *italics* are left by the library itself, without anybody being asked. A sign-in that AdminInitiateAuth began is
answered by AdminRespondToAuthChallenge in place of RespondToAuthChallenge. [flows/](flows/README.md) tells it flow by flow.

## Sending a code again, choosing again

Cognito has no operation that sends a challenge's code again or takes a choice back. What it allows is to begin the sign-in
again, and `ResendCode` and `ChooseAgain` do that by the user's name alone:

- In `USER_AUTH`, as long as no password was given: `ResendCode` prefers the same way again, `ChooseAgain` none.
- In `CUSTOM_AUTH` without a password first, `ResendCode` has the triggers pose their challenge anew.
- After a password, the sign-in is to be begun again with the password, which no state keeps. So `SmsMfa`, and `EmailOtp` as the
  second factor, take no such wish, and a choice in `SelectMfaType` is final: the events are refused, and nothing is sent.

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
    """The moves as a Mermaid state diagram: one arrow for each pair of states, with all events that lead along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), move in MOVES.items():
        for target in move.to:
            arrows.setdefault((state.__name__, target.__name__), []).append(event.__name__)
    lines = [f"    {origin} --> {target}: {', '.join(events)}" for (origin, target), events in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"
