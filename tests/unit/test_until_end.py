"""How long somebody who was admitted stays admitted."""

from __future__ import annotations

from typing import Any, Final

from cognito_auth import Secret, WebOptions
from cognito_auth.effects import AskStore, Effect, Flow, StoreOperation
from cognito_auth.errors import StoreUnavailable
from cognito_auth.stores import MemoryStore
from cognito_auth.web import WebAuth

from ..support.scripted import NOW, SETTINGS, Scripted
from ..support.users import user

ANA: Final = user(iat=NOW - 10, exp=NOW + 100)


class WithStore(Scripted):
    """Carries out what stores are asked, and does ``meanwhile`` in the first pause that ends after its moment."""

    def __init__(self, *, meanwhile: Flow[Any] | None = None, after: float = 0.0, away: bool = False) -> None:
        super().__init__()
        self._meanwhile = meanwhile
        self._after: Final = NOW + after
        self._away: Final = away

    def _answer(self, effect: Effect[Any]) -> Any:
        if not isinstance(effect, AskStore):
            return super()._answer(effect)
        if self._away:
            return StoreUnavailable("away")
        if self._meanwhile is not None and self.now > self._after:
            meanwhile, self._meanwhile = self._meanwhile, None
            self.run_on(meanwhile)
        operation: StoreOperation[Any] = effect.operation
        return effect.store.carry_out(operation)


def web(*, early_end: bool) -> WebAuth:
    secret = Secret("a-secret-that-only-these-tests-seal-with")
    return WebAuth(SETTINGS, WebOptions(secrets=(secret,), early_end=MemoryStore() if early_end else None))


def test_until_the_token_expires() -> None:
    driver = WithStore()
    driver.run(web(early_end=False).until_end(ANA))
    assert driver.pauses == [30, 30, 30, 10]


def test_not_at_all_with_a_token_that_has_expired() -> None:
    driver = WithStore()
    driver.run(web(early_end=False).until_end(user(iat=NOW - 100, exp=NOW)))
    assert driver.pauses == []


def test_until_access_is_ended() -> None:
    auth = web(early_end=True)
    driver = WithStore(meanwhile=auth.end_access(ANA.sub), after=40)
    driver.run(auth.until_end(ANA))
    assert driver.pauses == [30, 30]


def test_until_the_groups_change() -> None:
    auth = web(early_end=True)
    driver = WithStore(meanwhile=auth.refresh_access(ANA.sub), after=10)
    driver.run(auth.until_end(ANA))
    assert driver.pauses == [30]


def test_until_it_cannot_be_found_out() -> None:
    driver = WithStore(away=True)
    driver.run(web(early_end=True).until_end(ANA))
    assert driver.pauses == [30]
