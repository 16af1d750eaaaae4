"""Answers in the form of their channel: files, cards, mails that stand in their thread."""

from typing import Any
from uuid import UUID

import pytest
from tests.support.house import Browser
from tests.support.inbox import ACCOUNT, NOON, Inbox

from fanwheel.domains.private.channels.contracts import Address, Message, Text
from fanwheel.loop.operate import conversations, reach
from fanwheel.loop.operate.conversations import Letter

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
CARD = {"type": "card", "title": "Mist tea", "text": "¥68", "url": "https://shop.example/mist", "about": "product"}


@pytest.fixture
def agent(inbox: Inbox) -> Browser:
    return inbox.house.member(inbox.workspace, "agent")


def mailed(inbox: Inbox, text: str) -> int:
    """A conversation by e-mail, begun with one."""
    home = inbox.fan("ana")
    context = {"subject": "My order", "message_id": "<2@x>", "references": "<1@x>"}
    sender = Address("email", "ana@shop.example")
    heard = Message(key="mail:2", at=NOON, sender=sender, parts=(Text(text),), context=context)
    letters = [Letter(ACCOUNT, "email", home, home, heard)]
    [taken] = inbox.within(lambda tx: conversations.take(tx, letters, now=NOON))
    assert taken.conversation_id is not None
    return taken.conversation_id


def last_out(browser: Browser, conversation_id: int | None) -> dict[str, Any]:
    found = browser.get(f"/api/conversations/{conversation_id}").json()
    return next(each for each in reversed(found["messages"]) if each["kind"] == "out")


def test_a_file_goes_along_with_its_address(inbox: Inbox, agent: Browser) -> None:
    taken = inbox.write("ana", "Hello?")
    stored = agent.post("/api/conversations/attachments?name=a.png", content=PNG)
    assert stored.status_code == 201, stored.text

    part = {"type": "media", "kind": "file", "media_id": stored.json()["media_id"]}
    agent.post(f"/api/conversations/{taken.conversation_id}/replies", {"text": "Here", "parts": [part, CARD]})

    said = last_out(agent, taken.conversation_id)["parts"]
    assert [each["type"] for each in said] == ["text", "media", "card"]
    assert (said[1]["kind"], said[1]["name"]) == ("image", "a.png")
    assert said[1]["url"].startswith("http")
    assert said[1]["url"].endswith(stored.json()["path"])


def test_a_mail_answers_in_its_thread_and_quotes_what_it_answers(inbox: Inbox, agent: Browser) -> None:
    conversation = mailed(inbox, "Where is it?\n<b>Ana</b>")

    agent.post(f"/api/conversations/{conversation}/replies", {"text": "On its way.", "parts": [CARD]})

    message = last_out(agent, conversation)
    [mail] = message["parts"]
    assert (mail["type"], mail["subject"]) == ("email", "Re: My order")
    assert mail["text"].startswith("On its way.\n\nMist tea")
    assert mail["text"].endswith("wrote:\n> Where is it?\n> <b>Ana</b>")
    assert "&lt;b&gt;Ana" in mail["html"]
    assert '<a href="https://shop.example/mist">' in mail["html"]
    assert "> Where" not in message["body"]
    [intent] = inbox.house.rows("SELECT said -> 'reply' -> 'context' AS context FROM intent WHERE channel = 'email'")
    assert intent["context"]["references"] == "<1@x>"


def test_what_may_be_said_is_told_with_what_may_be_said_at_any_time(inbox: Inbox) -> None:
    who = UUID(int=7)

    async def ask(tx: Any) -> Any:
        return await reach.list_rights(tx, channel="whatsapp", account_id=9, address_hash=who, now=NOON)

    shut = inbox.within(ask)

    async def give(tx: Any) -> None:
        await tx.run(
            "INSERT INTO contact_window (workspace_id, account_id, address_hash, opens, opened_at)"
            " VALUES (%(workspace)s, 9, %(who)s, 'message', %(now)s)",
            who=who,
            now=NOON,
        )

    inbox.within(give)
    opened = inbox.within(ask)

    assert shut
    assert {right.covers for right in shut} == {"template"}
    assert opened[0].opened_by == "message"
    assert opened[0].until > NOON
    assert (
        inbox.within(lambda tx: reach.list_rights(tx, channel="email", account_id=9, address_hash=who, now=NOON))
        is None
    )


def test_products_are_those_of_orders_with_what_the_brand_says(inbox: Inbox, agent: Browser) -> None:
    home = inbox.fan("ana")
    inbox.house.rows(
        "INSERT INTO shop_order (workspace_id, order_id, home_id, status, placed_at, currency, total_minor, coupon,"
        " stated_at) VALUES (%s, 'o1', %s, 'paid', now(), 'CNY', 6800, 'MIST', now()) RETURNING 1",
        inbox.workspace,
        home,
    )
    inbox.house.rows(
        "INSERT INTO order_line (workspace_id, order_id, line_number, product_id, product_name, unit_price_minor)"
        " VALUES (%s, 'o1', 1, 'p-1', 'Mist tea', 6800) RETURNING 1",
        inbox.workspace,
    )

    put = agent.ask("PUT", "/api/products/p-1", json={"url": "https://shop.example/mist"})

    assert put.status_code == 200, put.text
    [found] = agent.get("/api/products?q=MIST").json()["items"]
    assert (found["name"], found["price_minor"], found["url"]) == ("Mist tea", 6800, "https://shop.example/mist")
    assert agent.get("/api/products?q=coffee").json()["items"] == []
    assert agent.get("/api/coupons").json()["items"] == [{"code": "MIST", "times": 1}]
    assert agent.ask("PUT", "/api/products/p-1", json={"url": "javascript:alert(1)"}).status_code == 422


def test_reports_go_by_day_and_list_what_people_answered(inbox: Inbox, agent: Browser) -> None:
    inbox.house.rows(
        "INSERT INTO inbox_route (workspace_id, account_id, has_survey) VALUES (%s, 0, true) RETURNING 1",
        inbox.workspace,
    )
    taken = inbox.write("ana", "Hello?")
    agent.post(f"/api/conversations/{taken.conversation_id}/replies", {"text": "Hi"})
    agent.post(f"/api/conversations/{taken.conversation_id}/close")
    inbox.house.rows(
        "UPDATE rating SET score = 4, rated_at = now() WHERE conversation_id = %s RETURNING 1", taken.conversation_id
    )

    shown = agent.get(f"/api/conversations/{taken.conversation_id}").json()["rating"]
    days = agent.get("/api/inbox/report?group_by=day&since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00Z").json()[
        "items"
    ]
    ratings = agent.get("/api/inbox/ratings?since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00Z").json()["items"]

    assert shown["score"] == 4
    assert [row["group_key"] for row in days] == ["2026-11-02"]
    assert [(row["conversation_id"], row["score"]) for row in ratings] == [(taken.conversation_id, 4)]
