"""The diagrams of the pages about flows: to each page its part of the state machine's table.

Which part that is, is data: the moves that a flow opens with, or the states in which it is entered in the middle of a sign-in,
and the states whose moves are drawn too once they are reached. What another page tells is drawn as a state without its moves;
states that another page tells together are one box.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from cognito_auth.states import (
    AdminPassword,
    ByChoice,
    ByCustomChallenge,
    ChooseAgain,
    Confirmed,
    CustomChallenge,
    DevicePasswordVerifier,
    DeviceSrpAuth,
    EmailOtp,
    Event,
    ForgottenPassword,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    PasswordChallenge,
    PasswordSrpChallenge,
    PasswordVerifier,
    PlainPassword,
    Refresh,
    Registration,
    ResendCode,
    ResetCodeSent,
    SelectChallenge,
    SelectMfaType,
    SignedIn,
    SignedOut,
    SignOut,
    SignOutEverywhere,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    SoftwareTokenPending,
    SoftwareTokenVerified,
    SrpPassword,
    State,
    Unconfirmed,
    WebAuthn,
)
from cognito_auth.transitions import AFTER_PASSWORD, AUTOMATIC, FIRST_FACTOR, MOVES

Row: TypeAlias = tuple[type[State], type[Event]]
States: TypeAlias = tuple[type[State], ...]
Arrows: TypeAlias = dict[tuple[str, str], list[str]]
"""From where to where, and along which events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a page draws."""

    opens: tuple[Row, ...] = ()
    """The moves that the flow begins with."""
    enters: States = ()
    """The states that it is entered in, whichever move led there."""
    walks: States = ()
    """Further states whose moves are drawn."""
    without: tuple[type[Event], ...] = ()
    """What those states take on another page only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """States that stand together: one box, but for the page that tells them apart."""

    title: str
    states: States
    page: str


SECOND_FACTOR: Final[States] = (SoftwareTokenMfa, SmsMfa, EmailOtp, SelectMfaType, MfaSetup)

PARTS: Final[Mapping[str, Part]] = {
    "user_srp_auth": Part(opens=((SignedOut, SrpPassword),), walks=(PasswordVerifier,)),
    "user_password_auth": Part(opens=((SignedOut, PlainPassword),)),
    "user_auth": Part(
        opens=((SignedOut, ByChoice),),
        walks=(SelectChallenge, PasswordChallenge, PasswordSrpChallenge, PasswordVerifier, EmailOtp, SmsOtp),
    ),
    "passkeys": Part(enters=(WebAuthn,)),
    "custom_auth": Part(opens=((SignedOut, ByCustomChallenge),), walks=(PasswordVerifier, CustomChallenge)),
    "admin_user_password_auth": Part(opens=((SignedOut, AdminPassword),)),
    "new_password": Part(enters=(NewPasswordRequired,)),
    "second_factors": Part(
        enters=SECOND_FACTOR, walks=(SoftwareTokenPending, SoftwareTokenVerified), without=(ResendCode, ChooseAgain)
    ),
    "devices": Part(enters=(DeviceSrpAuth,), walks=(DevicePasswordVerifier,)),
    "refresh": Part(opens=((SignedIn, Refresh),)),
    "sign_out": Part(opens=((SignedIn, SignOut), (SignedIn, SignOutEverywhere))),
    "sign_up": Part(opens=((SignedOut, Registration),), walks=(Unconfirmed, Confirmed)),
    "forgotten_password": Part(opens=((SignedOut, ForgottenPassword),), walks=(ResetCodeSent,)),
}
"""Each page's part."""

GROUPS: Final[Mapping[str, Group]] = {
    "FirstFactor": Group(title="a first factor", states=FIRST_FACTOR, page="user_auth"),
    "SecondFactor": Group(title="a second factor", states=SECOND_FACTOR, page="second_factors"),
}
HOMES: Final[Mapping[type[State], str]] = {
    NewPasswordRequired: "new_password",
    DeviceSrpAuth: "devices",
    WebAuthn: "passkeys",
    CustomChallenge: "custom_auth",
}
"""The pages of states that are drawn without their moves elsewhere."""
LEFT_OUT: Final[States] = (OtherChallenge, CustomChallenge)
"""What the table allows after nearly every answer; only its own page draws it."""

BEGIN: Final = "<!-- Made by scripts/diagram from cognito_auth/transitions.py -->"
END: Final = "<!-- End of what scripts/diagram makes -->"
_PLACE: Final = re.compile(f"^{re.escape(BEGIN)}\n.*?^{re.escape(END)}$", re.DOTALL | re.MULTILINE)


def with_diagram(name: str, text: str) -> str:
    """The page ``name``, whose text this is, with its diagram made anew. Raises `ValueError` where it has no place for it."""
    made = f"{BEGIN}\n```mermaid\n{diagram(name)}```\n\n{_legend(name)}{END}"
    written, places = _PLACE.subn(lambda _: made, text)
    if places != 1:
        raise ValueError(f"{name} has {places} places for its diagram, between {BEGIN} and {END}")
    return written


def rows(part: Part) -> tuple[Row, ...]:
    """The moves that are drawn, found from where the part begins. Raises `ValueError` for a state that it does not reach."""
    found = dict.fromkeys(part.opens)
    walked, waiting = set[type[State]](), [*part.enters, *(target for row in part.opens for target in MOVES[row].to)]
    for state in waiting:  # which grows on the way
        if state in (*part.enters, *part.walks) and state not in walked:
            walked.add(state)
            taken = [row for row in MOVES if row[0] is state and row[1] not in part.without]
            found.update(dict.fromkeys(taken))
            waiting += (target for row in taken for target in MOVES[row].to)
    missed = {*part.enters, *part.walks} - walked
    if missed:
        raise ValueError(f"nothing leads to {', '.join(state.__name__ for state in missed)}")
    return tuple(found)


def diagram(name: str) -> str:
    """The part of the page ``name`` as a Mermaid state diagram."""
    arrows = _arrows(name)
    drawn = dict.fromkeys(node for arrow in arrows for node in arrow)
    lines = [*_declared(name, drawn), *map(_line, arrows.items()), *_styled(drawn)]
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in lines)]) + "\n"


def _arrows(name: str) -> Arrows:
    part, junctions = PARTS[name], _junctions(name)
    arrows: Arrows = {("[*]", state.__name__): [] for state in part.enters}
    for row in rows(part):
        for node in _nodes(name, MOVES[row].to, junctions):
            arrows.setdefault((row[0].__name__, node), []).append(row[1].__name__)
    for junction, states in junctions.items():
        arrows |= {(junction, node): [] for node in _nodes(name, states)}
    # What another page tells ends here all the same.
    return arrows | {(node, SignedIn.__name__): [] for node in _elsewhere(name, {target for _, target in arrows})}


def _nodes(name: str, states: States, junctions: Mapping[str, States] = MappingProxyType({})) -> Iterator[str]:
    """What is drawn of these states: a junction or box for those that stand together, the others by themselves."""
    wanted, covered = _shown(name, states), set[type[State]]()
    for title, members in {**junctions, **_boxes(name)}.items():
        if set(members) <= set(wanted) and not set(members) <= covered:
            covered.update(members)
            yield title
    yield from (state.__name__ for state in wanted if state not in covered)


def _shown(name: str, states: States) -> States:
    return tuple(state for state in states if state not in LEFT_OUT or HOMES.get(state) == name)


def _boxes(name: str) -> Mapping[str, States]:
    return {title: group.states for title, group in GROUPS.items() if group.page != name}


def _junctions(name: str) -> Mapping[str, States]:
    """States to which several of the page's moves lead alike, so that their arrows can run together."""
    own = {title: group.states for title, group in GROUPS.items() if group.page == name}
    candidates = {"AfterPassword": _shown(name, AFTER_PASSWORD), **own}
    reached = [set(MOVES[row].to) for row in rows(PARTS[name])]
    return {title: states for title, states in candidates.items() if sum(set(states) <= targets for targets in reached) > 1}


def _elsewhere(name: str, drawn: Collection[str]) -> Mapping[str, str]:
    """What is drawn and told on another page, and on which."""
    own = (*PARTS[name].enters, *PARTS[name].walks)
    singles = {state.__name__: page for state, page in HOMES.items() if state not in own}
    homes = {**{title: GROUPS[title].page for title in _boxes(name)}, **singles}
    return {node: page for node, page in homes.items() if node in drawn}


def _declared(name: str, drawn: Collection[str]) -> Iterator[str]:
    yield from (f"state {title} <<choice>>" for title in _junctions(name))
    for title, states in _boxes(name).items():
        if title in drawn:
            yield from (f"{title}: {line}" for line in (GROUPS[title].title, *(state.__name__ for state in states)))


def _line(arrow: tuple[tuple[str, str], list[str]]) -> str:
    (origin, target), events = arrow
    return f"{origin} --> {target}{': ' if events else ''}{', '.join(events)}"


def _styled(drawn: Collection[str]) -> Iterator[str]:
    automatic = [state.__name__ for state in AUTOMATIC if state.__name__ in drawn]
    if automatic:
        yield "classDef automatic font-style:italic"
        yield f"class {','.join(automatic)} automatic"


def _legend(name: str) -> str:
    """Where the rest is told."""
    elsewhere = _elsewhere(name, {target for _, target in _arrows(name)})
    names = {node: GROUPS[node].title if node in GROUPS else f"`{node}`" for node in elsewhere}
    told = ", ".join(f"[{names[node]}]({page}.md)" for node, page in elsewhere.items())
    return f"Told elsewhere: {told}.\n" if told else ""
