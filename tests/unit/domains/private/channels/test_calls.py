"""What an answer, or none, means for a message."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from fanwheel.domains.private.channels import calls
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)


def ask(answer: Callable[[httpx.Request], httpx.Response]) -> calls.Reply:
    async def run() -> calls.Reply:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await calls.ask(http, "POST", "https://platform.example/send", json={})

    return asyncio.run(run())


def failing(error: type[httpx.HTTPError], **options: Any) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("no", request=request, **options)  # type: ignore[call-arg]

    return answer


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (httpx.ConnectError, UnavailableError),
        (httpx.ConnectTimeout, UnavailableError),
        (httpx.PoolTimeout, UnavailableError),
        (httpx.UnsupportedProtocol, RefusedError),
        (httpx.ReadTimeout, UnclearError),
        (httpx.WriteTimeout, UnclearError),
        (httpx.ReadError, UnclearError),
        (httpx.WriteError, UnclearError),
        (httpx.RemoteProtocolError, UnclearError),
    ],
)
def test_only_what_surely_was_not_sent_leaves_nothing_open(
    error: type[httpx.HTTPError], meaning: type[SendError]
) -> None:
    with pytest.raises(meaning):
        ask(failing(error))


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (301, RefusedError),
        (400, RefusedError),
        (401, BadAccountError),
        (403, BadAccountError),
        (404, RefusedError),
        (429, ThrottledError),
        (500, UnclearError),
        (502, UnclearError),
        (503, UnavailableError),
    ],
)
def test_a_status_says_whether_it_may_have_gone_out(status: int, meaning: type[SendError]) -> None:
    reply = ask(lambda _: httpx.Response(status, headers={"retry-after": "7"}))

    with pytest.raises(meaning) as raised:
        calls.refuse_by_status(reply)

    assert type(raised.value) is meaning
    assert raised.value.may_have_gone_out is (meaning is UnclearError)
    assert raised.value.retry_after_s == (7.0 if status in {429, 503} else None)


@pytest.mark.parametrize(("header", "seconds"), [("5", 5.0), ("-1", 0.0), ("1e9", 3600.0), ("soon", None), ("", None)])
def test_a_wait_that_is_asked_for_is_within_reason(header: str, seconds: float | None) -> None:
    assert calls.retry_after(calls.Reply(429, {}, {"retry-after": header})) == seconds


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff", b'"x"', b"[" * 100_000])
def test_an_answer_of_another_shape_is_empty(body: bytes) -> None:
    assert ask(lambda _: httpx.Response(200, content=body)).data == {}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("The 'To' number +86138 0000 0000 is not valid", "The 'To' number … is not valid"),
        ("no mailbox ana@shop.example here", "no mailbox … here"),
        ("code 131047, at most 4,096 characters in 24 hours", "code 131047, at most 4,096 characters in 24 hours"),
        ("x" * 500, "x" * 200),
    ],
)
def test_nobody_s_number_or_address_is_quoted(said: str, kept: str) -> None:
    assert calls.quoted(said) == kept


def test_a_missing_answer_before_sending_leaves_nothing_open() -> None:
    with pytest.raises(UnavailableError), calls.nothing_sent_yet():
        raise UnclearError("lost")


def test_what_fails_after_the_first_part_is_open() -> None:
    said: list[str] = []

    async def say(body: dict[str, Any]) -> str:
        if body["text"] == "b":
            raise RefusedError("no")
        said.append(body["text"])
        return body["text"]

    assert asyncio.run(calls.one_by_one([{"text": "a"}, {"text": "c"}], say)) == "c"
    with pytest.raises(UnclearError, match="Part 2 of 2"):
        asyncio.run(calls.one_by_one([{"text": "a"}, {"text": "b"}], say))
    with pytest.raises(RefusedError):
        asyncio.run(calls.one_by_one([{"text": "b"}, {"text": "a"}], say))
    assert said == ["a", "c", "a"]
