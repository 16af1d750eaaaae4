"""Visitors of the web chat: what they may do without signing in, and what they never see."""

import json
from typing import Any

import httpx
import msgspec
import pytest
from tests.support.house import Browser
from tests.support.inbox import NOON, Inbox

from fanwheel.domains.private.channels import inbound
from fanwheel.domains.private.channels.contracts import AnyHappening
from fanwheel.domains.private.webchat import WebChat
from fanwheel.loop.operate import conversations
from fanwheel.loop.operate.conversations import Letter, visiting_router
from fanwheel.loop.operate.conversations.errors import TooManyMessagesError

KEY = "chat-key"


class Chat:
    """A chat of the inbox's workspace, and one browser that uses it."""

    def __init__(self, inbox: Inbox, **settings: str) -> None:
        self.inbox = inbox
        self.key = f"{KEY}-{inbox.workspace}"
        self.account = inbox.house.value(
            "INSERT INTO channel_account (workspace_id, channel, key, name, settings, created_by)"
            " VALUES (%s, 'webchat', %s, 'Chat', %s, 'user:1') RETURNING account_id",
            inbox.workspace,
            self.key,
            json.dumps(settings),
        )
        self.browser = inbox.house.browser()
        self.token = ""

    def ask(self, method: str, path: str = "", body: Any = None, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= options.pop("headers", {})
        return self.browser.ask(method, f"/chat/{self.key}{path}", json=body, headers=headers, **options)

    def begin(self, **more: Any) -> None:
        self.token = self.ask("POST", "/visitors", more).json()["token"]

    def write(self, text: str, key: str = "message-1") -> httpx.Response:
        return self.ask("POST", "/messages", {"key": key, "text": text})

    def hear(self) -> None:
        """What a worker does with what came in."""

        async def run(tx: Any) -> None:
            waiting = await inbound.claim(tx, now=NOON.replace(year=2999), most=100) or []
            letters = []
            for each in waiting:
                happening = msgspec.json.decode(each.body, type=AnyHappening)
                home = await self._home(tx, happening.sender.value)
                letters.append(Letter(self.account, "webchat", home, home, happening))
            await conversations.take(tx, letters, now=NOON)
            await inbound.settle(tx, [each.inbound_id for each in waiting], now=NOON)

        self.inbox.within(run)

    async def _home(self, tx: Any, value: str) -> int:
        return int(
            await tx.value(
                "SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND value = %(value)s", value=value
            )
        )

    def shown(self) -> list[tuple[bool, str]]:
        return [(each["is_mine"], each["text"]) for each in self.ask("GET", "/messages").json()["items"]]


@pytest.fixture
def chat(inbox: Inbox) -> Chat:
    return Chat(inbox)


def agent_of(chat: Chat) -> Browser:
    return chat.inbox.house.member(chat.inbox.workspace, "agent")


def answer(chat: Chat, text: str, state: str) -> None:
    agent = agent_of(chat)
    [found] = agent.get("/api/conversations").json()["items"]
    agent.post(f"/api/conversations/{found['conversation_id']}/replies", {"text": text})
    chat.inbox.house.rows(
        "UPDATE intent SET state = %s WHERE workspace_id = %s AND state = 'waiting'", state, chat.inbox.workspace
    )


def test_the_window_says_whose_it_is(inbox: Inbox) -> None:
    chat = Chat(inbox, title="Ask us", color="#aa0000")

    told = chat.ask("GET").json()

    assert (told["title"], told["color"], told["is_open"]) == ("Ask us", "#aa0000", True)


def test_what_a_visitor_writes_reaches_the_inbox_once(chat: Chat) -> None:
    chat.begin()
    chat.write("Is it waterproof?")
    chat.write("Is it waterproof?")
    chat.hear()

    assert [each["preview"] for each in agent_of(chat).get("/api/conversations").json()["items"]] == [
        "Is it waterproof?"
    ]
    assert chat.shown() == [(True, "Is it waterproof?")]


def test_an_answer_is_shown_once_it_has_passed_the_gate(chat: Chat) -> None:
    chat.begin()
    chat.write("Hello?")
    chat.hear()

    answer(chat, "Hi", "waiting")
    assert chat.shown() == [(True, "Hello?")]
    answer(chat, "Once more", "sent")
    assert chat.shown() == [(True, "Hello?"), (False, "Hi"), (False, "Once more")]


def test_an_answer_that_was_refused_is_never_shown(chat: Chat) -> None:
    chat.begin()
    chat.write("Hello?")
    chat.hear()
    answer(chat, "Refused", "skipped")

    assert chat.shown() == [(True, "Hello?")]


def test_a_visitor_never_sees_notes(chat: Chat) -> None:
    chat.begin()
    chat.write("Hello?")
    chat.hear()
    agent = agent_of(chat)
    [found] = agent.get("/api/conversations").json()["items"]
    agent.post(f"/api/conversations/{found['conversation_id']}/notes", {"text": "A difficult one"})

    assert chat.shown() == [(True, "Hello?")]


def test_whoever_knows_a_visitor_s_id_reads_nothing_of_theirs(chat: Chat) -> None:
    chat.begin(anonymous_id="visitor-77")
    chat.write("My address is 1 Secret Lane")
    chat.hear()
    stranger = Chat.__new__(Chat)
    stranger.__dict__.update(chat.__dict__)

    stranger.begin(anonymous_id="visitor-77")

    assert stranger.shown() == []
    assert chat.shown() == [(True, "My address is 1 Secret Lane")]


@pytest.mark.parametrize("token", ["", "guess"])
def test_without_its_secret_nobody_reads_or_writes(chat: Chat, token: str) -> None:
    chat.token = token

    assert chat.ask("GET", "/messages").status_code == 401
    assert chat.write("Hello").status_code == 401


def test_a_chat_opens_only_on_pages_of_its_own(inbox: Inbox) -> None:
    chat = Chat(inbox, origins="https://shop.example")

    assert chat.ask("GET", headers={"Origin": "https://shop.example"}).status_code == 200
    strange = chat.ask("GET", headers={"Origin": "https://evil.example"})
    assert strange.status_code == 403
    assert strange.headers["access-control-allow-origin"] == "*"


def test_an_address_is_kept_with_agreement_alone(chat: Chat) -> None:
    chat.begin()

    refused = chat.ask("POST", "/address", {"email": "ana@mail.example", "has_agreed": False})
    taken = chat.ask("POST", "/address", {"email": "Ana@mail.example", "has_agreed": True, "text": "Call me"})

    assert refused.status_code == 422
    assert taken.status_code == 202
    facts = chat.inbox.house.rows(
        "SELECT name, refs, properties FROM fact_outbox WHERE workspace_id = %s ORDER BY fact_id", chat.inbox.workspace
    )
    assert [fact["name"] for fact in facts] == ["", "Consent Granted"]
    assert all(["email", "ana@mail.example"] in fact["refs"] for fact in facts)
    assert "ana@" not in str(facts[1]["properties"])


def test_nobody_writes_without_end() -> None:
    throttle = visiting_router.Throttle(most=3)
    for _ in range(3):
        throttle.require_room("one")

    with pytest.raises(TooManyMessagesError):
        throttle.require_room("one")
    throttle.require_room("another")


def test_the_widget_is_small_and_may_stand_on_any_page(chat: Chat) -> None:
    answer = chat.browser.get("/chat/widget.js")

    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(answer.content) < 24_000
    assert WebChat.about.kind == "webchat"
