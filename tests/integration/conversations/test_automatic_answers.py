"""Which automatic answers end a person's waiting, and which leave it and what is promised as they are."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.house import House
from tests.support.inbox import NOON, Inbox

from fanwheel.cdp import consent
from fanwheel.domains.private.channels.contracts import Text
from fanwheel.domains.private.channels.inbound import Arrival
from fanwheel.loop.operate import autoreply, hours
from fanwheel.loop.operate.hours import Weekly
from fanwheel.loop.operate.receiving import handling

PROMISED = NOON + timedelta(minutes=30)
SAY = {"do": "text", "text": "We will see to it"}
KEYWORD = {"kind": "keyword", "words": [{"text": "price"}]}


@pytest.fixture
def brand(inbox: Inbox) -> Inbox:
    """Closed since ten on Mondays, with an answer promised within half an hour."""
    sql = (
        "INSERT INTO channel_account (workspace_id, channel, key, name, created_by)"
        " VALUES (%s, 'webchat', %s, 'Chat', 'test') RETURNING account_id"
    )
    inbox.account = inbox.house.value(sql, inbox.workspace, f"key-{inbox.workspace}")  # type: ignore[attr-defined]
    inbox.house.rows(
        "INSERT INTO service_policy (workspace_id, position, name, first_response_s, is_in_hours)"
        " VALUES (%s, 1, 'Usual', 1800, false)",
        inbox.workspace,
    )
    inbox.within(lambda tx: hours.put(tx, [Weekly(1, 0, 600)], [], actor="user:1"))
    return inbox


def rule(brand: Inbox, trigger: dict[str, Any], *actions: dict[str, Any]) -> None:
    definition = {"trigger": trigger, "actions": [SAY, *actions]}
    brand.within(lambda tx: autoreply.add_rule(tx, "Rule", definition, actor="user:1"))


def hear(brand: Inbox, house: House, text: str, *, minute: float = 0) -> None:
    """Somebody writes, and the worker takes it in."""
    letter = brand.letter("ana", text, account=brand.account, minute=minute)  # type: ignore[attr-defined]
    account, channel, home, person, happening = letter
    arrival = Arrival(1, account, channel, home, person, happening, NOON)
    hasher = consent.AddressHasher(house.settings)
    brand.within(lambda tx: handling.handle(tx, [arrival], hasher=hasher, now=NOON))


def seen(brand: Inbox) -> dict[str, Any]:
    [row] = brand.house.rows("SELECT * FROM conversation WHERE workspace_id = %s", brand.workspace)
    return row


@pytest.mark.parametrize(
    ("trigger", "actions", "waits"),
    [
        (KEYWORD, [], False),
        ({"kind": "closed"}, [], True),
        ({"kind": "otherwise"}, [], True),
        (KEYWORD, [{"do": "hand_over", "note": "Wants a quote"}], True),
    ],
)
def test_only_what_answers_the_question_ends_the_waiting(
    brand: Inbox, inbox_house: House, trigger: dict[str, Any], actions: list[dict[str, Any]], waits: bool
) -> None:
    rule(brand, trigger, *actions)

    hear(brand, inbox_house, "What is the price?")

    row = seen(brand)
    assert ("out", "We will see to it") in brand.texts(row["conversation_id"])
    assert (row["waiting_since"], row["due_at"]) == ((NOON, PROMISED) if waits else (None, None))
    # The list shows the question as long as it is open, and as unread.
    assert (row["last_kind"], row["preview"]) == (
        ("in", "What is the price?") if waits else ("out", "We will see to it")
    )


def test_who_hears_that_it_takes_longer_waits_on_and_hears_it_once(brand: Inbox, inbox_house: House) -> None:
    rule(brand, {"kind": "unanswered", "minutes": 5})
    hear(brand, inbox_house, "Hello?", minute=1 / 7)  # to the microsecond: it tells one waiting from another

    chased = [brand.within(lambda tx: handling.chase(tx, now=NOON + timedelta(minutes=6))) for _ in range(2)]

    row = seen(brand)
    assert chased == [1, 0]
    assert row["waiting_since"] == NOON + timedelta(minutes=1 / 7)
    assert row["due_at"] == PROMISED + timedelta(minutes=1 / 7)


def test_a_human_s_answer_ends_the_waiting_that_the_rule_left(brand: Inbox, inbox_house: House) -> None:
    from fanwheel.loop.operate.conversations import service
    from fanwheel.loop.operate.conversations.wording import Site

    rule(brand, {"kind": "closed"})
    hear(brand, inbox_house, "Hello?")
    number = seen(brand)["conversation_id"]
    answer = service.Answer([Text("Good morning!")])
    actor, at = service.Actor("key:1", None), NOON + timedelta(hours=16)

    brand.within(lambda tx: service.reply(tx, number, answer, actor=actor, site=Site(""), now=at))

    row = seen(brand)
    assert (row["waiting_since"], row["answered_at"], row["due_at"]) == (None, at, None)
