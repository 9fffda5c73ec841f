"""The authenticator that Chromium has for tests, and a witness of what pages ask the browser for."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAUSE: Final = 50  # milliseconds between two looks at the page
PATIENCE: Final = 200  # looks until something that was expected counts as missing
WITNESS: Final = """
window.asked = [];
const { get } = CredentialsContainer.prototype;
CredentialsContainer.prototype.get = function (options) {
  const request = { mediation: options.mediation ?? "dialog", outcome: "waits" };
  window.asked.push(request);
  const outcome = get.call(this, options);
  outcome.then(() => (request.outcome = "picked"), (error) => (request.outcome = error.name));
  return outcome;
};
"""
"""Notes what the browser is asked for, and what becomes of it."""


class Authenticator:
    """What unlocks the device: a finger that is there, and is the right one, unless the test says otherwise.

    A request that begins while the finger is away waits for one for ever, as Chromium has it.
    """

    def __init__(self, page: Page) -> None:
        # The types of playwright leave open what is in a message.
        self._call: Callable[..., dict[str, Any]] = cast("Any", page.context.new_cdp_session(page)).send
        self._call("WebAuthn.enable")
        given = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        given |= {"isUserVerified": True, "automaticPresenceSimulation": True}
        self._id: str = self._call("WebAuthn.addVirtualAuthenticator", {"options": given})["authenticatorId"]

    def finger(self, *, there: bool = True, right: bool = True) -> None:
        self._send("setAutomaticPresenceSimulation", enabled=there)
        self._send("setUserVerified", isUserVerified=right)

    def passkeys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._send("getCredentials")["credentials"]
        return found

    def lose(self) -> None:
        """Forget every passkey."""
        self._send("clearCredentials")

    def forge(self) -> None:
        """Have another key in the place of the only passkey's."""
        (passkey,) = self.passkeys()
        self.lose()
        key = ec.generate_private_key(ec.SECP256R1())
        forged = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._send("addCredential", credential={**passkey, "privateKey": b64encode(forged).decode()})

    def _send(self, command: str, **members: Any) -> Any:
        return self._call(f"WebAuthn.{command}", {"authenticatorId": self._id, **members})


def until(page: Page, mediation: str, outcome: str = "waits") -> None:
    """Wait until this is what became of the newest request. (The page's policy forbids what playwright would do for it.)"""
    for _ in range(PATIENCE):
        if asked(page)[-1:] == [(mediation, outcome)]:
            return
        page.wait_for_timeout(PAUSE)
    raise AssertionError(f"the browser was asked for {asked(page)}")


def asked(page: Page) -> list[tuple[str, str]]:
    """What the browser was asked for since the page was loaded, and what became of it."""
    found: list[dict[str, str]] = page.evaluate("asked")
    return [(each["mediation"], each["outcome"]) for each in found]
