"""Passwords: the policy, the history, and how they are kept.

A password is never stored. What is stored is SRP's verifier, which serves both kinds of sign-in: SRP directly, and a password
in clear by computing the verifier again.
"""

from __future__ import annotations

import hmac
import string
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ... import srp
from ...api.pool_settings import PasswordPolicy
from ..base import faults
from ..base.context import Context
from ..base.srp import SALT_BYTES
from ..store.records import Password, Pool, User
from .names import Stranger

SYMBOLS: Final = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"
DEFAULT_POLICY: Final = PasswordPolicy(
    minimum_length=8,
    require_uppercase=True,
    require_lowercase=True,
    require_numbers=True,
    require_symbols=True,
    temporary_password_validity_days=7,
)
"""The policy of a pool that was created without one."""

_DAY: Final = 24 * 3600.0
_TEMPORARY_LENGTH: Final = 12
_Rule = tuple[Callable[[PasswordPolicy], bool | None], Callable[[str], bool], str]
_RULES: Final[tuple[_Rule, ...]] = (
    (lambda policy: policy.require_uppercase, str.isupper, "Password must have uppercase characters"),
    (lambda policy: policy.require_lowercase, str.islower, "Password must have lowercase characters"),
    (lambda policy: policy.require_numbers, str.isdigit, "Password must have numeric characters"),
    (lambda policy: policy.require_symbols, lambda one: one in SYMBOLS, "Password must have symbol characters"),
)


def policy_of(pool: Pool) -> PasswordPolicy:
    """The pool's password policy."""
    policies = pool.settings.policies
    return (policies and policies.password_policy) or DEFAULT_POLICY


def first_factors(pool: Pool) -> frozenset[str]:
    """The factors that may open a sign-in; the password is always one."""
    policies = pool.settings.policies
    policy = policies and policies.sign_in_policy
    return frozenset({"PASSWORD", *((policy and policy.allowed_first_auth_factors) or ())})


def are_optional(pool: Pool) -> bool:
    """Whether a user can sign in without a password."""
    return len(first_factors(pool)) > 1


def check_policy(pool: Pool, password: str) -> None:
    """Raises `Fault` with the first rule of the policy that the password breaks."""
    policy = policy_of(pool)
    if len(password) < (policy.minimum_length or 0):
        raise faults.PASSWORD_POLICY("Password not long enough")
    for asked, fits, text in _RULES:
        if asked(policy) and not any(map(fits, password)):
            raise faults.PASSWORD_POLICY(text)


def matches(pool: Pool, username: str, kept: Password | None, password: str) -> bool:
    """Whether ``password`` is the one that ``kept`` was made from."""
    if kept is None:
        return False
    found = _verifier(pool, username, password, int(kept.salt, 16))
    return hmac.compare_digest(found.encode(), kept.verifier.encode())


def matches_nobody(pool: Pool, stranger: Stranger, password: str) -> bool:
    """Never true, and takes as long as `matches`."""
    _verifier(pool, stranger.sub, password, int.from_bytes(stranger.seed[:SALT_BYTES]))
    return False


def with_password(context: Context, pool: Pool, user: User, password: str) -> User:
    """The user with a new password.

    Raises `Fault` when it breaks the policy, or is one of the last passwords that the policy remembers.
    """
    check_policy(pool, password)
    remembered = policy_of(pool).password_history_size or 0
    past = (*([user.password] if user.password else []), *user.earlier_passwords)
    if any(matches(pool, user.username, each, password) for each in past[:remembered]):
        raise faults.PASSWORD_REUSED
    changed = with_any_password(context, pool, user, password)
    return replace(changed, earlier_passwords=past[: max(remembered - 1, 0)])


def with_any_password(context: Context, pool: Pool, user: User, password: str) -> User:
    """The user with a password that no policy judges: it was good elsewhere."""
    salt = int.from_bytes(context.random_bytes(SALT_BYTES))
    verifier = _verifier(pool, user.username, password, salt)
    return replace(user, password=Password(salt=f"{salt:x}", verifier=verifier, set_at=context.now))


def temporary_is_expired(context: Context, pool: Pool, user: User) -> bool:
    """Whether the password that the user was given has not been replaced in time."""
    days = policy_of(pool).temporary_password_validity_days or 7
    return user.password is None or user.password.set_at + days * _DAY <= context.now


def temporary_password(context: Context, pool: Pool) -> str:
    """A random password that fulfils any policy of this length."""
    length = max(policy_of(pool).minimum_length or 0, _TEMPORARY_LENGTH)
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!@#%&*+-=?")
    fixed = "".join(context.text(1, kind) for kind in kinds)
    return fixed + context.text(length - len(fixed), "".join(kinds))


def _verifier(pool: Pool, username: str, password: str, salt: int) -> str:
    return f"{srp.verifier(srp.Identity(pool.group, username), password, salt):x}"
