"""Calls to addresses that were given from outside: never to places only we can see, unless an operator named them.

The check is made where the connection is: a name that led somewhere else a moment ago makes no difference.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from typing import Final, cast

import httpcore
import httpx

from fanwheel.infra.http.addresses import Place, is_forbidden, place_of
from fanwheel.infra.http.pooling import Pool

_CONNECTIONS: Final = 100
_KEPT_ALIVE: Final = 64
_IDLE_S: Final = 30.0


class ForbiddenAddressError(httpcore.UnsupportedProtocol):
    """The address leads to a place that is not to be called."""


def client(*, timeout_s: float, trusted: Iterable[str] = (), is_inside_allowed: bool = False) -> httpx.AsyncClient:
    """A client that follows no redirect, asks no proxy, and refuses addresses that lead inside.

    ``trusted`` are addresses of operators, whose host and port may be on this machine or in its network; with
    ``is_inside_allowed`` any may. Where machines tell about themselves (link-local, as the metadata of clouds) is
    refused always.
    """
    places = frozenset(place for url in trusted if (place := place_of(url)) is not None)
    transport = httpx.AsyncHTTPTransport(verify=_certificates())
    transport._pool = Pool(
        _certificates(),
        _Backend(places, is_inside_allowed=is_inside_allowed),
        most=_CONNECTIONS,
        most_idle=_KEPT_ALIVE,
        idle_s=_IDLE_S,
    )
    return httpx.AsyncClient(transport=transport, timeout=timeout_s, follow_redirects=False, trust_env=False)


@cache
def _certificates() -> ssl.SSLContext:
    # To read them takes dozens of milliseconds, in which nothing else is done.
    return httpx.create_ssl_context(trust_env=False)


class _Backend(httpcore.AsyncNetworkBackend):
    """Looks a name up itself, and connects only to what it found and judged."""

    def __init__(self, trusted: frozenset[Place], *, is_inside_allowed: bool) -> None:
        self._trusted = trusted
        self._is_inside_allowed = is_inside_allowed
        self._network = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address that takes one."""
        is_inside_allowed = self._is_inside_allowed or (host.lower(), port) in self._trusted
        addresses = await _look_up(host, port)
        if any(is_forbidden(address, is_inside_allowed=is_inside_allowed) for address in addresses):
            raise ForbiddenAddressError("where this leads is no address to send to")
        failure: Exception = httpcore.ConnectError("The name leads nowhere.")
        for address in addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._network.sleep(seconds)


async def _look_up(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("The name leads nowhere.") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))
