"""A client's half of remembered devices: registers one, and proves it at a sign-in."""

from __future__ import annotations

import os
from base64 import b64decode
from dataclasses import dataclass

from cognito_auth import srp
from cognito_auth.api.auth import AuthenticationResult, AuthReply
from cognito_auth.api.devices import ConfirmDevice, ConfirmDeviceReply, DeviceSecretVerifierConfig

from .support import PASSWORD, App


@dataclass(slots=True)
class ClientDevice:
    """A device's keys and password, as the client keeps them."""

    key: str
    group: str
    password: str

    @classmethod
    def offered(cls, tokens: AuthenticationResult) -> ClientDevice:
        """The device that a sign-in offers."""
        offer = tokens.new_device_metadata
        assert offer is not None
        password = srp.device_password(os.urandom(srp.DEVICE_PASSWORD_BYTES))
        return cls(offer.device_key or "", offer.device_group_key or "", password)

    @property
    def identity(self) -> srp.Identity:
        return srp.Identity(self.group, self.key)

    def confirm(self, app: App, access_token: str | None, *, name: str | None = None) -> ConfirmDeviceReply:
        made = srp.device_verifier(self.identity, self.password, os.urandom(srp.DEVICE_SALT_BYTES))
        config = DeviceSecretVerifierConfig(password_verifier=made.password_verifier, salt=made.salt)
        return app.send(
            ConfirmDevice(
                access_token=access_token or "",
                device_key=self.key,
                device_secret_verifier_config=config,
                device_name=name,
            )
        )

    def begin(self, app: App, challenge: AuthReply, username: str = "ana") -> tuple[srp.Ephemeral, AuthReply]:
        """Answer ``DEVICE_SRP_AUTH``."""
        pair = srp.ephemeral(os.urandom(srp.EPHEMERAL_BYTES))
        return pair, app.reply_to(challenge, username, DEVICE_KEY=self.key, SRP_A=pair.srp_a)

    def claim(self, app: App, pair: srp.Ephemeral, verifier: AuthReply) -> dict[str, str]:
        """The answer to ``DEVICE_PASSWORD_VERIFIER``."""
        given = verifier.challenge_parameters or {}
        block, when = given["SECRET_BLOCK"], srp.timestamp(app.cognito.clock.now())
        challenge = srp.Challenge.parse(given["SALT"], given["SRP_B"], b64decode(block))
        proof = srp.claim_signature(pair, self.identity, self.password, challenge, when)
        return app.parameters(
            given["USERNAME"],
            PASSWORD_CLAIM_SIGNATURE=proof,
            PASSWORD_CLAIM_SECRET_BLOCK=block,
            TIMESTAMP=when,
            DEVICE_KEY=self.key,
        )

    def prove(self, app: App, challenge: AuthReply, username: str = "ana") -> AuthReply:
        """Answer both challenges."""
        assert challenge.challenge_name == "DEVICE_SRP_AUTH"
        pair, verifier = self.begin(app, challenge, username)
        return app.answer("DEVICE_PASSWORD_VERIFIER", verifier.session, self.claim(app, pair, verifier))

    def password_auth(self, app: App, username: str = "ana", password: str = PASSWORD) -> AuthReply:
        """Sign in with the password, and name the device."""
        return app.password_auth(username, password, DEVICE_KEY=self.key)


def registered(app: App, *, name: str | None = None) -> ClientDevice:
    """A confirmed device of ana's, who signs in with the password alone."""
    tokens = app.tokens()
    device = ClientDevice.offered(tokens)
    device.confirm(app, tokens.access_token, name=name)
    return device
