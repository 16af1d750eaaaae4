"""The report of a broadcast: every figure as counting one message after the other has it, and some by hand."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.support import crowds
from tests.support.crowds import FIGURES, HOUR, Crowd, at_random, put
from tests.support.reach import NOON, Town

from fanwheel.loop.operate.broadcasts import reporting, reporting_rules, winning
from fanwheel.loop.operate.broadcasts.errors import BroadcastNotFoundError
from fanwheel.loop.operate.broadcasts.reporting import Place
from fanwheel.loop.operate.broadcasts.winning import Evidence


@pytest.fixture(scope="module", autouse=True)
def _closed(towns_dsn: str) -> Iterator[None]:
    yield
    crowds.leave(towns_dsn)


def test_every_figure_is_that_of_counting_message_by_message(town: Town) -> None:
    crowd = at_random(town)

    found = town.do(lambda tx: reporting.report(tx, crowd.broadcast_id, now=NOON))

    by_variant = {row["variant"]: {name: row[name] for name in FIGURES} for row in found["by_variant"]}
    assert by_variant == crowd.on_paper("variant")
    by_route = {str(row["route"]): {name: row[name] for name in FIGURES} for row in found["by_route"]}
    assert by_route == crowd.on_paper("occurrence")
    assert [name for name in FIGURES if not sum(row[name] for row in by_variant.values())] == []
    last = [row for row in crowd.messages if row.get("fallback") != "did"]
    states = Counter(row["state"] for row in last)
    assert {name: count for name, count in found["progress"].items() if count} == {
        "audience": 300, "released": 200, **states
    }  # fmt: skip
    rules = Counter(row["rule"] for row in last if row["state"] in ("skipped", "held_out", "failed"))
    assert {row["rule"]: row["people"] for row in found["why_not"]} == rules
    assert sum(row["sent"] for row in found["series"]) == sum(row["is_gone"] for row in crowd.messages)


def test_people_are_listed_once_each_by_their_last_route_page_by_page(town: Town) -> None:
    crowd = at_random(town)

    def page(after: Place | None, **asked: Any) -> list[Any]:
        return town.do(lambda tx: reporting.list_people(tx, crowd.broadcast_id, after=after, limit=40, **asked))

    seen: list[int] = []
    after: Place | None = None
    while rows := page(after):
        seen += [row["person_id"] for row in rows]
        after = Place(rows[-1]["occurrence"], rows[-1]["home_id"])

    assert sorted(seen) == sorted(crowd.people)
    skipped = {row["intent_id"] for row in crowd.messages if row.get("rule") == "consent" and "fallback" not in row}
    assert {row["intent_id"] for row in page(None, state="skipped", rule="consent")} == skipped
    assert {row["variant"] for row in page(None, variant="b")} == {"b"}


def test_costs_of_every_currency_are_told_in_the_one_of_reports(town: Town) -> None:
    place = "UPDATE workspace SET reporting_currency = 'EUR' WHERE workspace_id = %s"
    town.rows(place, town.workspace)
    put(town, "currency_rate", [{"currency": "JPY", "valid_from": "2020-01-01", "rate": "0.006"}])
    crowd = Crowd(town, 4, seed=1)
    one, two, three, four = crowd.people
    for home, micros, currency in (
        (one, 250_000, "EUR"),
        (two, 20_000_000, "JPY"),
        (three, 9, "XAF"),
        (four, None, None),
    ):
        crowd.send(home, "0", "sent", cost_micros=micros, cost_currency=currency)

    found = town.do(lambda tx: reporting.report(tx, crowd.broadcast_id, now=NOON))

    # 0.25 EUR, and 20 JPY at 0.006 EUR each = 0.12 EUR: 37 cents. Of francs no rate is known.
    assert found["cost"] == {"amount": 37, "currency": "EUR", "without_rate": ["XAF"]}
    assert sum(row["cost"] for row in found["by_variant"]) == 37


def test_a_broadcast_that_is_not_there_has_no_report(town: Town) -> None:
    with pytest.raises(BroadcastNotFoundError):
        town.do(lambda tx: reporting.report(tx, 10**9, now=NOON))


# ------------------------------------------------------------------ who wins
def test_a_test_counts_clean_successes_of_the_first_route(town: Town) -> None:
    crowd = at_random(town)

    (test,) = town.do(lambda tx: winning.list_undecided(tx, now=NOON))

    first = {
        key: [row for row in crowd.messages if row["variant"] == key and row["occurrence"] == "0" and row["is_gone"]]
        for key in "ab"
    }
    clicked = {number for number, what, is_clean in crowd.deeds if what == "clicked" and is_clean}
    assert test.counts == {
        key: (len(rows), sum(row["intent_id"] in clicked for row in rows)) for key, rows in first.items()
    }
    assert (test.metric, test.ends_at, test.is_held) == ("clicked", NOON + 24 * HOUR, False)


PROVEN = Evidence("b", "b", 0.01, 0.05)
AHEAD = Evidence("b", None, 0.4, 0.05)
LATER = NOON + timedelta(days=2)


@pytest.mark.parametrize(
    ("otherwise", "evidence", "now", "chosen"),
    [
        ("best", PROVEN, NOON, ("b", "test")),
        ("first", PROVEN, LATER, ("b", "test")),
        ("best", AHEAD, NOON, (None, None)),
        ("best", AHEAD, LATER, ("b", "deadline")),
        ("first", AHEAD, LATER, ("a", "deadline")),
        ("hold", AHEAD, LATER, (None, "hold")),
    ],
)
def test_a_winner_is_proven_or_the_deadline_decides_as_was_asked(
    otherwise: Any, evidence: Evidence, now: Any, chosen: tuple[str | None, str | None]
) -> None:
    test = winning.Undecided(1, "clicked", otherwise, NOON + 24 * HOUR, {"a": (100, 5), "b": (90, 6)}, False)

    choice = winning.choose(test, evidence, now=now)

    assert (choice.variant, choice.by) == chosen
    assert [row["rate"] for row in choice.evidence["variants"]] == [5 / 100, 6 / 90]


def test_the_rate_of_a_variant_lies_where_wilson_says() -> None:
    """Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 is 0.2553 to 0.3662, 0 of 20 up to 0.1611."""
    found = reporting_rules.tried({"a": (263, 81), "b": (20, 0)})

    assert [(round(row["low"], 4), round(row["high"], 4)) for row in found] == [(0.2553, 0.3662), (0.0, 0.1611)]
