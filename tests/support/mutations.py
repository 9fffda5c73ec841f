"""Tokens that are changed by chance, from a member of their claims down to a byte, most of them signed again.

For those who compare our judgement with somebody else's, whose clocks are the machine's: times are hours away from the present
or well in the past, so that no token changes sides while a test run lasts.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final, TypeAlias, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .tokens import CLIENT_ID, ISSUER, NEW_ISSUER, access_claims, base64url, compact, header, id_claims, signed, signed_parts

T = TypeVar("T")
Edit: TypeAlias = tuple[float, str, bytes]
"""Where, relative to the length; how; and with which bytes."""

START: Final = int(time.time())
TIMES: Final = {"iat": START - 60, "auth_time": START - 60, "exp": START + 24 * 3600}
LEEWAY: Final = 30
KINDS: Final[Mapping[str, dict[str, Any]]] = {"access": access_claims(**TIMES), "id": id_claims(**TIMES)}
"""The claims of a good token of each kind."""

kinds: Final = st.sampled_from(sorted(KINDS))
offsets: Final = st.integers(-7200, -60) | st.integers(3 * 3600, 9 * 3600)
times: Final = offsets.map(lambda offset: START + offset) | offsets.map(lambda offset: START + offset + 0.5)
texts: Final = st.text(max_size=8) | st.sampled_from(
    [ISSUER, NEW_ISSUER, CLIENT_ID, "access", "id", "RS256", "none", "HS256", "JWT"]
)
scalars: Final = st.none() | st.booleans() | st.integers() | st.floats() | texts | times
values: Final = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
)
claim_names: Final = st.sampled_from([*access_claims(), *id_claims(), "nbf", "device_key", "custom:x"]) | texts
header_names: Final = (
    st.sampled_from(["alg", "kid", "typ", "crit", "b64", "zip", "enc", "cty", "jwk", "jku", "x5c", "x"]) | texts
)
edits: Final = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(["put", "cut", "flip"]), st.binary(max_size=3)), max_size=3
)


def edited(data: bytes, changes: list[Edit]) -> bytes:
    """Bytes with pieces put in, cut out or overwritten."""
    for where, how, piece in changes:
        at = int(where * len(data))
        match how:
            case "put":
                data = data[:at] + piece + data[at:]
            case "cut":
                data = data[:at] + data[at + len(piece) :]
            case _:
                data = data[:at] + bytes(byte ^ 1 for byte in data[at : at + 1]) + data[at + 1 :]
    return data


def with_members(kind: str, claims: dict[str, Any], members: dict[str, Any]) -> str:
    """A token with some claims and header members changed, signed again."""
    return signed({**KINDS[kind], **claims}, {**header(), **members})


def with_json(kind: str, part: int, changes: list[Edit]) -> str:
    """A token whose header or claims are changed byte by byte, signed again."""
    parts = [compact(header()), compact(KINDS[kind])]
    parts[part] = edited(parts[part], changes)
    return signed(parts[1], parts[0])


def with_characters(kind: str, part: int, changes: list[Edit]) -> str:
    """A token whose first or second part is changed character by character, signed again."""
    parts = [base64url(compact(header())), base64url(compact(KINDS[kind]))]
    parts[part] = edited(parts[part].encode(), changes).decode("latin-1").encode("ascii", "replace").decode()
    return signed_parts(parts[0], parts[1])


def changed(kind: str, changes: list[Edit]) -> str:
    """A token that is changed character by character, and not signed again."""
    return edited(signed(KINDS[kind]).encode(), changes).decode("latin-1")


halves: Final = st.sampled_from([0, 1])
some_claims: Final = st.dictionaries(claim_names, values, max_size=3)
some_members: Final = st.dictionaries(header_names, values, max_size=2)
MUTATIONS: Final[Mapping[str, st.SearchStrategy[tuple[str, str]]]] = {
    "members": kinds.flatmap(
        lambda kind: st.tuples(st.just(kind), st.builds(with_members, st.just(kind), some_claims, some_members))
    ),
    "json": kinds.flatmap(lambda kind: st.tuples(st.just(kind), st.builds(with_json, st.just(kind), halves, edits))),
    "characters": kinds.flatmap(
        lambda kind: st.tuples(st.just(kind), st.builds(with_characters, st.just(kind), halves, edits))
    ),
    "token": kinds.flatmap(lambda kind: st.tuples(st.just(kind), st.builds(changed, st.just(kind), edits))),
}
"""Kinds, each with a token that was such once."""


def drawn(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """So many values, the same each time."""
    found: list[T] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found
