"""What Cognito does with its users, told a second time, as plainly as possible and without a line of the library.

The pool of the model: user names that differ in case only are the same, a verified mail address is an alias, mail addresses
are verified by code, the last three passwords are remembered, the client conceals who exists, a password is the only factor, so
that the first level of authentication is the only one within reach. An operation returns ``"ok"``,
or the error's code and the beginning of its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
REMEMBERED: Final = 3
FREE_FAILURES: Final = 5
REST: Final = 900.0
LIMITS: Final = {"resend": 5, "confirm": 15, "recover": 20, "change": 5, "send": 5, "verify": 15, "reset": 20}

OK: Final = "ok"
CHALLENGED: Final = "NEW_PASSWORD_REQUIRED"
INCORRECT: Final = "NotAuthorized: Incorrect username or password."
LOCKED: Final = "NotAuthorized: Password attempts exceeded"
DISABLED: Final = "NotAuthorized: User is disabled."
UNKNOWN: Final = "UserNotFound: User does not exist."
WRONG_CODE: Final = "CodeMismatch: Invalid verification code provided, please try again."
NO_CODE: Final = "ExpiredCode: Invalid code provided, please request a code again."
LIMIT: Final = "LimitExceeded: Attempt limit exceeded, please try after some time."
NO_GROUP: Final = "ResourceNotFound: Group not found."
REUSED: Final = "PasswordHistoryPolicyViolation: Password has previously been used"
WEAK: Final = "InvalidPassword: Password did not conform with policy: "
ALIAS_TAKEN: Final = "AliasExists: An account with the email already exists."
EXPIRED: Final = "NotAuthorized: Access Token has expired"
REVOKED: Final = "NotAuthorized: Access Token has been revoked"


@dataclass
class Person:
    """A user; ``codes`` holds for each purpose when the code that waits expires, and the address that it went to."""

    name: str
    status: str
    email: str
    verified: bool
    passwords: list[str] = field(default_factory=list[str])
    """The newest first."""
    set_at: float = 0.0
    enabled: bool = True
    groups: set[str] = field(default_factory=set[str])
    codes: dict[str, tuple[float, str]] = field(default_factory=dict[str, tuple[float, str]])
    failures: int = 0
    failed_at: float = 0.0
    tallies: dict[str, list[float]] = field(default_factory=dict[str, list[float]])


@dataclass
class Grant:
    """A sign-in, with the tokens that came of it."""

    person: Person
    signed_in_at: float
    issued_at: float
    revoked: bool = False
    level: int = 0
    """Which the sign-in asked for."""
    forgotten: bool = False
    """Whether nothing of it is known any more."""


class Model:
    """The pool."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.people: dict[str, Person] = {}
        self.strangers: dict[str, Person] = {}
        self.groups: dict[str, str] = {}
        self.grants: list[Grant] = []

    # Who is meant

    def find(self, name: str) -> Person | None:
        folded = name.lower()
        by_alias = (person for person in self.people.values() if person.verified and person.email == folded)
        return self.people.get(folded) or next(by_alias, None)

    def subject(self, name: str) -> Person:
        """Whose failures are counted: the user's, or those of somebody who is not there."""
        nobody = Person(name=name.lower(), status="", email="", verified=False)
        return self.find(name) or self.strangers.setdefault(name.lower(), nobody)

    def owner(self, email: str, besides: Person | None) -> Person | None:
        owners = (each for each in self.people.values() if each.verified and each.email == email and each is not besides)
        return next(owners, None)

    # Signing up

    def sign_up(self, name: str, password: str, email: str) -> str:
        if name.lower() in self.people:
            return "UsernameExists: User already exists"
        if _is_weak(password):
            return WEAK
        person = self._create(name, "UNCONFIRMED", email, verified=False, password=password)
        self._send(person, "sign_up", DAY)
        return OK

    def confirm(self, name: str, *, right: bool, force: bool) -> str:
        subject = self.subject(name)
        if self._is_over(subject, "confirm"):
            return LIMIT
        person = self.find(name)
        if person is None:
            self._count(subject, "confirm")
            return WRONG_CODE
        if person.status != "UNCONFIRMED":
            return f"NotAuthorized: User cannot be confirmed. Current status is {person.status}"
        refused = self._check_code(person, "sign_up", right=right, tally="confirm")
        if refused:
            return refused
        owner = self.owner(person.email, person)
        if owner is not None and not force:
            return ALIAS_TAKEN
        if owner is not None:
            owner.verified = False
        self._count(person, "confirm")
        person.status, person.verified = "CONFIRMED", True
        del person.codes["sign_up"]
        return OK

    def resend(self, name: str) -> str:
        subject = self.subject(name)
        if self._is_over(subject, "resend"):
            return LIMIT
        self._count(subject, "resend")
        person = self.find(name)
        if person is not None and person.enabled and person.status != "UNCONFIRMED":
            return "InvalidParameter: User is already confirmed."
        if person is not None and person.enabled:
            self._send(person, "sign_up", DAY)
        return OK

    # Signing in

    def sign_in(self, name: str, password: str, level: int = 0) -> str:
        subject, person = self.subject(name), self.find(name)
        if subject.failures and self.now >= subject.failed_at + REST:
            subject.failures = 0
        if subject.failures >= FREE_FAILURES and self.now < subject.failed_at + 2.0 ** (subject.failures - FREE_FAILURES):
            return LOCKED
        if person is None or not person.passwords or person.passwords[0] != password:
            subject.failures += 1
            subject.failed_at = self.now
            return INCORRECT
        person.failures = 0
        return self._admit(person, level)

    def _admit(self, person: Person, level: int) -> str:
        if not person.enabled:
            return DISABLED
        if person.status == "UNCONFIRMED":
            return "UserNotConfirmed: User is not confirmed."
        if person.status == "RESET_REQUIRED":
            return "PasswordResetRequired: Password reset required for the user"
        if person.status == "FORCE_CHANGE_PASSWORD":
            if self.now >= person.set_at + 7 * DAY:
                return "NotAuthorized: Temporary password has expired and must be reset by an administrator."
            return CHALLENGED
        return self._grant(person, level)

    def new_password(self, name: str, password: str, level: int = 0) -> str:
        """The answer to `CHALLENGED`."""
        person = self.find(name)
        assert person is not None
        refused = self._set_password(person, password)
        if refused:
            return refused
        person.status = "CONFIRMED"
        return self._grant(person, level)

    def step_up(self, grant: Grant, name: str, level: int, max_age: int) -> str:
        """Begin a sign-in from the grant's token."""
        allowed, person = self.caller(grant), grant.person
        if allowed != OK:
            return allowed
        if self.find(name) is not person:
            return "NotAuthorized: Access Token does not belong to the user"
        if level > 1:
            return "InvalidParameter: The user has no factors for any ACR level"
        counts = person.status == "CONFIRMED" and self.now - int(grant.signed_in_at) <= max_age
        return "InvalidParameter: ACCESS_TOKEN has the ACR level already" if counts and grant.level >= level else OK

    # With tokens

    def caller(self, grant: Grant) -> str:
        if self.now >= grant.issued_at + HOUR:
            return EXPIRED
        if grant.revoked:
            return REVOKED
        if self.people.get(grant.person.name) is not grant.person:
            return UNKNOWN
        return OK if grant.person.enabled else DISABLED

    def refresh(self, grant: Grant) -> str:
        if grant.forgotten:
            return "NotAuthorized: Invalid Refresh Token"
        if self.now >= grant.signed_in_at + 30 * DAY:
            return "NotAuthorized: Refresh Token has expired"
        if grant.revoked:
            return "NotAuthorized: Refresh Token has been revoked"
        if self.people.get(grant.person.name) is not grant.person:
            return UNKNOWN
        if not grant.person.enabled:
            return DISABLED
        grant.issued_at = self.now
        return OK

    def global_sign_out(self, grant: Grant) -> str:
        allowed = self.caller(grant)
        if allowed == OK:
            self._revoke(grant.person)
        return allowed

    def revoke(self, grant: Grant) -> str:
        grant.revoked = True
        return OK

    def change_password(self, grant: Grant, previous: str, proposed: str) -> str:
        allowed, person = self.caller(grant), grant.person
        if allowed != OK:
            return allowed
        if self._is_over(person, "change"):
            return LIMIT
        if person.passwords[0] != previous:
            self._count(person, "change")
            return INCORRECT
        refused = self._set_password(person, proposed)
        if not refused:
            self._count(person, "change")
        return refused or OK

    def change_email(self, grant: Grant, email: str) -> str:
        allowed, person = self.caller(grant), grant.person
        if allowed != OK:
            return allowed
        if self.owner(email, person):
            return ALIAS_TAKEN
        if email != person.email:
            person.email, person.verified = email, False
            self._send(person, "email", DAY)
        return OK

    def send_email_code(self, grant: Grant) -> str:
        allowed, person = self.caller(grant), grant.person
        if allowed != OK:
            return allowed
        if self._is_over(person, "send"):
            return LIMIT
        self._count(person, "send")
        self._send(person, "email", DAY)
        return OK

    def verify_email(self, grant: Grant, *, right: bool) -> str:
        allowed, person = self.caller(grant), grant.person
        if allowed != OK:
            return allowed
        if self._is_over(person, "verify"):
            return LIMIT
        refused = self._check_code(person, "email", right=right, tally="verify")
        if refused:
            return refused
        if self.owner(person.email, person):
            return ALIAS_TAKEN
        self._count(person, "verify")
        person.verified = True
        del person.codes["email"]
        return OK

    def delete_self(self, grant: Grant) -> str:
        allowed = self.caller(grant)
        if allowed == OK:
            self._delete(grant.person)
        return allowed

    # Forgotten passwords

    def forgot(self, name: str) -> str:
        subject, person = self.subject(name), self.find(name)
        if self._is_over(subject, "recover"):
            return LIMIT
        if person is not None and person.status == "FORCE_CHANGE_PASSWORD":
            return "NotAuthorized: User password cannot be reset in the current state."
        self._count(subject, "recover")
        if person is not None and person.enabled and person.status != "UNCONFIRMED" and person.verified:
            self._send(person, "forgot", HOUR)
        return OK

    def confirm_forgot(self, name: str, password: str, *, right: bool) -> str:
        subject, person = self.subject(name), self.find(name)
        if self._is_over(subject, "recover"):
            return LIMIT
        if person is None or not person.enabled:
            self._count(subject, "recover")
            return WRONG_CODE
        refused = self._check_code(person, "forgot", right=right, tally="recover")
        if refused:
            return refused
        if person.status == "FORCE_CHANGE_PASSWORD":
            return "NotAuthorized: User password cannot be reset in the current state."
        refused = self._set_password(person, password)
        if refused:
            return refused
        self._count(person, "recover")
        person.status, person.failures = "CONFIRMED", 0
        del person.codes["forgot"]
        return OK

    # Administration

    def admin_create(self, name: str, password: str, email: str, *, verified: bool) -> str:
        if name.lower() in self.people:
            return "UsernameExists: User account already exists"
        if _is_weak(password):
            return WEAK
        if verified and self.owner(email, None):
            return "UsernameExists: An account with the given email already exists."
        self._create(name, "FORCE_CHANGE_PASSWORD", email, verified=verified, password=password)
        return OK

    def admin_set_password(self, name: str, password: str, *, permanent: bool) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        refused = self._set_password(person, password)
        if refused:
            return refused
        person.status = "CONFIRMED" if permanent else "FORCE_CHANGE_PASSWORD"
        return OK

    def admin_confirm(self, name: str) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        if person.status != "UNCONFIRMED":
            return f"NotAuthorized: User cannot be confirmed. Current status is {person.status}"
        person.status = "CONFIRMED"
        person.codes.pop("sign_up", None)
        return OK

    def admin_reset(self, name: str) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        if self._is_over(person, "reset"):
            return LIMIT
        if person.status not in ("CONFIRMED", "RESET_REQUIRED"):
            return "NotAuthorized: User password cannot be reset in the current state."
        if not person.verified:
            return "InvalidParameter: Cannot reset password for the user as there is no registered/verified email"
        self._count(person, "reset")
        person.status = "RESET_REQUIRED"
        self._send(person, "forgot", HOUR)
        return OK

    def admin_verify(self, name: str) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        if self.owner(person.email, person):
            return ALIAS_TAKEN
        person.verified = True
        return OK

    def set_enabled(self, name: str, *, enabled: bool) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        person.enabled = enabled
        if not enabled:
            self._revoke(person)
        return OK

    def admin_sign_out(self, name: str) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        self._revoke(person)
        return OK

    def admin_delete(self, name: str) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        self._delete(person)
        return OK

    # Groups

    def create_group(self, group: str) -> str:
        if group.lower() in self.groups:
            return "GroupExists: A group with the name already exists."
        self.groups[group.lower()] = group
        return OK

    def delete_group(self, group: str) -> str:
        if self.groups.get(group.lower()) != group:
            return NO_GROUP
        del self.groups[group.lower()]
        for person in self.people.values():
            person.groups.discard(group)
        return OK

    def set_member(self, name: str, group: str, *, member: bool) -> str:
        person = self.find(name)
        if person is None:
            return UNKNOWN
        if self.groups.get(group.lower()) != group:
            return NO_GROUP
        (person.groups.add if member else person.groups.discard)(group)
        return OK

    # What the operations share

    def _create(self, name: str, status: str, email: str, *, verified: bool, password: str) -> Person:
        person = Person(name.lower(), status, email, verified, passwords=[password], set_at=self.now)
        self.people[person.name] = person
        return person

    def _delete(self, person: Person) -> None:
        del self.people[person.name]

    def _grant(self, person: Person, level: int) -> str:
        """Sign in; a month after they have expired, earlier sign-ins are forgotten."""
        for grant in self.grants:
            grant.forgotten = grant.forgotten or grant.signed_in_at + 60 * DAY < self.now
        self.grants.append(Grant(person, self.now, self.now, level=level))
        return OK

    def _revoke(self, person: Person) -> None:
        for grant in self._grants_of(person):
            grant.revoked = True

    def _grants_of(self, person: Person) -> Iterator[Grant]:
        return (grant for grant in self.grants if grant.person is person)

    def _set_password(self, person: Person, password: str) -> str | None:
        if _is_weak(password):
            return WEAK
        if password in person.passwords[:REMEMBERED]:
            return REUSED
        person.passwords = [password, *person.passwords][:REMEMBERED]
        person.set_at = self.now
        return None

    def _send(self, person: Person, purpose: str, lifetime: float) -> None:
        person.codes[purpose] = (self.now + lifetime, person.email)

    def _check_code(self, person: Person, purpose: str, *, right: bool, tally: str) -> str | None:
        expires_at, address = person.codes.get(purpose, (0.0, ""))
        if self.now >= expires_at or address != person.email:
            self._count(person, tally)
            return NO_CODE
        if not right:
            self._count(person, tally)
            return WRONG_CODE
        return None

    def _is_over(self, subject: Person, kind: str) -> bool:
        return sum(moment > self.now - HOUR for moment in subject.tallies.get(kind, ())) >= LIMITS[kind]

    def _count(self, subject: Person, kind: str) -> None:
        subject.tallies.setdefault(kind, []).append(self.now)


def _is_weak(password: str) -> bool:
    return not all(any(map(test, password)) for test in (str.islower, str.isupper, str.isdigit)) or len(password) < 8
