"""Scores become traits of buyers, once a night, and stay right through merges, unmerges and erasures."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.house import House
from tests.support.stream import NOON, Event, Stream, order

from fanwheel.cdp.scores import NAMES
from fanwheel.entrypoints.scoring import score_all
from fanwheel.infra.postgres import Database
from fanwheel.loop.wheel import tidy

DAY = 86_400
NOW = NOON + timedelta(days=200)
EVENING = datetime(2026, 10, 1, 22, tzinfo=UTC)


def score(house: House, *, now: datetime = NOW) -> int:
    async def run() -> int:
        async with await Database.open(house.dsn, max_size=2) as db:
            scored = await score_all(house.settings, db, now=now)
            await tidy(db)
            return scored

    return asyncio.run(run())


def sell(stream: Stream, who: str, *days: float, total: int = 30) -> list[Event]:
    stream.home(who)
    return [
        Event(who=who, name="Order Completed", at=day * DAY, properties=order(f"{who}-{day}", total=total))
        for day in days
    ]


def crowd(stream: Stream, people: int = 120) -> list[Event]:
    """Buyers at their own pace, some of whom leave after a purchase."""
    rng = random.Random(5)
    told = []
    for number in range(people):
        days = [rng.uniform(0, 60)]
        pace = rng.gammavariate(2, 15)
        while (nxt := days[-1] + 1 + rng.expovariate(1 / pace)) < 200 and rng.random() < 0.8:
            days.append(nxt)
        told += sell(stream, f"u{number}", *days, total=rng.randrange(10, 90))
    return told


def traits(house: House, stream: Stream, who: str) -> dict[str, Any]:
    answer = house.member(stream.workspace, "owner").get(f"/api/people/{stream.home(who)}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["traits"]
    return found


def shown(stream: Stream, who: str) -> dict[str, Any]:
    found: dict[str, Any] = stream.person(who)["traits"]
    return found


def test_buyers_are_scored_and_scores_are_traits(house: House, stream: Stream) -> None:
    steady = sell(stream, "steady", *range(0, 200, 10), total=50)
    gone = sell(stream, "gone", *range(0, 50, 5), total=50)
    stream.tell(*crowd(stream), *steady, *gone, Event(who="looker", name="Content Viewed"))

    assert score(house) == 122

    there, left = traits(house, stream, "steady"), traits(house, stream, "gone")
    assert {*there} == {*NAMES}
    assert {trait["source"] for trait in there.values()} == {"measure"}
    assert datetime.fromisoformat(there["p_alive"]["at"]) == NOW
    # Ten days since the last of many purchases ten days apart; against five months of silence.
    assert there["p_alive"]["value"] > 0.7 > 0.01 > left["p_alive"]["value"] >= 0
    # Purchases of 50 every ten days would be 1825 in a year; a fifth of this crowd leaves after each.
    assert 100 < there["clv_12m"]["value"] < 1825
    assert there["clv_12m"]["value"] > 50 * left["clv_12m"]["value"]
    assert there["rfm_tier"]["value"] == "5-5"
    # The last purchase was on day 190, and the next is due about ten days later.
    due = datetime.fromisoformat(there["next_purchase_due"]["value"]).date()
    assert timedelta(days=9) <= due - (NOON + timedelta(days=190)).date() <= timedelta(days=12)
    assert traits(house, stream, "looker") == {}
    assert shown(stream, "steady") == {name: trait["value"] for name, trait in there.items()}


def test_scores_of_few_buyers_say_no_more_than_they_can(house: House, stream: Stream) -> None:
    stream.tell(*sell(stream, "u1", 0, 9), *sell(stream, "u2", 3))

    score(house)

    # One interval tells no rhythm, and one person who came back tells no habit.
    assert {*traits(house, stream, "u1")} == {"rfm_tier"}


def test_a_score_hides_what_events_say_under_its_name(house: House, stream: Stream) -> None:
    said = Event(who="u1", kind="identify", properties={"rfm_tier": "mine", "city": "杭州"})
    stream.tell(said, *sell(stream, "u1", 0))

    score(house)

    assert {name: trait["source"] for name, trait in traits(house, stream, "u1").items()} == {
        "city": "event",
        "rfm_tier": "measure",
    }
    stream.tell(Event(who="u1", kind="identify", at=DAY, properties={"rfm_tier": "mine again"}))
    assert shown(stream, "u1") == {"city": "杭州", "rfm_tier": "1-1"}


def test_a_night_is_scored_once(house: House, stream: Stream) -> None:
    stream.tell(*sell(stream, "u1", 0))

    counts = [score(house, now=EVENING + timedelta(hours=hours)) for hours in (0, 1, 4.9, 5.1, 6, 30)]

    assert counts == [1, 0, 0, 1, 0, 1]


def test_two_workers_at_once_score_once(house: House, stream: Stream) -> None:
    stream.tell(*sell(stream, "u1", 0))

    async def both() -> list[int]:
        async with await Database.open(house.dsn, max_size=4) as db:
            return await asyncio.gather(*(score_all(house.settings, db, now=NOW) for _ in range(4)))

    assert sorted(asyncio.run(both())) == [0, 0, 0, 1]


def test_who_was_merged_has_the_scores_of_the_person_that_remains_until_the_next_night(
    house: House, stream: Stream
) -> None:
    stream.tell(*sell(stream, "u1", 0, 1), *sell(stream, "u2", 5))
    score(house)
    owner = house.member(stream.workspace, "owner")

    kept = owner.post(f"/api/people/{stream.home('u1')}/merge", {"person_id": stream.home("u2")}).json()["person_id"]
    assert kept == stream.home("u1")
    before = [traits(house, stream, who)["rfm_tier"]["value"] for who in ("u1", "u2")]
    score(house, now=NOW + timedelta(days=1))
    after = [traits(house, stream, who)["rfm_tier"]["value"] for who in ("u1", "u2")]
    owner.post(f"/api/people/{kept}/unmerge", {"home_ids": [stream.home("u2")]})
    apart = [{*traits(house, stream, who)} for who in ("u1", "u2")]
    score(house, now=NOW + timedelta(days=2))
    at_last = [traits(house, stream, who)["rfm_tier"]["value"] for who in ("u1", "u2")]

    # u1 bought more often, u2 more lately: of two people the better scores 1 + 5 * 1 // 2 = 3.
    assert before == ["1-3", "1-3"]
    assert after == ["1-1", "1-1"]  # the only buyer
    assert apart == [{"rfm_tier"}, set()]  # what was said of both together stays with whose name it bore
    assert at_last == ["1-3", "3-1"]


def test_who_has_no_paid_order_any_more_has_no_scores(house: House, stream: Stream) -> None:
    stream.tell(*sell(stream, "u1", 0), *sell(stream, "u2", 5))
    score(house)

    stream.tell(Event(who="u1", name="Order Cancelled", at=6 * DAY, properties=order("u1-0")))
    score(house, now=NOW + timedelta(days=1))

    assert traits(house, stream, "u1") == shown(stream, "u1") == {}
    assert {*shown(stream, "u2")} == {"rfm_tier"}


def test_an_erased_person_is_not_scored_even_by_a_run_that_knew_them(house: House, stream: Stream) -> None:
    from fanwheel.cdp import scores

    stream.tell(*sell(stream, "u1", 0), *sell(stream, "u2", 5))
    score(house)
    home = stream.home("u1")

    stream.erase("u1")
    late = [scores.Score(home, {"rfm_tier": "5-5"}), scores.Score(stream.home("u2"), {"rfm_tier": "4-4"})]
    house.run(scores.put(house.database, stream.workspace, late, scored_at=NOW + timedelta(hours=1)))

    rows = stream.rows("SELECT home_id, scores FROM person_score WHERE workspace_id = %(workspace)s")
    assert rows == [{"home_id": stream.home("u2"), "scores": {"rfm_tier": "4-4"}}]


def test_a_portrait_that_lost_its_scores_gets_them_back(house: House, stream: Stream) -> None:
    stream.tell(*sell(stream, "u1", 0))
    score(house)

    # As a fold leaves it that had begun before the scores were written.
    stream.rows("UPDATE person SET traits = '{}' WHERE workspace_id = %(workspace)s RETURNING 1")
    assert traits(house, stream, "u1") == {}  # the profile shows what rules ask
    score(house, now=NOW + timedelta(days=1))

    assert {*shown(stream, "u1")} == {*traits(house, stream, "u1")} == {"rfm_tier"}


@pytest.mark.parametrize("currency", ["JPY", "USD"])
def test_the_value_is_in_units_of_the_reporting_currency(house: House, stream: Stream, currency: str) -> None:
    stream.tell(*crowd(stream, 60))

    score(house)

    worth = [row["scores"]["clv_12m"] for row in stream.rows("SELECT scores FROM person_score")]
    assert 10 < max(worth) < 5000
    assert all(round(value, 0 if currency == "JPY" else 2) == value for value in worth)
