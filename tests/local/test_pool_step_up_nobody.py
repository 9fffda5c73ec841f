"""Step-up authentication tells nobody who exists: names that nobody has are asked for what users are asked for."""

from __future__ import annotations

from typing import Final

import pytest

from cognito_auth.api.users import AdminCreateUser

from .choice_client import MULTI, PARTY, begin, choice_app, configure, offered, prefer
from .step_up_client import LOA, VERIFIED, ana
from .support import PASSWORD, Refused, add_client, refusal

UNREACHABLE: Final = "InvalidParameter: The user has no factors for any ACR level in TARGET_ACR_VALUES"


def test_a_name_that_nobody_has_reaches_what_somebody_could() -> None:
    """Half of the names that nobody has could have an app, always the same, and those are posed what users are."""
    person = ana("PASSWORD", mfa=True).with_app()
    app = person.app
    app.create_user("eva", **(VERIFIED | {"email": "eva@example.com"}))

    def answer(name: str, *levels: int) -> tuple[str, ...] | str:
        given = " ".join(map(LOA.format, levels))
        try:
            return begin(app, name, TARGET_ACR_VALUES=given).available_challenges or ()
        except Refused as refused:
            return str(refused)

    with_app, without = answer("ana", 4), answer("eva", 4)
    assert (with_app, without) == (("PASSWORD_SRP", "PASSWORD"), UNREACHABLE)
    names = [f"nobody-{number}" for number in range(40)]
    first = [answer(name, 4) for name in names]
    assert {str(each) for each in first} == {str(with_app), without}
    assert [answer(name, 4) for name in names] == first
    assert {str(answer(name, 1)) for name in names} == {str(answer("ana", 1))}


def test_where_codes_are_sent_nobody_has_an_app() -> None:
    """A user with an app is offered no code, so whoever is offered one has none."""
    app = ana(mfa=True).app
    for name in [f"nobody-{number}" for number in range(20)]:
        assert refusal(begin, app, name, TARGET_ACR_VALUES=LOA.format(4)) == UNREACHABLE
        assert "EMAIL_OTP" in (begin(app, name, TARGET_ACR_VALUES=LOA.format(3)).available_challenges or ())


@pytest.mark.parametrize("counts_as_both", [False, True], ids=["one factor", "two factors"])
def test_who_may_begin_with_a_passkey_has_an_app_only_where_users_can(counts_as_both: bool) -> None:
    app = ana("PASSWORD", "WEB_AUTHN", mfa=True).app
    both = {"factor_configuration": MULTI, "user_verification": "required"} if counts_as_both else {}
    configure(app, relying_party_id=PARTY, **both)
    found: set[tuple[bool, bool]] = set()
    for name in [f"nobody-{number}" for number in range(60)]:
        with_passkey = "WEB_AUTHN" in offered(app, name)
        try:
            begin(app, name, TARGET_ACR_VALUES=LOA.format(4))
            found.add((with_passkey, True))
        except Refused:
            found.add((with_passkey, False))
    everything = {(False, False), (False, True), (True, False), (True, True)}
    assert found == (everything if counts_as_both else everything - {(True, True)})


def test_a_password_of_nobody_reaches_nothing() -> None:
    app = ana("PASSWORD", "EMAIL_OTP").app
    posed = begin(app, "nobody", TARGET_ACR_VALUES=LOA.format(3))
    text = refusal(app.reply_to, posed, "nobody", ANSWER="PASSWORD", PASSWORD=PASSWORD)
    assert text == "NotAuthorized: Incorrect username or password."


def test_where_existence_is_told_it_is_told_first() -> None:
    app = ana(prevent_user_existence_errors="LEGACY").app
    assert refusal(begin, app, "nobody", TARGET_ACR_VALUES=LOA.format(4)) == "UserNotFound: User does not exist."
    assert refusal(begin, app, "nobody", TARGET_ACR_VALUES="gold") == (
        "InvalidParameter: TARGET_ACR_VALUES names no ACR level of the user pool"
    )


def test_who_has_nothing_to_sign_in_with_is_nobody() -> None:
    app = choice_app("PASSWORD")
    app.send(AdminCreateUser(user_pool_id=app.pool_id, username="ana"))
    other = add_client(app.cognito, app.pool_id, explicit_auth_flows=("ALLOW_USER_AUTH",))
    assert begin(other, TARGET_ACR_VALUES=LOA.format(1)).challenge_name == "SELECT_CHALLENGE"
    assert prefer(other, "PASSWORD", TARGET_ACR_VALUES=LOA.format(1)).challenge_name == "PASSWORD"
