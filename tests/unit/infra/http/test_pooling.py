"""Connections are used again, given back whatever happens, and never more than there may be."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import httpx
import pytest

from fanwheel.infra.http import outside
from fanwheel.infra.http.pooling import Pool


class Server:
    """Counts connections, and answers as it is told."""

    def __init__(self) -> None:
        self.connections = self.open = self.most_open = 0
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        self.is_closing = False
        self.rest_s = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(self.rest_s)
                writer.write(self.answer)
                await writer.drain()
                if self.is_closing:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


Act = Callable[[Server, httpx.AsyncClient, str], Awaitable[Any]]


def during(act: Act) -> Server:
    server = Server()

    async def run() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        async with outside.client(timeout_s=5, trusted=[url]) as client:
            await act(server, client, url)
        listening.close()

    work: Coroutine[Any, Any, None] = run()
    asyncio.run(work)
    return server


def test_one_connection_serves_requests_that_follow_each_other() -> None:
    async def act(_: Server, client: httpx.AsyncClient, url: str) -> None:
        for _ in range(5):
            assert (await client.get(url)).text == "ok"

    assert during(act).connections == 1


def test_a_connection_that_the_server_closed_is_replaced() -> None:
    async def act(server: Server, client: httpx.AsyncClient, url: str) -> None:
        server.is_closing = True
        for _ in range(5):
            assert (await client.get(url)).text == "ok"
            await asyncio.sleep(0.01)  # the end of the connection arrives

    assert during(act).connections == 5


def test_an_answer_that_is_left_half_read_gives_its_connection_up() -> None:
    async def act(server: Server, client: httpx.AsyncClient, url: str) -> None:
        server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nbeginning"
        for _ in range(300):
            async with client.stream("GET", url) as answer:
                assert answer.status_code == 200

    assert during(act).connections == 300  # more than may be open at once


def test_a_request_that_is_given_up_frees_its_place() -> None:
    async def act(server: Server, client: httpx.AsyncClient, url: str) -> None:
        server.rest_s = 60
        for _ in range(120):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.get(url), 0.01)
        server.rest_s = 0
        assert (await client.get(url)).text == "ok"

    during(act)  # more were given up than there are places


def test_never_more_connections_are_used_at_once_than_there_may_be() -> None:
    async def act(server: Server, client: httpx.AsyncClient, url: str) -> None:
        transport = client._transport
        assert isinstance(transport, httpx.AsyncHTTPTransport)
        assert isinstance(transport._pool, Pool)
        transport._pool._room = asyncio.Semaphore(3)
        server.rest_s = 0.005
        answers = await asyncio.gather(*(client.get(url) for _ in range(30)))
        assert {answer.text for answer in answers} == {"ok"}

    server = during(act)

    assert server.most_open == 3
    assert server.connections == 3
