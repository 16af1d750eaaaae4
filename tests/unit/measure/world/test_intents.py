"""People who want and have not bought: enough of them for the templates of segments, and nothing of it in the truth."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest

from fanwheel.cdp.sources.rules.reading import read_evidence
from fanwheel.measure import world
from fanwheel.measure.world.dossier import Registry
from fanwheel.measure.world.timeline import Moment, lay_out

UNTIL = date(2026, 3, 1)
END = datetime(2026, 3, 2, tzinfo=UTC)
BRAND = replace(world.default_config(UNTIL, people=2_500, weeks=8, seed=3))
Message = dict[str, Any]


@pytest.fixture(scope="module")
def told() -> list[Message]:
    return [message for message in world.World(BRAND).messages() if message["type"] == "track"]


def who(message: Message) -> str:
    """The person as far as one message tells: a user, an account on a platform, or a cookie."""
    accounts = message["context"].get("externalIds") or [{}]
    return str(message.get("userId") or accounts[0].get("id") or message.get("anonymousId"))


def at(message: Message) -> datetime:
    return datetime.fromisoformat(message["timestamp"])


def is_wish(message: Message) -> bool:
    is_live = message["event"] == "Live Joined" and "page" not in message["context"]
    return is_live or (message["event"] == "Checkout Started" and "order_id" not in message["properties"])


def did(told: list[Message], event: str, days: int) -> dict[str, int]:
    """How often each did that in the last days."""
    counts: dict[str, int] = defaultdict(int)
    for message in told:
        counts[who(message)] += message["event"] == event and at(message) >= END - timedelta(days=days)
    return counts


def test_some_fans_watch_again_and_again_ask_and_never_buy(told: list[Message]) -> None:
    lives, asked = did(told, "Live Joined", 30), did(told, "Message Received", 30)
    bought = did(told, "Order Completed", 365)

    keen = [one for one in lives if lives[one] >= 3 and asked[one] and not bought[one]]

    assert 0.002 < len(keen) / BRAND.people < 0.05


def test_some_checkouts_are_left(told: list[Message]) -> None:
    begun, bought = did(told, "Checkout Started", 3), did(told, "Order Completed", 3)

    left = [one for one in begun if begun[one] and not bought[one]]

    assert 0.001 < len(left) / BRAND.people < 0.02


def test_it_comes_from_nowhere_so_no_channel_is_credited_with_it(told: list[Message]) -> None:
    wishes = [message for message in told if is_wish(message)]

    assert wishes
    for message in wishes:
        assert (
            read_evidence(msgspec.json.encode(message["properties"]), msgspec.json.encode(message["context"])) is None
        )


def test_it_is_told_of_people_who_were_heard_of_before(told: list[Message]) -> None:
    heard: dict[str, datetime] = {}
    for message in told:
        if not is_wish(message):
            heard[who(message)] = min(at(message), heard.get(who(message), END))

    for message in told:
        if is_wish(message):
            assert heard[who(message)] < at(message)


def test_a_live_is_joined_after_a_question_so_nobody_is_reached_earlier_by_it() -> None:
    made = world.World(BRAND)
    moments = lay_out(BRAND, made.people, made.ledger, devices=Registry(BRAND.seed, made.people).device_count())

    for person in np.unique(moments.person[moments.code == Moment.WATCHED]):
        at_ms = moments.milliseconds[moments.person == person]
        code = moments.code[moments.person == person]
        assert at_ms[code == Moment.ASKED].min() < at_ms[code == Moment.WATCHED].min()
    assert (moments.code == Moment.WATCHED).any()
