"""The client's address behind proxies: what is believed, how far, and from whom."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_auth.errors import ConfigurationError
from cognito_auth.web.client_address import MAX_ENTRIES, MAX_ENTRY, client_address, networks
from cognito_auth.web.http import Request

PROXY: Final = "10.0.0.1"
CLIENT: Final = "203.0.113.7"
TRUSTED: Final = networks(("10.0.0.0/8", "2001:db8:ffff::/48"))
LISTED: Final = "X-Forwarded-For"
FORWARDED: Final = "Forwarded"


def address(peer: str | None, *headers: tuple[str, str]) -> str | None:
    return client_address(Request(method="GET", scheme="https", client=peer, headers=headers), TRUSTED)


LOOKS: Final = "it must look like '10.0.0.0/8'"


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        pytest.param(
            "10.0.0.0/8", "trusted_proxies is '10.0.0.0/8'; it must be a tuple, such as ('10.0.0.0/8',)", id="not a tuple"
        ),
        pytest.param(("10.0.0.1", "proxy"), f"'proxy' in trusted_proxies is no network; {LOOKS}", id="a name"),
        pytest.param(("10.0.0.1/8",), f"'10.0.0.1/8' in trusted_proxies is no network; {LOOKS}", id="an address in a range"),
        pytest.param(("0.0.0.0/0",), "'0.0.0.0/0' in trusted_proxies would trust everybody", id="everybody"),
        pytest.param(("::/0",), "'::/0' in trusted_proxies would trust everybody", id="everybody by IPv6"),
    ],
)
def test_networks_that_are_refused(listed: Any, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        networks(listed)
    assert str(caught.value) == sentence


def test_networks() -> None:
    assert networks(()) == ()
    assert networks(["128.0.0.0/1", "2001:db8::1"]) == (ip_network("128.0.0.0/1"), ip_network("2001:db8::1/128"))


@pytest.mark.parametrize(
    ("peer", "told"),
    [
        pytest.param(CLIENT, CLIENT, id="IPv4"),
        pytest.param("2001:DB8::7", "2001:db8::7", id="IPv6"),
        pytest.param("fe80::1%eth0", "fe80::1", id="with a zone"),
        pytest.param("::ffff:203.0.113.7", CLIENT, id="IPv4 through an IPv6 socket"),
        pytest.param(PROXY, PROXY, id="a proxy"),
        pytest.param(None, None, id="a Unix socket"),
        pytest.param("", None, id="empty"),
        pytest.param("testclient", None, id="a name"),
        pytest.param("203.0.113.7:80", None, id="with a port"),
        pytest.param("0xcb.0.113.7", None, id="another base"),
    ],
)
def test_without_headers_it_is_the_other_end_of_the_connection(peer: str | None, told: str | None) -> None:
    assert address(peer) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(CLIENT, CLIENT, id="one"),
        pytest.param(f"6.6.6.6, {CLIENT}", CLIENT, id="what the client put before it"),
        pytest.param(f"6.6.6.6, {CLIENT}, 10.0.0.3, 10.0.0.2", CLIENT, id="trusted proxies are skipped"),
        pytest.param(f"{CLIENT}, 192.0.2.1, 10.0.0.2", "192.0.2.1", id="a proxy that is not trusted"),
        pytest.param("10.0.0.3, 10.0.0.2", "10.0.0.3", id="nothing but proxies"),
        pytest.param("", PROXY, id="empty"),
        pytest.param(f"{CLIENT}, ", PROXY, id="an empty entry"),
        pytest.param(f"{CLIENT},unknown", PROXY, id="unknown"),
        pytest.param(f"{CLIENT}, _hidden, 10.0.0.2", "10.0.0.2", id="obfuscated"),
        pytest.param(f"{CLIENT}, nonsense", PROXY, id="malformed"),
        pytest.param(f"\t{CLIENT}\t", CLIENT, id="tabs"),
        pytest.param(f"\xa0{CLIENT}\xa0", PROXY, id="blanks that are none of HTTP's"),
        pytest.param(f"X{CLIENT}X", PROXY, id="letters around it"),
        pytest.param(f"{CLIENT}:4711", CLIENT, id="with a port"),
        pytest.param(f"{CLIENT}:471100", PROXY, id="a port that is none"),
        pytest.param(f"{CLIENT}:", PROXY, id="no port"),
        pytest.param("2001:db8::7", "2001:db8::7", id="IPv6"),
        pytest.param("[2001:db8::7]", "2001:db8::7", id="in brackets"),
        pytest.param("[2001:db8::7]:4711", "2001:db8::7", id="in brackets with a port"),
        pytest.param("[2001:db8:ffff::2]:4711", "2001:db8:ffff::2", id="a proxy in brackets, and no more"),
        pytest.param(f"{CLIENT}, [2001:db8:ffff::2]:4711", CLIENT, id="a proxy in brackets"),
        pytest.param("[2001:db8::7", PROXY, id="a bracket that does not close"),
        pytest.param("[2001:db8::7]x", PROXY, id="something after the bracket"),
        pytest.param(f"[{CLIENT}]", PROXY, id="IPv4 in brackets"),
        pytest.param("fe80::1%eth0", "fe80::1", id="with a zone"),
        pytest.param("[fe80::1%<script>]:80", "fe80::1", id="with a zone that is none"),
        pytest.param("fe80::1%", PROXY, id="with an empty zone"),
        pytest.param("::ffff:10.0.0.2", "10.0.0.2", id="a proxy through an IPv6 socket"),
        pytest.param(f"{CLIENT}, ::ffff:10.0.0.2", CLIENT, id="a proxy through an IPv6 socket is skipped"),
        pytest.param("203.0.113.007", PROXY, id="leading zeros"),
        pytest.param("3405803783", PROXY, id="a number"),
        pytest.param("203.0.113", PROXY, id="three parts"),
        pytest.param("٢٠٣.0.113.7", PROXY, id="digits of another script"),
        pytest.param(f'"{CLIENT}"', PROXY, id="quoted"),
        pytest.param(f"for={CLIENT}", PROXY, id="the form of the other header"),
        pytest.param(f"{CLIENT}, {'10.0.0.2, ' * (MAX_ENTRIES - 1)}10.0.0.3", "10.0.0.2", id="too many"),
        pytest.param(f"{CLIENT}, {'10.0.0.2, ' * (MAX_ENTRIES - 2)}10.0.0.3", CLIENT, id="just few enough"),
        pytest.param("1" * 100_000, PROXY, id="long"),
        pytest.param("," * 100_000, PROXY, id="many"),
        pytest.param(f"fe80::1%{'x' * (MAX_ENTRY - 8)}", "fe80::1", id="a zone just short enough"),
        pytest.param(f"fe80::1%{'x' * (MAX_ENTRY - 7)}", PROXY, id="a long zone"),
    ],
)
def test_x_forwarded_for(value: str, told: str) -> None:
    assert address(PROXY, (LISTED, value)) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(f"for={CLIENT}", CLIENT, id="one"),
        pytest.param(f"For={CLIENT};Proto=https;by=10.0.0.2", CLIENT, id="names in any case"),
        pytest.param(f"proto=https ; for={CLIENT}", CLIENT, id="in any order"),
        pytest.param(f"proto=https;\tfor={CLIENT}\t;by=10.0.0.2", CLIENT, id="tabs"),
        pytest.param(f"proto=https;\xa0for={CLIENT}", PROXY, id="a blank that is none of HTTP's"),
        pytest.param(f"proto=https;Xfor={CLIENT}", PROXY, id="a name that ends with for"),
        pytest.param(f"for=6.6.6.6, for={CLIENT}", CLIENT, id="what the client put before it"),
        pytest.param(f'for=6.6.6.6, for={CLIENT}, for="10.0.0.3:80", for=10.0.0.2', CLIENT, id="trusted proxies are skipped"),
        pytest.param(f'for="{CLIENT}:4711"', CLIENT, id="with a port"),
        pytest.param('for="[2001:db8::7]"', "2001:db8::7", id="IPv6"),
        pytest.param('for="[2001:db8::7]:4711"', "2001:db8::7", id="IPv6 with a port"),
        pytest.param("for=[2001:db8::7]", PROXY, id="IPv6 without quotes"),
        pytest.param(f"for={CLIENT}, for=unknown", PROXY, id="unknown"),
        pytest.param(f"for={CLIENT}, for=_hidden", PROXY, id="obfuscated"),
        pytest.param(f'for={CLIENT}, for="_hidden:_port"', PROXY, id="obfuscated with a port"),
        pytest.param(f"for={CLIENT}, proto=https", PROXY, id="an element without an address"),
        pytest.param(f"for={CLIENT};for=6.6.6.6", PROXY, id="two addresses in an element"),
        pytest.param(f"for={CLIENT};", PROXY, id="an empty pair"),
        pytest.param(f"for = {CLIENT}", PROXY, id="blanks"),
        pytest.param(CLIENT, PROXY, id="the form of the other header"),
        pytest.param("for=", PROXY, id="no value"),
        pytest.param('for=""', PROXY, id="an empty value"),
        pytest.param(f'for="{CLIENT}', PROXY, id="a quote that does not close"),
        pytest.param(f'for=", for={CLIENT}', CLIENT, id="a quote that the client opened"),
        pytest.param(f'for="\\, for={CLIENT}', CLIENT, id="a quote that the client opened and escaped"),
        pytest.param(f'for={CLIENT};host="a, for=6.6.6.6"', PROXY, id="an element within quotes"),
        pytest.param(f'for={CLIENT};host="a\\", for=6.6.6.6;host=\\"b"', PROXY, id="an element within escaped quotes"),
        pytest.param(f'for="{CLIENT[:-1]}\\7"', PROXY, id="an escape"),
        pytest.param(f"for={CLIENT};host=".ljust(MAX_ENTRY, "x"), CLIENT, id="just short enough"),
        pytest.param(f"for={CLIENT};host=".ljust(MAX_ENTRY + 1, "x"), PROXY, id="long"),
        pytest.param(f"for={CLIENT}{', for=10.0.0.2' * MAX_ENTRIES}", "10.0.0.2", id="too many"),
    ],
)
def test_forwarded(value: str, told: str) -> None:
    assert address(PROXY, (FORWARDED, value)) == told


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        pytest.param([(FORWARDED, f"for={CLIENT}"), (LISTED, CLIENT)], CLIENT, id="both alike"),
        pytest.param([(FORWARDED, "for=6.6.6.6"), (LISTED, CLIENT)], PROXY, id="Forwarded is the client's own"),
        pytest.param([(FORWARDED, f"for={CLIENT}"), (LISTED, "6.6.6.6")], PROXY, id="X-Forwarded-For is the client's own"),
        pytest.param([(FORWARDED, ""), (LISTED, CLIENT)], PROXY, id="one says nothing"),
        pytest.param([(LISTED, "6.6.6.6"), (LISTED, CLIENT)], CLIENT, id="two lines are one list"),
        pytest.param([("x-forwarded-for", CLIENT)], CLIENT, id="names in any case"),
        pytest.param([("X-Real-IP", "6.6.6.6"), ("True-Client-IP", "6.6.6.6")], PROXY, id="headers that nobody asked for"),
    ],
)
def test_several_headers(headers: list[tuple[str, str]], told: str) -> None:
    assert address(PROXY, *headers) == told


HEADERS: Final = st.lists(
    st.tuples(
        st.sampled_from((LISTED, FORWARDED)),
        st.text(max_size=80)
        | st.lists(
            st.sampled_from(
                (",", ";", '"', "\\", "for=", "10.0.0.2", "6.6.6.6", "[", "]", "::1", "%", ":", "80", " ", "unknown", "_")
            ),
            max_size=30,
        ).map("".join),
    ),
    max_size=4,
)


@given(headers=HEADERS)
@example(headers=[(FORWARDED, "for=6.6.6.6"), (LISTED, "6.6.6.6")])
def test_from_whoever_is_no_trusted_proxy_no_header_counts(headers: list[tuple[str, str]]) -> None:
    assert address(CLIENT, *headers) == CLIENT


@given(headers=HEADERS)
def test_whatever_is_sent_an_address_is_told(headers: list[tuple[str, str]]) -> None:
    told = address(PROXY, *headers)
    assert told is not None
    assert str(ip_address(told)) == told


@given(junk=HEADERS)
def test_nothing_that_a_client_sends_outdoes_what_the_proxy_adds(junk: list[tuple[str, str]]) -> None:
    """The proxy appends to one of the headers and hands the other through."""
    for name, added in ((LISTED, CLIENT), (FORWARDED, f'for="{CLIENT}:4711";host="a"'), (FORWARDED, f"for={CLIENT}")):
        handed_through = {other for other, _ in junk} - {name}
        assert address(PROXY, *junk, (name, added)) in ((CLIENT, PROXY) if handed_through else (CLIENT,))
