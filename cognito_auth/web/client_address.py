"""Where a request comes from, when proxies stand between: the address of the client, as far as it can be vouched for.

Whoever sends a request can put anything into its headers. What a proxy adds stands at their end, so they are read from there,
and only as long as the address that was read last is a trusted proxy's. Sources: RFC 7239 (``Forwarded``); ``X-Forwarded-For``
has no standard and is a list of addresses, some with a port.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from ..errors import ConfigurationError
from .http import Request

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

MAX_ENTRIES: Final = 20
"""Entries of a header that are read; no honest chain of proxies is longer."""
MAX_ENTRY: Final = 512
"""Characters of an entry that is read."""

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the grammar of RFC 9110, section 5.6.2
_PAIR: Final = re.compile(rf'({_TOKEN})=(?:({_TOKEN})|"([^"\\]*)")')
_BRACKETED: Final = re.compile(r"\[([^\[\]]*)\](?::[0-9]{1,5})?")
_V4_WITH_PORT: Final = re.compile(r"([0-9.]+):[0-9]{1,5}")


def networks(given: Collection[str]) -> tuple[Network, ...]:
    """The networks, each an address or a range such as ``10.0.0.0/8``.

    Raises `ConfigurationError` for what is none, and for a range that would trust everybody.
    """
    if isinstance(given, str):
        raise ConfigurationError(f"trusted_proxies is {given!r}; it must be a tuple, such as ('10.0.0.0/8',)")
    return tuple(_network(text) for text in given)


def client_address(request: Request, trusted_proxies: tuple[Network, ...]) -> str | None:
    """The client's address, without port and zone; ``None`` when the connection's other end has no IP address.

    That is the connection's other end, unless it is a trusted proxy. Then it is the last address in ``Forwarded``, or else in
    ``X-Forwarded-For``, that is no trusted proxy's. An entry that is no address ends the reading, and so does the bound
    `MAX_ENTRIES`: what was read up to there, a proxy's address at worst, is the answer.

    With both headers, each that leads elsewhere than the other may be one that the client sent and the proxy handed through:
    they have to agree, and otherwise only the connection's other end counts.
    """
    if request.client is None or (peer := _address(request.client)) is None:
        return None
    found = {
        _walk(peer, _from_the_right(request, name), read, trusted_proxies)
        for name, read in _READERS
        if request.every_header(name)
    }
    return str(found.pop() if len(found) == 1 else peer)


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} in trusted_proxies is no network; it must look like '10.0.0.0/8'") from None
    if network.prefixlen == 0:
        raise ConfigurationError(f"{text!r} in trusted_proxies would trust everybody")
    return network


def _walk(
    peer: Address, entries: Iterator[str], read: Callable[[str], Address | None], trusted: tuple[Network, ...]
) -> Address:
    """From the connection's other end on, the first address that is no trusted proxy's, or the last that can be read."""
    reached = peer
    while any(reached in network for network in trusted):
        entry = next(entries, None)
        address = None if entry is None else read(entry)
        if address is None:
            break
        reached = address
    return reached


def _from_the_right(request: Request, name: str) -> Iterator[str]:
    """The header's entries, the last first; several headers are one list (RFC 9110, section 5.3)."""
    left = ",".join(request.every_header(name))
    for _ in range(MAX_ENTRIES):
        left, comma, entry = left.rpartition(",")
        yield entry.strip(" \t")
        if not comma:
            return


def _forwarded(entry: str) -> Address | None:
    """The address in an element of ``Forwarded``.

    A comma within quotes takes an element apart, whose pieces then are malformed. So nothing that a proxy quotes can pass for
    an element of its own.
    """
    if len(entry) > MAX_ENTRY:
        return None
    found: str | None = None
    for text in entry.split(";"):
        pair = _PAIR.fullmatch(text.strip(" \t"))
        if pair is None:
            return None
        name, token, quoted = pair.groups()
        if name.lower() == "for":
            if found is not None:
                return None
            found = token if token is not None else quoted
    return None if found is None else _node(found)


def _node(text: str) -> Address | None:
    """The address in ``192.0.2.1``, ``192.0.2.1:4711``, ``[2001:db8::1]:4711`` or ``2001:db8::1``."""
    if len(text) > MAX_ENTRY:
        return None
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        address = _address(bracketed[1])
        return address if ":" in bracketed[1] else None
    with_port = _V4_WITH_PORT.fullmatch(text)
    return _address(with_port[1] if with_port else text)


def _address(text: str) -> Address | None:
    """The address, without zone; an IPv4 address that came through an IPv6 socket is an IPv4 address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return address.ipv4_mapped or IPv6Address(int(address))


_READERS: Final = (("forwarded", _forwarded), ("x-forwarded-for", _node))
