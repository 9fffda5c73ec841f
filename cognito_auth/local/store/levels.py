"""Levels of authentication in records: the one that a sign-in is to reach, and the one that it has reached."""

from __future__ import annotations

from ...api.structure import Structure, structure


@structure
class Aim(Structure):
    """A level of authentication that is to be reached, and the methods on the way to it, as ``amr`` calls them."""

    level: int
    methods: tuple[str, ...] = ()
    """Those that were proved so far, and those that an access token is good for."""


@structure
class Assurance(Structure):
    """How strongly somebody signed in: the claims ``acr``, by the name that the level had then, and ``amr``."""

    acr: str
    amr: tuple[str, ...]
