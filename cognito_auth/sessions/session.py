"""What a browser session holds; states as they are kept between two requests."""

from __future__ import annotations

from typing import Any

from ..api.structure import Structure, structure
from ..api.wire import MalformedValue, from_wire, is_object, to_wire
from ..errors import SealError
from ..states import SEALABLE, Challenge, Device, Tokens


@structure
class Session(Structure):
    """A signed-in browser: the tokens, and what a refresh needs: the pool's own name for the user, and the device."""

    username: str
    tokens: Tokens
    device: Device | None = None
    proofs: tuple[str, ...] | None = None
    """The challenges that the sign-in answered, by Cognito's names."""

    @property
    def device_key(self) -> str | None:
        """The key of the device that the tokens are bound to."""
        return self.device.key if self.device else None


def pack_state(state: Challenge) -> dict[str, Any]:
    """A state in which a person is waited for, as a JSON object; raises `TypeError` for one that must not be kept."""
    name = type(state).__name__
    if SEALABLE.get(name) is not type(state):
        raise TypeError(f"{name} is not a state that outlives a request")
    return {"name": name, **to_wire(state)}


def unpack_state(document: Any) -> Challenge:
    """The state in a JSON object that `pack_state` made; raises `SealError` for any other."""
    if not is_object(document):
        raise SealError("holds no state")
    kind = SEALABLE.get(str(document.get("name")))
    if kind is None:
        raise SealError("holds a state of another kind")
    try:
        return from_wire(kind, document)
    except MalformedValue as error:
        raise SealError("holds no whole state") from error
