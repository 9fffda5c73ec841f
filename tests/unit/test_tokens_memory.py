"""The times of tokens, and what is remembered of them for how long."""

from __future__ import annotations

import threading
from typing import Final

import pytest

from cognito_auth.errors import SignatureInvalid, TokenError, TokenExpired, TokenNotYetValid
from cognito_auth.tokens import KeyWanted, TokenVerifier, jws
from cognito_auth.tokens.keys import KeySet
from cognito_auth.tokens.trust import Trust
from tests.support.drive import World, loaded
from tests.support.tokens import (
    NOW,
    access_claims,
    header,
    id_claims,
    jwk,
    key_set,
    kid,
    signed,
    token_of,
    verifier,
)

DAY: Final = 24 * 3600.0


def memory_of(made: TokenVerifier) -> Trust:
    return made._ring.latest  # pyright: ignore[reportPrivateUsage]  # seen from nowhere else


# Time


@pytest.mark.parametrize("claim", ["iat", "nbf"])
@pytest.mark.parametrize(("skew", "passes"), [(29, True), (30, True), (31, False), (90, False), (3600, False)])
def test_a_clock_behind_cognitos(claim: str, skew: int, passes: bool) -> None:
    world, made = World(), verifier()
    token = signed(access_claims(**{claim: int(NOW) + skew}))
    if passes:
        assert world.run(made.access_token(token)).username == "ana"
    else:
        with pytest.raises(TokenNotYetValid, match=claim):
            world.run(made.access_token(token))


@pytest.mark.parametrize(("skew", "passes"), [(29, True), (30, False), (31, False), (90, False), (3600, False)])
def test_a_clock_ahead_of_cognitos(skew: int, passes: bool) -> None:
    world, made = World(), verifier()
    token = signed(access_claims(exp=int(NOW) - skew))
    if passes:
        assert world.run(made.access_token(token)).username == "ana"
    else:
        with pytest.raises(TokenExpired):
            world.run(made.access_token(token))


@pytest.mark.parametrize("leeway", [0, 60])
def test_leeway_is_the_applications(leeway: int) -> None:
    made = loaded(World(), leeway=leeway)
    assert made.check_access_token(signed(access_claims(exp=int(NOW) - leeway + 1)), NOW)
    with pytest.raises(TokenExpired):
        made.check_access_token(signed(access_claims(exp=int(NOW) - leeway)), NOW)


def test_a_clock_that_steps_back() -> None:
    world, made = World(), verifier()
    token = token_of()
    assert world.run(made.access_token(token)).username == "ana"
    world.now -= 3600
    with pytest.raises(TokenNotYetValid):
        world.run(made.access_token(token))
    world.now += 3600
    assert world.run(made.access_token(token)).username == "ana"


def test_a_clock_that_is_broken_lets_nobody_in() -> None:
    made = loaded(World())
    for token in (token_of(), token_of(username="another")):
        with pytest.raises(TokenExpired):
            made.check_access_token(token, float("nan"))


# Memory


def test_a_remembered_token_expires() -> None:
    made = loaded(World())
    token = signed(access_claims())
    first = made.check_access_token(token, NOW)
    assert made.check_access_token(token, NOW + 3629) is first
    with pytest.raises(TokenExpired):
        made.check_access_token(token, NOW + 3630)
    with pytest.raises(TokenExpired):
        made.check_access_token(token, NOW + DAY)


def test_a_remembered_token_is_compared_whole() -> None:
    """One that only ends like it is another token."""
    made = loaded(World())
    token = token_of()
    made.check_access_token(token, NOW)
    head, payload, proof = token.split(".")
    for other in (f"{head}.{payload[:-4]}AAAA.{proof}", f"{head}.{payload}.{'A' if proof[0] != 'A' else 'B'}{proof[1:]}"):
        with pytest.raises(SignatureInvalid):
            made.check_access_token(other, NOW)


def test_a_token_remembered_as_one_kind_is_not_the_other() -> None:
    made = loaded(World())
    access, identity = token_of(), signed(id_claims())
    made.check_access_token(access, NOW)
    made.check_id_token(identity, NOW)
    with pytest.raises(TokenError, match="this is an access token"):
        made.check_id_token(access, NOW)
    with pytest.raises(TokenError, match="this is an ID token"):
        made.check_access_token(identity, NOW)


def test_refused_tokens_are_not_remembered() -> None:
    made = loaded(World())
    early = signed(access_claims(iat=int(NOW) + 100))
    with pytest.raises(TokenNotYetValid):
        made.check_access_token(early, NOW)
    assert made.check_access_token(early, NOW + 100).username == "ana"


def test_memory_is_bounded_and_the_oldest_goes_first() -> None:
    made = loaded(World(), remember=3)
    tokens = [token_of(username=f"user-{number}") for number in range(5)]
    first = [made.check_access_token(token, NOW) for token in tokens]
    again = [made.check_access_token(token, NOW) for token in reversed(tokens)]
    assert [old is new for old, new in zip(reversed(first), again, strict=True)] == [True, True, True, False, False]


def test_remembering_can_be_switched_off() -> None:
    made = loaded(World(), remember=0)
    token = token_of()
    assert made.check_access_token(token, NOW) is not made.check_access_token(token, NOW)


def test_headers_are_bounded() -> None:
    """Whoever has a key can spell a header in any number of ways; that must not fill the memory."""
    world = World()
    made = loaded(world)
    spellings = [b"{%s" % (b" " * number) + b'"kid":"%s","alg":"RS256"}' % kid().encode() for number in range(150)]
    for spelling in spellings:
        assert made.check_access_token(signed(access_claims(), spelling), NOW).username == "ana"
    assert len(memory_of(made)._headers) == 100  # pyright: ignore[reportPrivateUsage]  # seen from nowhere else


def test_a_header_that_a_key_has_signed_is_not_read_again() -> None:
    """It leads to its key without the key set, which nothing changes but a test that wants to see it."""
    keys = dict(KeySet.parse(key_set()).by_kid)
    trust = Trust(KeySet(keys), remember=0)
    seen, unseen = (jws.parse(signed(access_claims(), head)) for head in (header(), header(typ="JWT")))
    trust.check_signature(seen[0], seen[1], seen[3])
    keys.clear()
    trust.check_signature(seen[0], seen[1], seen[3])
    with pytest.raises(KeyWanted):
        trust.check_signature(unseen[0], unseen[1], unseen[3])
    with pytest.raises(SignatureInvalid):
        trust.check_signature(seen[0], unseen[1], seen[3])


def test_a_new_key_set_forgets_what_the_old_one_proved() -> None:
    world = World(key_set(jwk(), jwk("second")))
    made = loaded(world)
    token = token_of("second")
    first = made.check_access_token(token, NOW)
    assert made.check_access_token(token, NOW) is first
    world.answer = key_set(jwk("second"))
    world.advance(4500)
    world.run(made.access_token(token_of()))
    world.settle()
    assert made.check_access_token(token, NOW) is not first
    with pytest.raises(KeyWanted):
        made.check_access_token(token_of(), NOW)


def test_the_same_key_set_forgets_nothing() -> None:
    world = World()
    made = loaded(world)
    token = token_of()
    first = made.check_access_token(token, NOW)
    world.advance(4500)
    world.run(made.access_token(token))
    world.settle()
    assert len(world.fetches) == 2
    assert made.check_access_token(token, NOW) is first


def test_a_key_that_changes_behind_its_name_is_a_new_key() -> None:
    world = World()
    made = loaded(world)
    token = token_of()
    made.check_access_token(token, NOW)
    world.answer = key_set(jwk("second", kid=kid()))
    world.advance(4500)
    world.run(made.access_token(token))
    world.settle()
    with pytest.raises(SignatureInvalid):
        made.check_access_token(token, NOW)


def test_many_threads_share_one_memory() -> None:
    world = World()
    made = loaded(world, remember=8)
    tokens = [token_of(username=f"user-{number}") for number in range(24)]
    surprises: list[object] = []

    def work(offset: int) -> None:
        for number in range(400):
            wanted = (number * 7 + offset) % len(tokens)
            try:
                name = made.check_access_token(tokens[wanted], NOW).username
            except Exception as error:  # an error in a thread would go unseen
                surprises.append(error)
            else:
                if name != f"user-{wanted}":
                    surprises.append(name)

    threads = [threading.Thread(target=work, args=(offset,)) for offset in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert surprises == []
    assert len(memory_of(made)._proven) == 8  # pyright: ignore[reportPrivateUsage]  # seen from nowhere else
