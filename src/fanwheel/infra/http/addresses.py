"""Addresses that are given from outside: whether they can be called, and may be."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

Place = tuple[str, int]  # host and port
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")  # IPv4 beyond a translator (RFC 6052)
_PORTS: Final = {"http": 80, "https": 443}


def is_address(url: str) -> bool:
    """Whether something can be called under ``url``: HTTP, a host, no password in it."""
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_usable and parts.username is None and url.isprintable() and " " not in url


def is_forbidden(text: str, *, is_inside_allowed: bool) -> bool:
    """Whether an IP address is one that is not to be called."""
    address = ipaddress.ip_address(text.partition("%")[0])
    address = _inner(address) or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return True
    is_odd = address.is_reserved or getattr(address, "is_site_local", False)
    return not is_inside_allowed and (is_odd or not address.is_global)


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def place_of(url: str) -> Place | None:
    """The host and port of an address."""
    if not is_address(url):
        return None
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or _PORTS[parts.scheme]
