"""What is for everybody in an application that is closed by default: a mark on the endpoint itself.

The mark is on the object that a framework routes to, so it holds whatever the URL looks like. It is not inherited: a subclass
of a public class is closed.
"""

from __future__ import annotations

from typing import Final, TypeVar

T = TypeVar("T")

_MARK: Final = "__cognito_auth_public__"


def public(endpoint: T) -> T:
    """Mark an endpoint, and give it back: a function, a class, a mounted application. Raises `TypeError` for what cannot
    carry a mark of its own, such as a bound method."""
    try:
        setattr(endpoint, _MARK, True)
    except AttributeError as error:
        raise TypeError(f"{endpoint!r} cannot be marked as public; wrap it in a function") from error
    return endpoint


def is_public(endpoint: object) -> bool:
    """Whether the endpoint itself is marked."""
    return _MARK in getattr(endpoint, "__dict__", {})
