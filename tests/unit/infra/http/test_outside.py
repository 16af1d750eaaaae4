"""Calls to addresses from outside: what leads inside is refused where the connection is made."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from fanwheel.infra.http import outside
from fanwheel.infra.http.addresses import is_address, is_forbidden


@pytest.fixture
def inside() -> Iterator[str]:
    """A server of our own machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("location", "http://169.254.169.254/latest/meta-data")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silence."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def get(url: str, **options: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        async with outside.client(timeout_s=5, **options) as client:
            return await client.get(url)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("address", "from_outside", "from_inside"),
    [
        ("93.184.216.34", False, False),
        ("2606:2800:220:1::1", False, False),
        ("127.0.0.1", True, False),
        ("10.1.2.3", True, False),
        ("192.168.0.9", True, False),
        ("100.64.0.1", True, False),  # shared by a provider's customers
        ("::1", True, False),
        ("fd00::1", True, False),
        ("::ffff:127.0.0.1", True, False),
        ("2002:7f00:1::", True, False),  # 127.0.0.1 by way of 6to4
        ("64:ff9b::7f00:1", True, False),  # 127.0.0.1 beyond a translator
        ("64:ff9b::a9fe:a9fe", True, True),  # 169.254.169.254 beyond one
        ("64:ff9b::5db8:d822", False, False),
        ("fec0::1", True, False),
        ("::7f00:1", True, False),
        ("169.254.169.254", True, True),
        ("::ffff:169.254.169.254", True, True),
        ("fe80::1%eth0", True, True),
        ("0.0.0.0", True, True),
        ("224.0.0.1", True, True),
    ],
)
def test_which_addresses_are_not_to_be_called(address: str, from_outside: bool, from_inside: bool) -> None:
    assert is_forbidden(address, is_inside_allowed=False) is from_outside
    assert is_forbidden(address, is_inside_allowed=True) is from_inside


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433"])
def test_our_own_machine_is_not_called_however_it_is_written(inside: str, host: str) -> None:
    with pytest.raises((httpx.UnsupportedProtocol, httpx.ConnectError)):
        get(inside.replace("127.0.0.1", host))


def test_an_address_that_an_operator_named_is_called(inside: str) -> None:
    assert get(inside, trusted=[f"{inside}/v1"]).status_code == 302


def test_trust_in_one_port_is_no_trust_in_another(inside: str) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        get(inside, trusted=["http://127.0.0.1:1/v1"])


def test_a_redirect_is_not_followed(inside: str) -> None:
    assert get(inside, is_inside_allowed=True).status_code == 302


def test_a_name_that_leads_elsewhere_by_the_time_of_the_call_is_refused(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    async def look_up(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]

    async def run() -> None:
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "getaddrinfo", look_up)
        await loop.getaddrinfo("rebound.example", 80)  # a check beforehand would have seen a good address
        async with outside.client(timeout_s=5) as client:
            await client.get(f"http://rebound.example:{inside.rpartition(':')[2]}/")

    with pytest.raises(httpx.UnsupportedProtocol):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://shop.example/hooks?a=1", True),
        ("http://10.0.0.1:8080", True),
        ("ftp://shop.example", False),
        ("https://", False),
        ("https://user:secret@shop.example", False),
        ("https://shop.example:0", False),
        ("https://shop.example:99999", False),
        ("https://shop.example/a b", False),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
    ],
)
def test_what_can_be_called_at_all(url: str, is_one: bool) -> None:
    assert is_address(url) is is_one
