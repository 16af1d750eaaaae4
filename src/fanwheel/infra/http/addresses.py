"""Addresses that are given from outside: whether they can be called, and may be."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

Place = tuple[str, int]  # host and port
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
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None:
        address = mapped
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return True
    return not is_inside_allowed and not address.is_global


def place_of(url: str) -> Place | None:
    """The host and port of an address."""
    if not is_address(url):
        return None
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), parts.port or _PORTS[parts.scheme]
