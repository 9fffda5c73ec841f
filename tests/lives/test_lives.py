"""Random lives of users: whatever happens in whatever order, the pool does what the model says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from cognito_auth.api.account import (
    ChangePassword,
    ConfirmForgotPassword,
    DeleteUser,
    ForgotPassword,
    GetUser,
    GetUserAttributeVerificationCode,
    UpdateUserAttributes,
    VerifyUserAttribute,
)
from cognito_auth.api.auth import (
    AdminUserGlobalSignOut,
    AuthReply,
    GlobalSignOut,
    InitiateAuth,
    RespondToAuthChallenge,
    RevokeToken,
)
from cognito_auth.api.groups import (
    AdminAddUserToGroup,
    AdminListGroupsForUser,
    AdminRemoveUserFromGroup,
    CreateGroup,
    DeleteGroup,
    ListUsersInGroup,
)
from cognito_auth.api.pool_settings import PasswordPolicy, UsernameConfiguration, UserPoolPolicy
from cognito_auth.api.sign_up import AdminConfirmSignUp, ConfirmSignUp, ResendConfirmationCode, SignUp
from cognito_auth.api.users import (
    AdminCreateUser,
    AdminDeleteUser,
    AdminDisableUser,
    AdminEnableUser,
    AdminGetUser,
    AdminResetUserPassword,
    AdminSetUserPassword,
    AdminUpdateUserAttributes,
    ListUsers,
)
from tests.lives import model
from tests.lives.model import CHALLENGED, OK, Model
from tests.local.support import FLOWS, Refused, claims, listed, new_app

NAMES: Final = ("ana", "Ana", "bo", "cleo")
EMAILS: Final = ("a@example.com", "b@example.com")
PASSWORDS: Final = ("Passw0rd-1", "Passw0rd-2", "Passw0rd-3", "Passw0rd-4")
GROUPS: Final = ("staff", "Staff", "admins")
MOVES: Final = (1.0, 40.0, 901.0, 3601.0, 86_401.0, 8 * 86_400.0, 31 * 86_400.0)
LIVES: Final = 40
"""How many lives each of the tests below lives; a life has at most `STEPS` steps."""
STEPS: Final = 80

names = st.sampled_from(NAMES)
logins = st.sampled_from((*NAMES, *EMAILS))
emails = st.sampled_from(EMAILS)
passwords = st.sampled_from(PASSWORDS)
any_password = st.sampled_from((*PASSWORDS, "weak"))
groups = st.sampled_from(GROUPS)
picks = st.integers(0, 1000)
likely = st.sampled_from((True, True, True, False))


class Lives(RuleBasedStateMachine):
    """The pool and the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        policy = PasswordPolicy(
            minimum_length=8,
            require_uppercase=True,
            require_lowercase=True,
            require_numbers=True,
            password_history_size=model.REMEMBERED,
        )
        self.app = new_app(
            explicit_auth_flows=(*FLOWS, "ALLOW_USER_AUTH"),
            pool={
                "alias_attributes": ("email",),
                "username_configuration": UsernameConfiguration(case_sensitive=False),
                "policies": UserPoolPolicy(password_policy=policy),
            },
        )
        self.pool: Final[dict[str, Any]] = {"user_pool_id": self.app.pool_id}
        self.client: Final[dict[str, Any]] = {"client_id": self.app.client_id}
        self.model = Model(self.app.cognito.clock.now())
        self.tokens: list[tuple[str, str]] = []
        """Access and refresh token of each of the model's grants."""

    @initialize()
    def populate(self) -> None:
        """Somebody is there from the beginning, or most of a life would meet nobody."""
        for name, email in zip(("ana", "bo"), EMAILS, strict=True):
            self.admin_create(name, PASSWORDS[0], email, verified=True)
            self.admin_set_password(name, PASSWORDS[1], permanent=True)

    def password(self, name: str, guess: str, *, right: bool) -> str:
        """The password of whoever ``name`` means, or else the guess."""
        person = self.model.find(name)
        return person.passwords[0] if right and person else guess

    def same(self, expected: str, operation: Any) -> Any:
        """Carry out the operation, which must end as the model says; returns its reply, or ``None``."""
        try:
            reply, outcome = self.app.send(operation), OK
        except Refused as refused:
            reply, outcome = None, str(refused)
        wanted = OK if expected == CHALLENGED else expected
        assert outcome.startswith(wanted), f"{operation}: {outcome}, but should be {wanted}"
        return reply

    def code(self, name: str, kinds: set[str], *, right: bool) -> str:
        """The newest code of these kinds that ``name`` was sent, or one that is wrong."""
        person = self.model.find(name)
        sent = self.app.cognito.outbox(self.app.pool_id, person.name) if person else ()
        code = next((message.code for message in reversed(sent) if message.kind in kinds), "000000")
        return code if right else code[:-1] + str((int(code[-1]) + 1) % 10)

    # Signing up

    @rule(name=names, password=any_password, email=emails)
    def sign_up(self, name: str, password: str, email: str) -> None:
        request = SignUp(username=name, password=password, user_attributes=listed({"email": email}), **self.client)
        self.same(self.model.sign_up(name, password, email), request)

    @rule(name=logins, right=st.booleans(), force=st.booleans())
    def confirm(self, name: str, right: bool, force: bool) -> None:
        code = self.code(name, {"sign_up", "resend"}, right=right)
        request = ConfirmSignUp(username=name, confirmation_code=code, force_alias_creation=force, **self.client)
        self.same(self.model.confirm(name, right=right, force=force), request)

    @rule(name=logins)
    def resend(self, name: str) -> None:
        self.same(self.model.resend(name), ResendConfirmationCode(username=name, **self.client))

    # Signing in

    @rule(name=logins, guess=passwords, right=likely, new=any_password, level=st.integers(0, 1))
    def sign_in(self, name: str, guess: str, right: bool, new: str, level: int) -> None:
        password = self.password(name, guess, right=right)
        asked = {"PREFERRED_CHALLENGE": "PASSWORD", "TARGET_ACR_VALUES": f"urn:cognito:loa:{level}"} if level else {}
        flow: Any = "USER_AUTH" if level else "USER_PASSWORD_AUTH"
        parameters = self.app.parameters(name, PASSWORD=password, **asked)
        request = InitiateAuth(auth_flow=flow, auth_parameters=parameters, **self.client)
        expected = self.model.sign_in(name, password, level)
        reply: AuthReply | None = self.same(expected, request)
        if expected == CHALLENGED and reply is not None:
            assert reply.challenge_name == CHALLENGED
            username = (reply.challenge_parameters or {})["USER_ID_FOR_SRP"]
            answer = RespondToAuthChallenge(
                challenge_name=CHALLENGED,
                session=reply.session,
                challenge_responses=self.app.parameters(username, NEW_PASSWORD=new),
                **self.client,
            )
            reply = self.same(self.model.new_password(name, new, level), answer)
        if reply is not None:
            self.remember(reply)

    def remember(self, reply: AuthReply) -> None:
        result = reply.authentication_result
        assert result is not None
        self.tokens.append((result.access_token or "", result.refresh_token or ""))
        person = self.model.grants[-1].person
        assert claims(result.access_token)["username"] == person.name
        self.check_level(self.model.grants[-1], result.access_token)
        assert set(claims(result.id_token).get("cognito:groups", ())) == person.groups

    # With tokens

    def grant(self, pick: int) -> tuple[model.Grant, str, str]:
        number = pick % len(self.tokens)
        return self.model.grants[number], *self.tokens[number]

    def check_level(self, grant: model.Grant, token: str | None) -> None:
        told = claims(token)
        expected = (f"urn:cognito:loa:{grant.level}", ["pwd"]) if grant.level else (None, None)
        assert (told.get("acr"), told.get("amr")) == expected

    @precondition(lambda self: self.tokens)
    @rule(pick=picks, name=logins, own=likely, level=st.sampled_from((1, 1, 4)), max_age=st.sampled_from((0, 600, 10_000)))
    def step_up(self, pick: int, name: str, own: bool, level: int, max_age: int) -> None:
        grant, access, _ = self.grant(pick)
        username = grant.person.name if own else name
        asked = {"TARGET_ACR_VALUES": f"urn:cognito:loa:{level}", "MAX_AGE": str(max_age), "ACCESS_TOKEN": access}
        parameters = self.app.parameters(username, **asked)
        request = InitiateAuth(auth_flow="USER_AUTH", auth_parameters=parameters, **self.client)
        reply: AuthReply | None = self.same(self.model.step_up(grant, username, level, max_age), request)
        assert reply is None or reply.available_challenges == ("PASSWORD_SRP", "PASSWORD")

    @precondition(lambda self: self.tokens)
    @rule(pick=picks)
    def get_user(self, pick: int) -> None:
        grant, access, _ = self.grant(pick)
        reply = self.same(self.model.caller(grant), GetUser(access_token=access))
        assert reply is None or reply.username == grant.person.name

    @precondition(lambda self: self.tokens)
    @rule(pick=picks)
    def refresh(self, pick: int) -> None:
        grant, _, token = self.grant(pick)
        parameters = {"REFRESH_TOKEN": token}
        request = InitiateAuth(auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=parameters, **self.client)
        reply: AuthReply | None = self.same(self.model.refresh(grant), request)
        if reply is not None and reply.authentication_result is not None:
            self.tokens[pick % len(self.tokens)] = (reply.authentication_result.access_token or "", token)
            self.check_level(grant, reply.authentication_result.access_token)

    @precondition(lambda self: self.tokens)
    @rule(pick=picks)
    def sign_out(self, pick: int) -> None:
        grant, access, _ = self.grant(pick)
        self.same(self.model.global_sign_out(grant), GlobalSignOut(access_token=access))

    @precondition(lambda self: self.tokens)
    @rule(pick=picks)
    def revoke(self, pick: int) -> None:
        grant, _, token = self.grant(pick)
        self.same(self.model.revoke(grant), RevokeToken(token=token, **self.client))

    @precondition(lambda self: self.tokens)
    @rule(pick=picks, guess=passwords, right=likely, proposed=any_password)
    def change_password(self, pick: int, guess: str, right: bool, proposed: str) -> None:
        grant, access, _ = self.grant(pick)
        previous = grant.person.passwords[0] if right else guess
        request = ChangePassword(access_token=access, previous_password=previous, proposed_password=proposed)
        self.same(self.model.change_password(grant, previous, proposed), request)

    @precondition(lambda self: self.tokens)
    @rule(pick=picks, email=emails)
    def change_email(self, pick: int, email: str) -> None:
        grant, access, _ = self.grant(pick)
        request = UpdateUserAttributes(access_token=access, user_attributes=listed({"email": email}))
        self.same(self.model.change_email(grant, email), request)

    @precondition(lambda self: self.tokens)
    @rule(pick=picks)
    def send_email_code(self, pick: int) -> None:
        grant, access, _ = self.grant(pick)
        request = GetUserAttributeVerificationCode(access_token=access, attribute_name="email")
        self.same(self.model.send_email_code(grant), request)

    @precondition(lambda self: self.tokens)
    @rule(pick=picks, right=st.booleans())
    def verify_email(self, pick: int, right: bool) -> None:
        grant, access, _ = self.grant(pick)
        code = self.code(grant.person.name, {"update_attribute", "verify_attribute"}, right=right)
        request = VerifyUserAttribute(access_token=access, attribute_name="email", code=code)
        self.same(self.model.verify_email(grant, right=right), request)

    @precondition(lambda self: self.tokens)
    @rule(pick=picks)
    def delete_self(self, pick: int) -> None:
        grant, access, _ = self.grant(pick)
        self.same(self.model.delete_self(grant), DeleteUser(access_token=access))

    # Forgotten passwords

    @rule(name=logins)
    def forgot(self, name: str) -> None:
        self.same(self.model.forgot(name), ForgotPassword(username=name, **self.client))

    @rule(name=logins, password=any_password, right=st.booleans())
    def confirm_forgot(self, name: str, password: str, right: bool) -> None:
        code = self.code(name, {"forgot_password"}, right=right)
        request = ConfirmForgotPassword(username=name, confirmation_code=code, password=password, **self.client)
        self.same(self.model.confirm_forgot(name, password, right=right), request)

    # Administration

    @rule(name=names, password=any_password, email=emails, verified=st.booleans())
    def admin_create(self, name: str, password: str, email: str, verified: bool) -> None:
        request = AdminCreateUser(
            username=name,
            temporary_password=password,
            user_attributes=listed({"email": email, "email_verified": str(verified).lower()}),
            message_action="SUPPRESS",
            **self.pool,
        )
        self.same(self.model.admin_create(name, password, email, verified=verified), request)

    @rule(name=logins, password=any_password, permanent=st.booleans())
    def admin_set_password(self, name: str, password: str, permanent: bool) -> None:
        request = AdminSetUserPassword(username=name, password=password, permanent=permanent, **self.pool)
        self.same(self.model.admin_set_password(name, password, permanent=permanent), request)

    @rule(name=logins)
    def admin_confirm(self, name: str) -> None:
        self.same(self.model.admin_confirm(name), AdminConfirmSignUp(username=name, **self.pool))

    @rule(name=logins)
    def admin_reset(self, name: str) -> None:
        self.same(self.model.admin_reset(name), AdminResetUserPassword(username=name, **self.pool))

    @rule(name=logins)
    def admin_verify(self, name: str) -> None:
        flag = listed({"email_verified": "true"})
        request = AdminUpdateUserAttributes(username=name, user_attributes=flag, **self.pool)
        self.same(self.model.admin_verify(name), request)

    @rule(name=logins, enabled=st.booleans())
    def set_enabled(self, name: str, enabled: bool) -> None:
        kind: Callable[..., Any] = AdminEnableUser if enabled else AdminDisableUser
        self.same(self.model.set_enabled(name, enabled=enabled), kind(username=name, **self.pool))

    @rule(name=logins)
    def admin_sign_out(self, name: str) -> None:
        self.same(self.model.admin_sign_out(name), AdminUserGlobalSignOut(username=name, **self.pool))

    @rule(name=logins)
    def admin_delete(self, name: str) -> None:
        self.same(self.model.admin_delete(name), AdminDeleteUser(username=name, **self.pool))

    # Groups

    @rule(group=groups)
    def create_group(self, group: str) -> None:
        self.same(self.model.create_group(group), CreateGroup(group_name=group, **self.pool))

    @rule(group=groups)
    def delete_group(self, group: str) -> None:
        self.same(self.model.delete_group(group), DeleteGroup(group_name=group, **self.pool))

    @rule(name=logins, group=groups, member=st.booleans())
    def set_member(self, name: str, group: str, member: bool) -> None:
        kind: Callable[..., Any] = AdminAddUserToGroup if member else AdminRemoveUserFromGroup
        request = kind(username=name, group_name=group, **self.pool)
        self.same(self.model.set_member(name, group, member=member), request)

    # Time, and what must be true at any moment

    @rule(seconds=st.sampled_from(MOVES))
    def wait(self, seconds: float) -> None:
        self.app.cognito.clock.move(seconds)
        self.model.now += seconds

    @invariant()
    def the_users_are_the_same(self) -> None:
        shown = self.app.send(ListUsers(**self.pool)).users or ()
        assert [user.username for user in shown] == list(self.model.people)
        for user in shown:
            person = self.model.people[user.username or ""]
            values = {each.name: each.value for each in user.attributes or ()}
            assert (user.user_status, user.enabled) == (person.status, person.enabled)
            assert (values["email"], values["email_verified"]) == (person.email, str(person.verified).lower())

    def teardown(self) -> None:
        """Everything, once at the end of a life."""
        for name in (*NAMES, *EMAILS):
            person = self.model.find(name)
            reply = self.same(OK if person else model.UNKNOWN, AdminGetUser(username=name, **self.pool))
            assert reply is None or reply.username == (person and person.name)
        for person in self.model.people.values():
            theirs = self.app.send(AdminListGroupsForUser(username=person.name, **self.pool)).groups or ()
            assert {group.group_name for group in theirs} == person.groups
        for group in self.model.groups.values():
            members = self.app.send(ListUsersInGroup(group_name=group, **self.pool)).users or ()
            expected = {person.name for person in self.model.people.values() if group in person.groups}
            assert {user.username for user in members} == expected


@pytest.mark.parametrize("part", range(8))
def test_lives(part: int) -> None:
    # Parts run side by side; each draws lives of its own, the same at every run.
    machine = seed(part)(type(f"Lives{part}", (Lives,), {}))
    chosen = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(machine, settings=chosen)
