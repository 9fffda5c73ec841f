"""Passkeys: registering them with every refusal there is, signing in with them, counters, and what the pool's settings say."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from cognito_auth.api.account import GetUserAuthFactors
from cognito_auth.api.clients import DeleteUserPoolClient
from cognito_auth.api.domains import CreateUserPoolDomain, CustomDomainConfig
from cognito_auth.api.mfa import SetUserMFAPreference, SoftwareTokenMfaSettings, WebAuthnMfaSettings
from cognito_auth.api.passkeys import DeleteWebAuthnCredential, ListWebAuthnCredentials
from cognito_auth.api.pool_mfa import SetUserPoolMfaConfig, SoftwareTokenMfaConfig
from cognito_auth.api.users import AdminDeleteUser, AdminDisableUser
from cognito_auth.local import SoftwareAuthenticator
from cognito_auth.local.sign_in.relying_party import RelyingParty

from .choice_client import (
    CHOICE,
    MULTI,
    ORIGIN,
    PARTY,
    admin_begin,
    admin_reply_to,
    begin,
    choice_app,
    complete,
    configure,
    creation_options,
    listed_passkeys,
    offered,
    options_of,
    passkey_app,
    policy,
    prefer,
    register,
    use,
)
from .support import START, App, add_client, claims, new_cognito, raw, refusal, signed_in

WRONG: Final = "NotAuthorized: The passkey could not be verified"
NO_CHALLENGE: Final = "WebAuthnChallengeNotFound: No registration with this challenge is waiting"
UNSUPPORTED: Final = "WebAuthnCredentialNotSupported: The passkey could not be verified, or is not supported"
NO_FORM: Final = "InvalidParameter: Credential is not a registration response"


def access_of(app: App, username: str = "ana") -> str:
    return app.tokens(username).access_token or ""


def encoded(document: Any) -> str:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Registering


def test_the_options() -> None:
    app = passkey_app(user_verification="required")
    options = creation_options(app, access := access_of(app))
    sub = claims(access)["sub"]
    assert options["rp"] == {"id": PARTY, "name": "tests"}
    assert options["user"] == {"id": encoded(sub.encode()), "name": "ana", "displayName": "ana"}
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-7, -257]
    assert options["excludeCredentials"] == ()
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert (options["timeout"], options["attestation"], len(decoded(options["challenge"]))) == (300_000, "none", 32)
    passkey = SoftwareAuthenticator(ORIGIN).create(options)
    complete(app, access, passkey)
    again = creation_options(app, access)
    assert again["excludeCredentials"] == ({"id": passkey["id"], "type": "public-key", "transports": ("internal",)},)
    assert again["challenge"] != options["challenge"]


def test_the_name_on_the_authenticator_is_what_one_signs_in_with() -> None:
    app = choice_app(pool={"username_attributes": ("email",)})
    configure(app, relying_party_id=PARTY)
    app.create_user("ana@example.com", email_verified="true", name="Ana Alvarez")
    shown = creation_options(app, access_of(app, "ana@example.com"))["user"]
    assert (shown["name"], shown["displayName"]) == ("ana@example.com", "Ana Alvarez")


def test_a_passkey_is_listed() -> None:
    app = passkey_app()
    access = access_of(app)
    assert listed_passkeys(app, access) == ()
    register(app, access)
    (shown,) = listed_passkeys(app, access)
    assert (shown.friendly_credential_name, shown.relying_party_id) == ("Passkey 1", PARTY)
    assert (shown.authenticator_attachment, shown.authenticator_transports) == ("platform", ("internal",))
    assert shown.created_at == datetime.fromtimestamp(START, UTC)
    found = app.send(GetUserAuthFactors(access_token=access)).configured_user_auth_factors or ()
    assert "WEB_AUTHN" in found


@pytest.mark.parametrize(
    ("configured", "domains", "party"),
    [
        pytest.param("example.com", (), "example.com", id="configured"),
        pytest.param(None, ("anas-pool",), "anas-pool.auth.us-east-1.amazoncognito.com", id="prefix"),
        pytest.param(None, ("anas-pool", "login.example.org"), "login.example.org", id="own-domain"),
        pytest.param("example.com", ("login.example.org",), "example.com", id="both"),
    ],
)
def test_whom_a_passkey_is_for(configured: str | None, domains: tuple[str, ...], party: str) -> None:
    app = passkey_app() if configured else choice_app()
    if not configured:
        app.create_user()
    certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    for domain in domains:
        own = CustomDomainConfig(certificate_arn=certificate) if "." in domain else None
        app.send(CreateUserPoolDomain(user_pool_id=app.pool_id, domain=domain, custom_domain_config=own))
    assert creation_options(app, access_of(app))["rp"]["id"] == party


def test_a_pool_without_passkeys() -> None:
    app = choice_app("PASSWORD", "EMAIL_OTP")
    app.create_user()
    text = "WebAuthnNotEnabled: WEB_AUTHN is not a first authentication factor of the user pool"
    access = access_of(app)
    assert refusal(creation_options, app, access) == text
    assert refusal(complete, app, access, {}) == text
    assert listed_passkeys(app, access) == ()


def test_a_pool_that_is_no_relying_party() -> None:
    app = choice_app()
    app.create_user()
    text = refusal(creation_options, app, access_of(app))
    assert text == "WebAuthnConfigurationMissing: The user pool has neither a relying party id nor a domain"


def test_there_is_no_registration_without_a_beginning() -> None:
    app = passkey_app()
    access = access_of(app)
    options = creation_options(app, access)
    credential = SoftwareAuthenticator(ORIGIN).create(options)
    app.cognito.clock.move(300)
    assert refusal(complete, app, access, credential) == NO_CHALLENGE
    newer = creation_options(app, access)
    assert refusal(complete, app, access, credential) == NO_CHALLENGE
    complete(app, access, SoftwareAuthenticator(ORIGIN).create(newer))
    assert refusal(complete, app, access, SoftwareAuthenticator(ORIGIN).create(newer)) == NO_CHALLENGE


def test_a_registration_is_the_users_and_the_clients() -> None:
    app = passkey_app()
    app.create_user("eva", email="eva@example.com")
    credential = SoftwareAuthenticator(ORIGIN).create(creation_options(app, access := access_of(app)))
    assert refusal(complete, app, access_of(app, "eva"), credential) == NO_CHALLENGE
    other = add_client(app.cognito, app.pool_id, explicit_auth_flows=CHOICE)
    text = refusal(complete, app, access_of(other), credential)
    assert text == "WebAuthnClientMismatch: The registration was begun with another app client"
    complete(app, access, credential)


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org",
        "https://notexample.com",
        "https://example.com.evil.example",
        "http://example.com",
        "http://localhost:3000",
        "https://ana@example.com",
        "https://example.com/path",
        "https://example.com:port",
        "example.com",
        "",
    ],
)
def test_a_page_that_is_not_the_relying_partys(origin: str) -> None:
    app = passkey_app()
    authenticator = SoftwareAuthenticator(origin)
    text = refusal(register, app, None, authenticator)
    assert text == "WebAuthnOriginNotAllowed: The origin does not belong to the relying party"
    authenticator = register(app)
    authenticator.origin = origin
    assert refusal(use, app, authenticator) == WRONG


@pytest.mark.parametrize("origin", ["https://example.com", "https://a.b.example.com:8443"])
def test_pages_of_the_relying_party(origin: str) -> None:
    app = passkey_app()
    assert signed_in(use(app, register(app, authenticator=SoftwareAuthenticator(origin))))


@pytest.mark.parametrize("origin", ["http://localhost", "http://localhost:3000", "https://localhost:8443"])
def test_on_this_machine_http_is_enough(origin: str) -> None:
    app = passkey_app(party="localhost")
    assert signed_in(use(app, register(app, authenticator=SoftwareAuthenticator(origin))))


@pytest.mark.parametrize("origin", [None, 7, ["https://example.com"]])
def test_an_origin_is_text(origin: object) -> None:
    assert not RelyingParty(id=PARTY, verifies_user=False).allows(origin)


def test_a_passkey_for_another_relying_party() -> None:
    app = passkey_app()
    access = access_of(app)
    options = creation_options(app, access)
    elsewhere = {**options, "rp": {"id": "app.example.com", "name": "tests"}}
    text = refusal(complete, app, access, SoftwareAuthenticator(ORIGIN).create(elsewhere))
    assert text == "WebAuthnRelyingPartyMismatch: The passkey is not for the relying party of the user pool"
    credential = SoftwareAuthenticator(ORIGIN).create(options)
    configure(app, relying_party_id="app.example.com")
    assert refusal(complete, app, access, credential) == text


def test_the_person_has_to_be_verified_where_the_pool_says_so() -> None:
    app = passkey_app(user_verification="required")
    authenticator = SoftwareAuthenticator(ORIGIN, verifies_user=False)
    assert refusal(register, app, None, authenticator) == UNSUPPORTED
    authenticator = register(app)
    authenticator.verifies_user = False
    assert refusal(use, app, authenticator) == WRONG
    authenticator.verifies_user = True
    assert signed_in(use(app, authenticator))


def test_where_verifying_the_person_is_preferred() -> None:
    app = passkey_app(user_verification="preferred")
    assert signed_in(use(app, register(app, authenticator=SoftwareAuthenticator(ORIGIN, verifies_user=False))))


def with_response(credential: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**credential, "response": {**credential["response"], **changes}}


def with_attestation(credential: dict[str, Any], **changes: Any) -> dict[str, Any]:
    attestation = cbor2.loads(decoded(credential["response"]["attestationObject"]))
    return with_response(credential, attestationObject=encoded(cbor2.dumps({**attestation, **changes})))


def client_data(credential: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(decoded(credential["response"]["clientDataJSON"]))
    return document


BROKEN: Final[dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]]] = {
    "empty": (lambda _: {}, NO_FORM),
    "no-response": (lambda given: {**given, "response": None}, NO_FORM),
    "no-attestation": (lambda given: with_response(given, attestationObject=None), NO_FORM),
    "other-type": (lambda given: {**given, "type": "password"}, NO_FORM),
    "no-base64": (lambda given: with_response(given, clientDataJSON="é"), NO_FORM),
    "no-json": (lambda given: with_response(given, clientDataJSON=encoded(b"{")), NO_FORM),
    "no-object": (lambda given: with_response(given, clientDataJSON=encoded(["a"])), NO_FORM),
    "no-origin": (lambda given: with_response(given, clientDataJSON=encoded({"challenge": "a"})), NO_FORM),
    "other-challenge": (
        lambda given: with_response(given, clientDataJSON=encoded({**client_data(given), "challenge": "AAAA"})),
        NO_CHALLENGE,
    ),
    "sign-in": (
        lambda given: with_response(given, clientDataJSON=encoded({**client_data(given), "type": "webauthn.get"})),
        UNSUPPORTED,
    ),
    "no-cbor": (lambda given: with_response(given, attestationObject=encoded(b"\xff\xff")), UNSUPPORTED),
    "other-id": (lambda given: {**given, "id": "AAAA"}, UNSUPPORTED),
    "unknown-attestation": (lambda given: with_attestation(given, fmt="stone"), UNSUPPORTED),
    "unproved-attestation": (
        lambda given: with_attestation(given, fmt="packed", attStmt={"alg": -7, "sig": b"no signature"}),
        UNSUPPORTED,
    ),
    "no-key": (
        lambda given: with_attestation(given, authData=decoded(given["response"]["authenticatorData"])[:60]),
        UNSUPPORTED,
    ),
}


@pytest.mark.parametrize(("broken", "expected"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_new_passkey(broken: Callable[[dict[str, Any]], dict[str, Any]], expected: str) -> None:
    app = passkey_app()
    access = access_of(app)
    credential = SoftwareAuthenticator(ORIGIN).create(creation_options(app, access))
    assert refusal(complete, app, access, broken(credential)) == expected
    assert listed_passkeys(app, access) == ()
    complete(app, access, credential)


def test_a_key_of_an_algorithm_that_was_not_asked_for() -> None:
    app = passkey_app()
    access = access_of(app)
    credential = SoftwareAuthenticator(ORIGIN).create(creation_options(app, access))
    data = decoded(credential["response"]["authenticatorData"])
    ed25519 = cbor2.dumps({1: 1, 3: -8, -1: 6, -2: bytes(32)})
    changed = with_attestation(credential, authData=data[:87] + ed25519)
    assert refusal(complete, app, access, changed) == UNSUPPORTED


def test_a_document_without_end() -> None:
    app = passkey_app()
    body = b'{"AccessToken":"%s","Credential":%s1%s}' % (access_of(app).encode(), b'{"a":' * 900, b"}" * 900)
    text = refusal(raw, app.cognito, "CompleteWebAuthnRegistration", body)
    assert text == "Serialization: Credential is not nested less than 64 deep"


def test_a_passkey_is_one_users() -> None:
    app = passkey_app()
    app.create_user("eva", email="eva@example.com")
    anas = SoftwareAuthenticator(ORIGIN, random_bytes=bytes)
    register(app, authenticator=anas)
    text = refusal(register, app, access_of(app, "eva"), SoftwareAuthenticator(ORIGIN, random_bytes=bytes))
    assert text == "InvalidParameter: The passkey is registered already"
    assert signed_in(use(app, anas))


def test_twenty_passkeys_are_enough() -> None:
    app = passkey_app()
    access = access_of(app)
    for _ in range(20):
        register(app, access)
    assert refusal(creation_options, app, access) == "LimitExceeded: There are at most 20 passkeys of a user."
    app.create_user("eva", email="eva@example.com")
    register(app, access_of(app, "eva"))
    (first, *_) = listed_passkeys(app, access)
    app.send(DeleteWebAuthnCredential(access_token=access, credential_id=first.credential_id))
    register(app, access)


@pytest.mark.parametrize("gone", ["user", "client"])
def test_a_token_of_nobody(gone: str) -> None:
    app = passkey_app()
    access = access_of(app)
    if gone == "user":
        app.send(AdminDeleteUser(user_pool_id=app.pool_id, username="ana"))
    else:
        app.send(DeleteUserPoolClient(user_pool_id=app.pool_id, client_id=app.client_id))
    revoked = "NotAuthorized: Access Token has been revoked"
    assert refusal(creation_options, app, access) == revoked
    assert refusal(complete, app, access, {}) == revoked
    assert refusal(listed_passkeys, app, access) == revoked
    assert refusal(app.send, DeleteWebAuthnCredential(access_token=access, credential_id="AA")) == revoked


# Listing and deleting


def test_pages() -> None:
    app = passkey_app()
    access = access_of(app)
    for _ in range(3):
        register(app, access)
    everything = listed_passkeys(app, access)
    assert [each.friendly_credential_name for each in everything] == ["Passkey 1", "Passkey 2", "Passkey 3"]
    assert app.send(ListWebAuthnCredentials(access_token=access, max_results=0)).credentials == everything
    first = app.send(ListWebAuthnCredentials(access_token=access, max_results=2))
    rest = app.send(ListWebAuthnCredentials(access_token=access, max_results=2, next_token=first.next_token))
    assert (*first.credentials, *rest.credentials) == everything
    assert rest.next_token is None
    wrong = ListWebAuthnCredentials(access_token=access, next_token="nonsense")
    assert refusal(app.send, wrong) == "InvalidParameter: Invalid pagination token."


def test_a_passkey_is_deleted_by_its_user_alone() -> None:
    app = passkey_app()
    app.create_user("eva", email="eva@example.com")
    access, evas = access_of(app), access_of(app, "eva")
    authenticator = register(app, access)
    (passkey,) = listed_passkeys(app, access)
    unknown = "ResourceNotFound: The passkey does not exist"
    delete = DeleteWebAuthnCredential(access_token=access, credential_id=passkey.credential_id)
    assert refusal(app.send, replace(delete, access_token=evas)) == unknown
    challenge = prefer(app, "WEB_AUTHN")
    credential = authenticator.get(json.dumps(options_of(challenge)))
    app.send(delete)
    assert refusal(app.send, delete) == unknown
    assert listed_passkeys(app, access) == ()
    assert "WEB_AUTHN" not in offered(app)
    assert refusal(app.reply_to, challenge, CREDENTIAL=credential) == "NotAuthorized: Invalid session for the user."


def test_passkeys_go_with_their_user() -> None:
    app = passkey_app()
    register(app, authenticator=SoftwareAuthenticator(ORIGIN, random_bytes=bytes))
    app.send(AdminDeleteUser(user_pool_id=app.pool_id, username="ana"))
    app.create_user()
    access = access_of(app)
    assert listed_passkeys(app, access) == ()
    register(app, access, SoftwareAuthenticator(ORIGIN, random_bytes=bytes))


# Signing in


def test_a_passkey_signs_in() -> None:
    app = passkey_app(user_verification="preferred")
    authenticator = register(app)
    assert "WEB_AUTHN" in offered(app)
    challenge = prefer(app, "WEB_AUTHN")
    options = options_of(challenge)
    (passkey,) = listed_passkeys(app, access_of(app))
    assert options["allowCredentials"] == [{"id": passkey.credential_id, "type": "public-key", "transports": ["internal"]}]
    assert (options["rpId"], options["userVerification"], options["timeout"]) == (PARTY, "preferred", 180_000)
    credential = authenticator.get(json.dumps(options))
    tokens = signed_in(app.reply_to(challenge, CREDENTIAL=credential))
    assert claims(tokens.access_token)["username"] == "ana"
    used = refusal(app.reply_to, challenge, CREDENTIAL=credential)
    assert used == "NotAuthorized: Invalid session for the user, session can only be used once."


def test_a_passkey_is_chosen() -> None:
    app = passkey_app()
    authenticator = register(app)
    challenge = app.reply_to(begin(app), ANSWER="WEB_AUTHN")
    assert refusal(app.reply_to, challenge) == "InvalidParameter: Missing required parameter CREDENTIAL"
    assert signed_in(app.reply_to(challenge, CREDENTIAL=authenticator.get(json.dumps(options_of(challenge)))))
    challenge = admin_reply_to(app, admin_begin(app), ANSWER="WEB_AUTHN")
    assert signed_in(admin_reply_to(app, challenge, CREDENTIAL=authenticator.get(json.dumps(options_of(challenge)))))


def test_a_counter_that_does_not_go_on() -> None:
    app = passkey_app()
    authenticator = register(app)
    for _ in range(3):
        assert signed_in(use(app, authenticator))
    authenticator.count -= 2
    assert refusal(use, app, authenticator) == WRONG
    assert refusal(use, app, authenticator) == WRONG
    assert signed_in(use(app, authenticator))


def test_an_authenticator_that_does_not_count() -> None:
    app = passkey_app()
    authenticator = register(app, authenticator=SoftwareAuthenticator(ORIGIN, counts=False))
    for _ in range(2):
        assert signed_in(use(app, authenticator))


def test_answers_that_prove_nothing() -> None:
    app = passkey_app()
    app.create_user("eva", email="eva@example.com")
    anas, evas = register(app), register(app, access_of(app, "eva"))
    earlier = anas.get(json.dumps(options_of(prefer(app, "WEB_AUTHN"))))
    challenge = prefer(app, "WEB_AUTHN")
    options = options_of(challenge)
    right = json.loads(anas.get(json.dumps(options)))
    registration = SoftwareAuthenticator(ORIGIN).create(creation_options(app, access_of(app)))
    wrong: dict[str, Any] = {
        "of another challenge": earlier,
        "of another user": evas.get(json.dumps({**options, "allowCredentials": []})),
        "with another signature": with_response(right, signature=encoded(b"no signature")),
        "for another user": with_response(right, userHandle=encoded(b"eva")),
        "with another counter": with_response(
            right, authenticatorData=encoded(decoded(right["response"]["authenticatorData"])[:-1] + b"\x63")
        ),
        "with another id": {**right, "id": "AAAA", "rawId": "AAAA"},
        "of a registration": registration,
        "without client data": with_response(right, clientDataJSON=encoded(b"[]")),
        "empty": {},
        "no text": "nonsense",
        "a number": "7",
    }
    for name, given in wrong.items():
        text = given if isinstance(given, str) else json.dumps(given)
        assert refusal(app.reply_to, challenge, CREDENTIAL=text) == WRONG, name
    assert signed_in(app.reply_to(challenge, CREDENTIAL=json.dumps(right)))


def test_an_answer_need_not_say_for_whom() -> None:
    app = passkey_app()
    authenticator = register(app)
    challenge = prefer(app, "WEB_AUTHN")
    given = json.loads(authenticator.get(json.dumps(options_of(challenge))))
    assert signed_in(app.reply_to(challenge, CREDENTIAL=json.dumps(with_response(given, userHandle=None))))


def test_rs256() -> None:
    app = passkey_app()
    access = access_of(app)
    options = creation_options(app, access)
    authenticator = SoftwareAuthenticator(ORIGIN)
    credential = authenticator.create(options)
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_numbers()
    key = cbor2.dumps({1: 3, 3: -257, -1: public.n.to_bytes(256), -2: public.e.to_bytes(3)})
    data = decoded(credential["response"]["authenticatorData"])
    complete(app, access, with_attestation(credential, authData=data[:87] + key))
    challenge = prefer(app, "WEB_AUTHN")
    given = json.loads(authenticator.get(json.dumps(options_of(challenge))))
    response = {name: decoded(given["response"][name]) for name in ("authenticatorData", "clientDataJSON")}
    signed = response["authenticatorData"] + sha256(response["clientDataJSON"]).digest()
    signature = private.sign(signed, PKCS1v15(), hashes.SHA256())
    assert signed_in(app.reply_to(challenge, CREDENTIAL=json.dumps(with_response(given, signature=encoded(signature)))))


def test_a_disabled_users_passkey() -> None:
    app = passkey_app()
    authenticator = register(app)
    app.send(AdminDisableUser(user_pool_id=app.pool_id, username="ana"))
    assert refusal(use, app, authenticator) == "NotAuthorized: User is disabled."


def test_a_passkey_of_an_earlier_relying_party_is_not_offered() -> None:
    app = passkey_app()
    authenticator = register(app)
    configure(app, relying_party_id="example.org")
    assert "WEB_AUTHN" not in offered(app)
    configure(app, relying_party_id=PARTY)
    assert signed_in(use(app, authenticator))


def test_nobody_has_a_passkey_like_others() -> None:
    app = passkey_app()
    register(app)
    names = [f"nobody-{number}" for number in range(40)]
    having = [name for name in names if "WEB_AUTHN" in offered(app, name)]
    assert 0 < len(having) < len(names)
    first, second = (options_of(prefer(app, "WEB_AUTHN", having[0])) for _ in range(2))
    (allowed,) = first["allowCredentials"]
    (own,) = options_of(prefer(app, "WEB_AUTHN"))["allowCredentials"]
    assert first["allowCredentials"] == second["allowCredentials"]
    assert first.keys() == options_of(prefer(app, "WEB_AUTHN")).keys()
    assert (allowed.keys(), len(allowed["id"])) == (own.keys(), len(own["id"]))
    challenge = prefer(app, "WEB_AUTHN", having[0])
    made = SoftwareAuthenticator(ORIGIN)
    made.create(creation_options(app, access_of(app)))
    answer = made.get(json.dumps({**options_of(challenge), "allowCredentials": []}))
    assert refusal(app.reply_to, challenge, having[0], CREDENTIAL=answer) == WRONG


# A passkey instead of two factors


def with_second_factor(app: App, access: str, *, passkey: bool | None) -> None:
    """Switch an authenticator app on, and let the passkey count as both or not."""
    app.set_up_totp(access)
    settings = None if passkey is None else WebAuthnMfaSettings(enabled=passkey)
    app.send(
        SetUserMFAPreference(
            access_token=access,
            software_token_mfa_settings=SoftwareTokenMfaSettings(enabled=True),
            web_authn_mfa_settings=settings,
        )
    )


def test_a_passkey_for_two_factors() -> None:
    app = passkey_app(factor_configuration=MULTI, pool={"mfa_configuration": "OPTIONAL"})
    access = access_of(app)
    authenticator = register(app, access)
    assert options_of(prefer(app, "WEB_AUTHN"))["userVerification"] == "required"
    with_second_factor(app, access, passkey=None)
    assert "WEB_AUTHN" not in offered(app)
    only = WebAuthnMfaSettings(enabled=True)
    app.send(SetUserMFAPreference(access_token=access, web_authn_mfa_settings=only))
    assert offered(app) == ("PASSWORD_SRP", "PASSWORD", "WEB_AUTHN")
    assert signed_in(use(app, authenticator))
    authenticator.verifies_user = False
    assert refusal(use, app, authenticator) == WRONG
    factors = app.send(GetUserAuthFactors(access_token=access)).user_mfa_setting_list
    assert factors == ("SOFTWARE_TOKEN_MFA", "WEB_AUTHN")


def test_a_passkey_where_everybody_needs_two_factors() -> None:
    app = passkey_app(factor_configuration=MULTI, pool={"policies": policy("PASSWORD", "WEB_AUTHN")})
    access = access_of(app)
    authenticator = register(app, access)
    configuration = SetUserPoolMfaConfig(
        user_pool_id=app.pool_id,
        mfa_configuration="ON",
        software_token_mfa_configuration=SoftwareTokenMfaConfig(enabled=True),
    )
    app.send(configuration)
    assert "WEB_AUTHN" not in offered(app)
    with_second_factor(app, access, passkey=True)
    assert signed_in(use(app, authenticator))


@pytest.mark.parametrize("factor", [None, "SINGLE_FACTOR"])
def test_a_single_factor_is_no_second_one(factor: str | None) -> None:
    app = passkey_app(factor_configuration=factor, pool={"mfa_configuration": "OPTIONAL"})
    access = access_of(app)
    register(app, access)
    text = refusal(with_second_factor, app, access, passkey=True)
    assert text == "InvalidParameter: User does not have delivery config set to turn on WEB_AUTHN"
    with_second_factor(app, access, passkey=None)
    assert "WEB_AUTHN" not in offered(app)


def test_a_passkey_is_never_the_only_second_factor() -> None:
    app = passkey_app(factor_configuration=MULTI, pool={"mfa_configuration": "OPTIONAL"})
    access = access_of(app)
    only = SetUserMFAPreference(access_token=access, web_authn_mfa_settings=WebAuthnMfaSettings(enabled=True))
    assert refusal(app.send, only) == "InvalidParameter: User does not have delivery config set to turn on WEB_AUTHN"
    with_second_factor(app, access, passkey=True)
    off = SoftwareTokenMfaSettings(enabled=False)
    app.send(SetUserMFAPreference(access_token=access, software_token_mfa_settings=off))
    assert app.send(GetUserAuthFactors(access_token=access)).user_mfa_setting_list is None


def test_the_first_pool_has_passkeys_for_pages_on_this_machine() -> None:
    cognito = new_cognito()
    first = cognito.first_pool()
    public = App(cognito, first.user_pool_id, first.client_id)
    confidential = App(cognito, first.user_pool_id, first.confidential_client_id, first.confidential_client_secret)
    public.create_user()
    authenticator = register(public, authenticator=SoftwareAuthenticator("http://localhost:8000"))
    for app in (public, confidential):
        assert claims(signed_in(use(app, authenticator)).access_token)["username"] == "ana"
    factor = SoftwareTokenMfaConfig(enabled=True)
    demanded = SetUserPoolMfaConfig(
        user_pool_id=first.user_pool_id, mfa_configuration="ON", software_token_mfa_configuration=factor
    )
    assert public.send(demanded).mfa_configuration == "ON"
