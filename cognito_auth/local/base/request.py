"""An HTTP request to the embedded pool, as its faces and the check of signatures see it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from . import faults

MAX_QUERY_LENGTH: Final = 32_768
MAX_QUERY_FIELDS: Final = 512
_HALF_ESCAPED: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, kw_only=True)  # without slots: the fields are kept once they were read
class Request:
    """An HTTP request: ``path`` is decoded, ``query`` is not, names in ``headers`` are in lower case."""

    method: str = "POST"
    path: str = "/"
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)

    @cached_property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The query's names and values, decoded, in their order; a plus sign is a space.

        Raises `Fault` for a query that is too long, has too many fields, or is not UTF-8 in percent-encoding.
        """
        if len(self.query) > MAX_QUERY_LENGTH:
            raise faults.QUERY_INVALID(f"The query is longer than {MAX_QUERY_LENGTH} characters.")
        if self.query.count("&") >= MAX_QUERY_FIELDS:
            raise faults.QUERY_INVALID(f"The query has more than {MAX_QUERY_FIELDS} fields.")
        unreadable = faults.QUERY_INVALID("The query is not UTF-8 in percent-encoding.")
        if not self.query.isascii() or _HALF_ESCAPED.search(self.query):
            raise unreadable
        try:
            return tuple(parse_qsl(self.query, keep_blank_values=True, errors="strict"))
        except ValueError:
            raise unreadable from None


def joined(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers as one mapping with names in lower case.

    A name that comes twice has both values (RFC 9110, section 5.3), joined as a signature has them; it so is no valid Host.
    """
    headers: dict[str, str] = {}
    for name, value in items:
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    return headers
