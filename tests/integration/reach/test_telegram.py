"""Telegram and programs of one's own, spoken with: what arrives there, and what each refusal means."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from standardwebhooks import Webhook
from tests.integration.reach.conftest import TOKEN, Served
from tests.integration.reach.telling import ANA, names, take_in, tell
from tests.support.house import Browser

from fanwheel.domains.private.channels.accounts import Opener
from fanwheel.domains.private.channels.adapter import HasMenu, MediaFile, Types
from fanwheel.domains.private.channels.contracts import (
    Address,
    Button,
    Card,
    Choices,
    Email,
    Media,
    Native,
    Outgoing,
    Sent,
    Text,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)
from fanwheel.entrypoints.simulator import Simulator

PICTURE = MediaFile("tea.png", "image/png", b"\x89PNG\r\n\x1a\n")


@pytest.fixture
def opener(served: Served) -> Iterator[Opener]:
    async def load(_workspace: int, _media_id: int) -> MediaFile:
        return PICTURE

    async def make() -> Opener:
        return Opener(served.house.settings, served.house.database, load_media=load)

    made = served.house.run(make())
    yield made
    served.house.run(made.close())


class Speaker:
    """An account, through which somebody is written to."""

    def __init__(self, served: Served, opener: Opener, place: tuple[int, int], to: Address) -> None:
        self.served, self.opener, self.place, self.to = served, opener, place, to

    def send(self, *parts: Any, key: str = "fw-1-1") -> Sent:
        """Say something; raises what the adapter raises."""

        async def run() -> Sent:
            adapter = await self.opener.open(*self.place)
            return await adapter.send(Outgoing(key=key, to=self.to, parts=parts, purpose="service"))

        return self.served.house.run(run())


@pytest.fixture
def speaker(served: Served, opener: Opener, workspace: int, bot: dict[str, Any], platforms: Simulator) -> Speaker:
    tell(platforms, "start")
    return Speaker(served, opener, (workspace, bot["account_id"]), Address("telegram_id", str(ANA)))


def taken(platforms: Simulator) -> list[dict[str, Any]]:
    return [dict(message.what) for message in platforms.platform("telegram").sent_to(str(ANA))]


# ---------------------------------------------------------------- Telegram
def test_texts_that_follow_one_another_are_one_message(speaker: Speaker, platforms: Simulator) -> None:
    sent = speaker.send(Text("Welcome"), Text("How are you?"))

    (message,) = taken(platforms)
    assert (message["method"], message["text"]) == ("sendMessage", "Welcome\n\nHow are you?")
    assert sent.platform_id == platforms.platform("telegram").messages[-1].platform_id


def test_every_kind_of_part_arrives_as_what_telegram_has_for_it(speaker: Speaker, platforms: Simulator) -> None:
    buttons = (Button("Shop", "url", "https://shop.example"), Button("Menu", "key", "menu:1:2"))
    speaker.send(
        Card("Spring tea", text="Fresh", image_url="https://shop.example/tea.png", buttons=buttons),
        Choices("Green or black?", (Button("Green", "reply", "green"), Button("Call us", "phone", "+86 10 1234"))),
        Media(kind="image", media_id=7, text="Look"),
        Media(kind="file", url="https://shop.example/list.pdf"),
        Native({"method": "sendLocation", "latitude": 1.5, "longitude": 2.5, "chat_id": 99}),
    )

    card, choices, picture, file, place = taken(platforms)
    assert (card["method"], card["caption"]) == ("sendPhoto", "Spring tea\nFresh")
    assert card["reply_markup"]["inline_keyboard"] == [
        [{"text": "Shop", "url": "https://shop.example"}],
        [{"text": "Menu", "callback_data": "menu:1:2"}],
    ]
    assert choices["text"] == "Green or black?\nCall us: +86 10 1234"
    assert choices["reply_markup"]["inline_keyboard"] == [[{"text": "Green", "callback_data": "=green"}]]
    assert picture["photo"] == {"file": "tea.png", "type": "image/png", "size": len(PICTURE.body)}
    assert (file["method"], file["document"]) == ("sendDocument", "https://shop.example/list.pdf")
    assert (place["method"], place["latitude"], place["chat_id"]) == ("sendLocation", 1.5, str(ANA))


def test_an_answer_that_is_tapped_comes_back_as_what_it_says(
    served: Served, workspace: int, speaker: Speaker, platforms: Simulator
) -> None:
    speaker.send(Choices("Green or black?", (Button("Green", "reply", "green"),)))
    (message,) = taken(platforms)

    tell(platforms, "tap", data=message["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    take_in(served, workspace)

    assert names(served, workspace)[-1] == "Message Received"
    assert len(platforms.platform("telegram").answered) == 1


@pytest.mark.parametrize(
    "part",
    [
        Text(" "),
        Text("x" * 4097),
        Card("x" * 1100, image_url="https://shop.example/x.png"),
        Choices("?", (Button("A", "key", "k" * 65),)),
        Choices("?", (Button("", "key", "k"),)),
        Media(kind="image"),
        Native({"method": "deleteMessage"}),
        Email(subject="Hi", html="<p>Hi</p>", text="Hi"),
    ],
)
def test_what_telegram_would_refuse_is_refused_before_it_is_sent(
    speaker: Speaker, platforms: Simulator, part: Any
) -> None:
    with pytest.raises(RefusedError):
        speaker.send(part)

    assert taken(platforms) == []


@pytest.mark.parametrize(
    ("before", "faults", "error", "is_final", "may_have_gone_out"),
    [
        ("block", {}, RecipientGoneError, True, False),
        ("revoke", {}, BadAccountError, False, False),
        ("flood", {}, ThrottledError, False, False),
        (None, {"fail": 1.0}, UnclearError, False, True),
        (None, {"drop_answer": 1.0}, UnclearError, False, True),
    ],
)
def test_each_refusal_says_whether_to_try_again_and_whether_it_may_have_arrived(
    speaker: Speaker,
    platforms: Simulator,
    before: str | None,
    faults: dict[str, float],
    error: type[SendError],
    is_final: bool,
    may_have_gone_out: bool,
) -> None:
    platform = platforms.platform("telegram")
    if before == "block":
        platform._bots[TOKEN].blocked.add(ANA)
    if before == "revoke":
        platform.revoked.add(TOKEN)
    if before == "flood":
        now = datetime.now(UTC)
        platforms.clock = lambda: now
        platform._bots[TOKEN].spoke.extend([now] * 30)
    platforms.set_faults("telegram", **faults)

    with pytest.raises(error) as caught:
        speaker.send(Text("Hello"))

    platforms.clock = lambda: datetime.now(UTC)
    assert (caught.value.is_final, caught.value.may_have_gone_out) == (is_final, may_have_gone_out)
    assert TOKEN not in str(caught.value)
    if before == "flood":
        assert caught.value.retry_after_s == 1.0


def test_a_message_of_which_a_part_arrived_is_not_sent_again_by_itself(speaker: Speaker, platforms: Simulator) -> None:
    platform = platforms.platform("telegram")

    with pytest.raises(UnclearError):
        speaker.send(
            Text("Hello"), Media(kind="image", platform_id="x"), Native({"method": "sendNothing", "text": "x" * 5000})
        )

    assert platform.taken == 2


def test_menus_and_typing_are_shown(served: Served, speaker: Speaker, platforms: Simulator) -> None:
    async def run() -> None:
        adapter = await speaker.opener.open(*speaker.place)
        assert isinstance(adapter, HasMenu)
        assert isinstance(adapter, Types)
        await adapter.publish_menu({"commands": [{"command": "tea", "description": "Our tea"}], "keyboard": []})
        await adapter.typing(Outgoing(key="t", to=speaker.to, parts=(), purpose="service"))

    served.house.run(run())

    platform = platforms.platform("telegram")
    assert platform._bots[TOKEN].commands == [{"command": "tea", "description": "Our tea"}]
    assert platform.calls[f"/bot{TOKEN}/sendChatAction"] == 1


# ---------------------------------------------------------------- a program of one's own
class Program:
    """A program that takes messages, and answers as it is told."""

    def __init__(self) -> None:
        self.status, self.answer = 200, b'{"id": "theirs-1"}'
        self.taken: list[tuple[dict[str, str], bytes]] = []
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                program.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(program.status)
                self.send_header("content-length", str(len(program.answer)))
                self.end_headers()
                self.wfile.write(program.answer)

            def log_message(self, *_: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/take"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def program() -> Iterator[Program]:
    running = Program()
    yield running
    running.stop()


SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY="


@pytest.fixture
def teller(served: Served, opener: Opener, workspace: int, owner: Browser, program: Program) -> Speaker:
    values = {"target_url": program.url, "signing_secret": SECRET}
    made = owner.post("/api/channels/accounts", {"channel": "webhook", "name": "Ours", "values": values}).json()
    return Speaker(served, opener, (workspace, made["account_id"]), Address("user_id", "u-77"))


def test_a_program_can_prove_who_tells_it_what_to_say(teller: Speaker, program: Program) -> None:
    sent = [teller.send(Text("Hello"), key="fw-1-77") for _ in range(2)]

    for headers, body in program.taken:
        told = Webhook(SECRET).verify(body, headers)
        assert told["type"] == "message.send"
        assert told["data"]["to"] == {"kind": "user_id", "value": "u-77"}
        assert told["data"]["parts"] == [{"type": "text", "text": "Hello"}]
    assert [headers["webhook-id"] for headers, _ in program.taken] == ["fw-1-77"] * 2
    assert [each.platform_id for each in sent] == ["theirs-1"] * 2


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, RecipientGoneError),
        (410, BadAccountError),
        (422, RefusedError),
        (429, ThrottledError),
        (503, UnavailableError),
        (500, UnclearError),
    ],
)
def test_what_a_program_answers_decides_what_happens_next(
    teller: Speaker, program: Program, status: int, error: type[SendError]
) -> None:
    program.status = status

    with pytest.raises(error):
        teller.send(Text("Hello"))


def test_a_test_tells_a_program_nothing_but_that_it_is_there(teller: Speaker, program: Program, owner: Browser) -> None:
    checked = owner.post(f"/api/channels/accounts/{teller.place[1]}/check").json()

    assert checked["is_fine"]
    ((_, body),) = program.taken
    assert json.loads(body)["type"] == "webhook.ping"
