"""The simulated platforms: real clients cannot tell them from the real ones, and they misbehave when asked to."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import telegram
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from fanwheel.entrypoints.simulator import Simulator

TOKEN = "4242424242:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANA = 10_001


@contextmanager
def a_listener(status: int = 200) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Somebody who is called back, and what came."""
    heard: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()
    thread.join()


def with_bot(platforms: Simulator, work: Any) -> Any:
    """What python-telegram-bot makes of the simulator."""

    async def run() -> Any:
        base = f"{platforms.url}/telegram"
        async with telegram.Bot(TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
            return await work(bot)

    return asyncio.run(run())


def test_a_third_party_client_speaks_with_it(platforms: Simulator) -> None:
    platforms.do("telegram", "start", token=TOKEN, person=ANA, scene="spring")

    async def talk(bot: telegram.Bot) -> tuple[telegram.User, tuple[telegram.Update, ...], telegram.Message]:
        buttons = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="yes")]])
        updates = await bot.get_updates()
        await bot.send_photo(ANA, photo=b"\x89PNG\r\n", caption="A picture")
        return await bot.get_me(), updates, await bot.send_message(ANA, "Welcome", reply_markup=buttons)

    me, updates, sent = with_bot(platforms, talk)

    assert me.is_bot
    assert me.id == 4242424242
    assert [update.message and update.message.text for update in updates] == ["/start spring"]
    assert sent.chat.id == ANA
    picture, text = platforms.platform("telegram").sent_to(str(ANA))
    assert picture.what["photo"]["size"] == 6
    assert text.what["text"] == "Welcome"
    assert text.what["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "yes"


@pytest.mark.parametrize(
    ("before", "text", "error", "violation"),
    [
        ([], "Hello", Forbidden, "never_started"),
        (["start", "block"], "Hello", Forbidden, "blocked"),
        (["start"], "x" * 4097, BadRequest, None),
    ],
)
def test_what_the_platform_forbids_is_refused_and_counted(
    platforms: Simulator, before: list[str], text: str, error: type[Exception], violation: str | None
) -> None:
    for verb in before:
        platforms.do("telegram", verb, token=TOKEN, person=ANA)

    with pytest.raises(error):
        with_bot(platforms, lambda bot: bot.send_message(ANA, text))

    platform = platforms.platform("telegram")
    assert platform.taken == 0
    assert dict(platform.violations) == ({violation: 1} if violation else {})


def test_more_than_thirty_messages_in_a_second_are_too_many(
    platforms: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    platforms.clock = lambda: NOON
    platforms.do("telegram", "start", token=TOKEN, person=ANA)

    async def flood(bot: telegram.Bot) -> None:
        for number in range(31):
            await bot.send_message(ANA, f"{number}")

    with pytest.raises(RetryAfter):
        with_bot(platforms, flood)
    platforms.clock = lambda: NOON + timedelta(seconds=1)
    with_bot(platforms, lambda bot: bot.send_message(ANA, "later"))

    assert platforms.platform("telegram").taken == 31
    assert platforms.platform("telegram").violations["too_fast"] == 1


def test_a_token_that_was_revoked_opens_nothing(platforms: Simulator) -> None:
    platforms.platform("telegram").revoked.add(TOKEN)

    with pytest.raises(InvalidToken):
        with_bot(platforms, lambda bot: bot.get_me())


def test_callbacks_carry_the_secret_and_are_what_a_client_can_read(platforms: Simulator) -> None:
    with a_listener() as (url, heard):
        with_bot(platforms, lambda bot: bot.set_webhook(url, secret_token="s3cret-token"))
        platforms.do("telegram", "write", token=TOKEN, person=ANA, text="Hi", language="zh-hans")
        platforms.do("telegram", "tap", token=TOKEN, person=ANA, data="menu:1")
        platforms.do("telegram", "block", token=TOKEN, person=ANA)

    assert {headers["x-telegram-bot-api-secret-token"] for headers, _ in heard} == {"s3cret-token"}
    wrote, tapped, blocked = (telegram.Update.de_json(json.loads(body), None) for _, body in heard)
    assert wrote.message is not None
    assert wrote.message.text == "Hi"
    assert wrote.message.from_user is not None
    assert wrote.message.from_user.language_code == "zh-hans"
    assert tapped.callback_query is not None
    assert tapped.callback_query.data == "menu:1"
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"


def test_a_callback_that_fails_comes_again(platforms: Simulator) -> None:
    with a_listener(status=503) as (url, heard):
        with_bot(platforms, lambda bot: bot.set_webhook(url))
        told = platforms.do("telegram", "write", token=TOKEN, person=ANA, text="Hi")

    assert told["status"] == 503
    assert len(heard) == 3


def test_callbacks_are_doubled_and_put_out_of_order_when_asked(platforms: Simulator) -> None:
    with a_listener() as (url, heard):
        with_bot(platforms, lambda bot: bot.set_webhook(url))
        platforms.set_faults("telegram", duplicate=1.0)
        platforms.do("telegram", "write", token=TOKEN, person=ANA, text="one")
        platforms.set_faults("telegram", reorder=1.0)
        platforms.do("telegram", "write", token=TOKEN, person=ANA, text="two")
        platforms.set_faults("telegram")
        platforms.do("telegram", "write", token=TOKEN, person=ANA, text="three")

    assert [json.loads(body)["message"]["text"] for _, body in heard] == ["one", "one", "three", "two"]


def test_calls_fail_and_lose_their_answers_when_asked(platforms: Simulator) -> None:
    platforms.do("telegram", "start", token=TOKEN, person=ANA)
    url = f"{platforms.url}/telegram/bot{TOKEN}/sendMessage"
    message = {"chat_id": ANA, "text": "Hello"}

    platforms.set_faults("telegram", fail=1.0)
    assert httpx.post(url, json=message).status_code == 500
    assert platforms.platform("telegram").taken == 0

    platforms.set_faults("telegram", drop_answer=1.0, only="sendMessage")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(url, json=message)
    assert platforms.platform("telegram").taken == 1
    assert httpx.post(url.replace("sendMessage", "getMe")).json()["ok"]


def test_it_is_told_what_to_do_over_http_as_well(platforms: Simulator) -> None:
    control = f"{platforms.url}/_sim/telegram"

    httpx.post(f"{control}/do/start", json={"token": TOKEN, "person": ANA})
    httpx.post(f"{platforms.url}/telegram/bot{TOKEN}/sendMessage", json={"chat_id": ANA, "text": "Hello"})

    assert httpx.get(f"{platforms.url}/_sim").json()["telegram"]["taken"] == 1
    (message,) = httpx.get(f"{control}/messages").json()
    assert message[0] == str(ANA)
    httpx.put(f"{control}/faults", json={"fail": 1.0})
    assert httpx.post(f"{platforms.url}/telegram/bot{TOKEN}/getMe").status_code == 500
    httpx.put(f"{control}/faults", json={})
    httpx.post(f"{control}/reset")
    assert httpx.get(f"{platforms.url}/_sim").json()["telegram"]["taken"] == 0
