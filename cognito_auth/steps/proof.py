"""What proving a password takes in a step: a key pair, the server's half, the claim. Users and devices prove theirs alike."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Final

from .. import srp
from ..effects import Compute, Flow, Now, RandomBytes, perform
from ..errors import ProtocolError

_URL_SAFE: Final = str.maketrans("-_", "+/")
"""The block goes back as it came; to be signed it is decoded, whichever of base64's alphabets it is in."""


def key_pair() -> Flow[srp.Ephemeral]:
    """A fresh ephemeral key."""
    random = yield from perform(RandomBytes(srp.EPHEMERAL_BYTES))
    return (yield from perform(Compute(lambda: srp.ephemeral(random))))


def read_challenge(parameters: Mapping[str, str]) -> tuple[str, srp.Challenge]:
    """``SECRET_BLOCK`` as it came, and the server's half; raises `ProtocolError` for one that is not whole."""
    try:
        salt, srp_b = parameters["SALT"], parameters["SRP_B"]
        secret_block = parameters["SECRET_BLOCK"]
        signed_block = b64decode(secret_block.translate(_URL_SAFE), validate=True)
    except (KeyError, ValueError) as error:
        raise ProtocolError("a verifier came without SALT, SRP_B or SECRET_BLOCK") from error
    return secret_block, srp.Challenge.parse(salt, srp_b, signed_block)


def claim(
    identity: srp.Identity, password: str, pair: srp.Ephemeral, challenge: srp.Challenge, secret_block: str
) -> Flow[dict[str, str]]:
    """The answer to a verifier: the signature that only the password's holder can make."""
    when = srp.timestamp((yield from perform(Now())))
    signature = yield from perform(Compute(lambda: srp.claim_signature(pair, identity, password, challenge, when)))
    return {"PASSWORD_CLAIM_SIGNATURE": signature, "PASSWORD_CLAIM_SECRET_BLOCK": secret_block, "TIMESTAMP": when}
