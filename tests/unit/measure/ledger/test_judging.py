"""A case judged: planned shares raise their alarm, campaigns have holdouts of their own, looks are remembered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from tests.unit.measure.verdicts.brand import START, Brand

from fanwheel.kernel.semantics import NO_TOUCH, OWN_DEEDS
from fanwheel.loop.wheel import turns
from fanwheel.measure.ledger import rules
from fanwheel.measure.ledger.datasets import Case, PastDay
from fanwheel.measure.ledger.judging import Judgment, Question, judge
from fanwheel.measure.ledger.tables import Tables, campaign_holdouts, of_campaign, planned_shares
from fanwheel.measure.reports.datasets import Place
from fanwheel.measure.verdicts import Code

SOURCES = {1: {"slug": "ads", "name": "Ads", "domain": "commercial"}}
PLACE = Place(workspace_id=1, time_zone="UTC", currency="USD", sources=SOURCES)
LAST = date(2026, 4, 5)


def the_tables(brand: Brand, **more: Any) -> Tables:
    told: Mapping[str, Any] = {
        name: {**table, **({"referrer": np.full(len(table["person"]), np.nan)} if name == "orders" else {})}
        for name, table in brand.tables.items()
    }
    return Tables(place=PLACE, as_of=datetime(2026, 4, 6, tzinfo=UTC), **told, **more)


def ask(tables: Tables, last: date = LAST, **known: Any) -> Judgment:
    return judge(tables, Question(first=None, last=last, margin=0.4), **known)


def rows(judgment: Judgment) -> list[Any]:
    return rules.channel_rows(PLACE, judgment, {})


@pytest.fixture(scope="module")
def wasted() -> Brand:
    return Brand(effect=0.0, spend=60_000.0, people=6_000)


# ---------------------------------------------------------------- planned shares
@pytest.mark.parametrize(
    ("said", "planned"),
    [
        (["0.1", "0.1"], {"ads": 0.1}),
        (["0.1", None], {"ads": 0.1}),
        (["0.1", "0.2"], {}),  # widened at some time: there is no one share to hold it against
        (["ten percent", "1.5", "0"], {}),
        ([None], {}),
    ],
)
def test_the_share_of_a_holdout_is_the_one_that_is_said(said: list[str | None], planned: dict[str, float]) -> None:
    assert planned_shares(["ads"] * len(said), said) == planned


def test_arms_unlike_the_plan_raise_the_alarm_in_the_product(wasted: Brand) -> None:
    (fair,) = rows(ask(the_tables(wasted, shares={"ads": 0.2})))
    (odd,) = rows(ask(the_tables(wasted, shares={"ads": 0.3})))

    assert (fair.state, fair.evidence.alarms, fair.advice.action) == ("wasted", [], "cut")
    assert (odd.state, [alarm.code for alarm in odd.evidence.alarms]) == ("unproven", [Code.ARMS_UNEQUAL])
    assert odd.evidence.alarms[0].values["planned_share"] == 0.3
    assert odd.advice.action in ("lean_cut", "test")


# ---------------------------------------------------------------- campaigns
def test_a_campaign_with_a_holdout_of_its_own_is_proven_and_another_is_not(wasted: Brand) -> None:
    tables = the_tables(wasted)
    campaign = np.where(np.arange(91) % 2, "Spring", "")
    met = tables.exposures
    split = replace(
        tables,
        spend={**tables.spend, "channel": of_campaign(tables.spend["channel"], campaign)},
        exposures={**met, "channel": of_campaign(met["channel"], np.full(len(met["person"]), "Spring"))},
        assignments={**tables.assignments, "holdout": np.full(len(tables.assignments["person"]), "ads/spring")},
        shares={"ads/spring": 0.2},
        first_day=tables.first_held,
    )
    names = np.unique(split.spend["channel"]).tolist()

    spring, none = sorted(rows(ask(campaign_holdouts(split, names))), key=lambda row: -len(row.campaign))

    assert (spring.channel, spring.campaign, spring.state) == ("ads", "Spring", "wasted")
    assert (spring.evidence.kind, spring.evidence.holdout, spring.advice.action) == ("holdout", "ads/Spring", "cut")
    assert (none.campaign, none.state, none.evidence.why_not.code) == ("", "unproven", Code.CAMPAIGN_NOT_HELD_OUT)


def test_holdouts_of_a_whole_source_keep_its_name() -> None:
    brand = Brand(people=300)
    tables = campaign_holdouts(the_tables(brand, shares={"ads": 0.2}), of_campaign(np.array(["ads"]), np.array(["x"])))

    assert set(tables.assignments["holdout"].tolist()) == {"ads"}
    assert tables.parts == {"ads\x1fx": "ads"}
    assert tables.shares == {"ads": 0.2}


# ---------------------------------------------------------------- history
def test_each_day_remembers_what_the_days_before_left_possible() -> None:
    tables = the_tables(Brand(effect=0.5, seed=4))
    days = [date(2026, 2, 16), date(2026, 3, 2), date(2026, 3, 16)]
    kept: list[PastDay] = []
    for day in days:
        case = Case(tables=tables, history=kept, truth={})
        kept += rules.past_days(PLACE, ask(tables, day, known=case.known_before(day).values()))

    spans = [(day.return_low or 0.0, day.return_high or 0.0) for day in kept]
    assert [day.day for day in kept] == days
    assert all(day.since == START.item() and day.compared == "ghost exposure" for day in kept)
    assert all(
        later.changed_on is not None or (one[0] <= low <= high <= one[1])
        for one, (low, high), later in zip(spans, spans[1:], kept[1:], strict=False)
    )
    case = Case(tables=tables, history=kept, truth={})
    assert case.known_before(days[0]) == {}
    assert case.known_before(LAST)["ads"].low == kept[-1].return_low


def test_a_past_day_without_bounds_is_no_hindrance() -> None:
    day = PastDay(day=LAST, source_id=1, state="wasted", low_minor=1, estimate_minor=2, high_minor=3)

    assert Case(tables=the_tables(Brand(people=300)), history=[day], truth={}).known_before(date(2026, 5, 1)) == {}


# ---------------------------------------------------------------- exposures
def test_every_event_with_a_meaning_is_either_the_person_s_own_deed_or_an_exposure() -> None:
    met = {"Live Joined", "Invite Accepted", "Product Viewed", "Product Added", "Content Viewed", "Message Clicked"}
    held = {"Ad Held Out", "Message Held Out"}

    assert set(turns.TURNS) | set(turns.ORDER_TURNS) | turns.QUIET == OWN_DEEDS | met | held | NO_TOUCH
    assert not OWN_DEEDS & (met | held | NO_TOUCH)
