"""Where ``next`` leads: to a path on this site, whatever was written there."""

from __future__ import annotations

from typing import Final

import ada_url
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cognito_auth.web.redirects import MAX_LENGTH, same_origin_path

ORIGIN: Final = "https://app.example.com"
BASE: Final = f"{ORIGIN}/anything"
FALLBACK: Final = "/home"

HOSTILE: Final = (
    # another address, in full
    *("https://evil.example", "http://evil.example/", "HTTPS://evil.example", "https:evil.example", "https:/evil.example"),
    *("https:///evil.example", "https:\\\\evil.example", "http:\\evil.example", "ftp://evil.example", "wss://evil.example"),
    *("https://app.example.com", "https://app.example.com/", "https://app.example.com.evil.example/"),
    *(
        "https://app.example.com@evil.example/",
        "https://evil.example/https://app.example.com/",
        "evil.example",
        "www.evil.example",
    ),
    # other schemes
    *(
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "javascript://%0aalert(1)",
        "\x01javascript:alert(1)",
    ),
    *("data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "blob:https://evil.example/1", "file:///etc/passwd"),
    *("about:blank", "mailto:ana@evil.example", "view-source:https://evil.example", "intent://evil.example#Intent;end"),
    # two slashes, and what browsers take for them
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "//evil.example/%2f..",
        "//evil.example:443/",
        "//ana@evil.example",
    ),
    *("//[::1]/", "//0x7f.1/", "//%65vil.example", "//evil%2eexample", "//evil\u3002example", "//\uff45vil.example"),
    *("\\\\evil.example", "\\/evil.example", "/\\evil.example", "/\\/evil.example", "\\evil.example", "/\\\\evil.example"),
    *("/\\\tevil.example", "//\\evil.example", "///\\;@evil.example", "//;@evil.example", "/\\ana@evil.example"),
    # characters that browsers leave out
    *("/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "/\t\\evil.example", "\t//evil.example", "\n//evil.example"),
    *(
        " //evil.example",
        "\x00//evil.example",
        "\x1f//evil.example",
        "//evil.example\t",
        "/\r\n/evil.example",
        "/\x00/evil.example",
    ),
    *(
        "/\x0b/evil.example",
        "/\x7f/evil.example",
        " /home",
        "/home ",
        "\u00a0/home",
        "\u2028/home",
        "/home\n",
        "\ufeff//evil.example",
    ),
    # a path that becomes a host once somebody normalises or decodes it
    *(
        "/.//evil.example",
        "/..//evil.example",
        "/a/..//evil.example",
        "/./\\evil.example",
        "/a//evil.example",
        "/%2e//evil.example",
    ),
    *("/%2fevil.example", "/%2Fevil.example", "/%2f..", "/%2f%2fevil.example", "/%5cevil.example", "/%5Cevil.example"),
    *("/..%2f%2fevil.example", "/a/..%2f%2fevil.example", "/a%2f/evil.example", "/%09/evil.example", "/%0a/evil.example"),
    *("/%2f\\evil.example", "/%5c%5cevil.example", "/%00/evil.example"),
    # lines of their own in a header
    *(
        "/home\r\nSet-Cookie: a=b",
        "/home\nLocation: https://evil.example",
        "/%0d%0aSet-Cookie:%20a=b",
        "/home%0d%0a",
        "/\x85home%0a",
    ),
    # no path from the root
    *("", " ", "home", "./home", "../home", "?next=1", "#top", ".", "..", "@evil.example", ":443/", "*"),
    # what cannot be sent, or is too much
    *(
        "/\ud800",
        "/\udfff//evil.example",
        "/" + "a" * MAX_LENGTH,
        "/" + "\u00e9" * MAX_LENGTH,
        "/" + "\u00e9" * (MAX_LENGTH // 4),
    ),
)

SAFE: Final = {
    "/": "/",
    "/home": "/home",
    "/home/": "/home/",
    "/orders/1?sort=date&page=2": "/orders/1?sort=date&page=2",
    "/orders?from=https://pages.example.com//a": "/orders?from=https://pages.example.com//a",
    "/orders#//evil.example": "/orders#//evil.example",
    "/?next=%2F%2Fevil.example": "/?next=%2F%2Fevil.example",
    "/search?q=a%0Ab": "/search?q=a%0Ab",
    "/files/a%2Fb": "/files/a%2Fb",
    "/a/../b": "/a/../b",
    "/@ana": "/@ana",
    "/a:b": "/a:b",
    "/javascript:alert(1)": "/javascript:alert(1)",
    "/caf\u00e9": "/caf%C3%A9",
    "/\uff0fevil.example": "/%EF%BC%8Fevil.example",
    "/a b": "/a%20b",
    '/"><script>': "/%22%3E%3Cscript%3E",
    "/a|b{c}^`": "/a%7Cb%7Bc%7D%5E%60",
    "/100%": "/100%",
    "/%ff": "/%ff",
    "/" + "a" * (MAX_LENGTH - 1): "/" + "a" * (MAX_LENGTH - 1),
}


def arrives_at(path: str) -> str:
    """The origin that a browser ends up at when it is sent to ``path``."""
    return str(ada_url.URL(path, base=BASE).origin)


def test_the_table_is_long_and_says_nothing_twice() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) > 80


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:60])
def test_what_may_lead_elsewhere_is_replaced(value: str) -> None:
    assert same_origin_path(value, FALLBACK) == FALLBACK


@pytest.mark.parametrize("value", SAFE, ids=lambda value: ascii(value)[:60])
def test_paths_on_this_site_are_kept(value: str) -> None:
    assert same_origin_path(value, FALLBACK) == SAFE[value]
    assert arrives_at(SAFE[value]) == ORIGIN


def test_nothing_leads_to_the_fallback() -> None:
    assert same_origin_path(None) == "/"
    assert same_origin_path(None, FALLBACK) == FALLBACK


def test_it_is_its_own_fixed_point() -> None:
    for path in SAFE.values():
        assert same_origin_path(path, FALLBACK) == path


PIECES: Final = st.sampled_from(
    [
        *(
            "/",
            "\\",
            "//",
            ".",
            "..",
            "%2f",
            "%5C",
            "%2e",
            "%09",
            "\t",
            "\n",
            "\r",
            "\x00",
            " ",
            "@",
            ":",
            "?",
            "#",
            ";",
            "[",
            "]",
        ),
        *("https:", "javascript:", "evil.example", "a", "\u00e9", "\u3002", "\uff0f", "\ud800", "%", "|"),
    ]
)


@given(value=st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=40) | st.text(max_size=40).map("/{}".format))
@example(value="/\t/evil.example")
def test_a_browser_never_leaves_the_origin(value: str) -> None:
    path = same_origin_path(value, FALLBACK)
    assert arrives_at(path) == ORIGIN
    # Nor does one that reads again what it, or a server that decodes paths, made of it.
    assert arrives_at(str(ada_url.URL(path, base=BASE).pathname)) == ORIGIN
    assert path.isascii()
    assert path.isprintable()
    assert same_origin_path(path, FALLBACK) == path
