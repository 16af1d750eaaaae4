"""One small brand whose every figure can be worked out on paper.

Times are UTC, the workspace is in Shanghai (+8): an event at 16:00 UTC or later falls on the next day there.

    Ann (home 1, merged with 2)   1 Mar  sees a Douyin video (public), as anonymous home 2
                                  2 Mar  clicks a Google ad (commercial), joins WeCom (private)
                                  3 Mar  buys for 100.00 (order A), 9 Mar again for 50.00 (order B)
                                 10 Mar  invites Bob
    Bob (home 3)                  4 Mar  sees a Douyin video, 5 Mar the newsletter (private), buys for 30.00 (order C)
    Cid (home 4)                  4 Mar  at 23:30 UTC, so on 5 Mar in Shanghai, clicks a Google ad, nothing more
    Dot (home 5)                 20 Jan  clicked a Google ad; 5 Mar buys for 80.00 (order D), 45 days later
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from tests.integration.engine.worlds import World

from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure.reports import datasets, rules
from fanwheel.measure.reports.cubes import Book, Period

ANN, BOB, CID, DOT = 1, 3, 4, 5
DOUYIN, GOOGLE, WECOM, NEWSLETTER = 1, 2, 3, 4
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
WEEK = Period(date(2026, 3, 1), date(2026, 3, 7))


def on(day: int, hour: int = 4, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    world = World(zone="Asia/Shanghai")
    world.merge(2, ANN)
    world.event(2, on(1), source_id=DOUYIN)
    world.event(ANN, on(2), source_id=GOOGLE)
    world.event(ANN, on(2, 5), "Channel Joined", source_id=WECOM)
    world.consent(ANN, on(2, 5), "wecom", True)
    world.order(ANN, on(3), 100_00)
    world.order(ANN, on(9), 50_00)
    world.event(ANN, on(10), "Invite Sent")
    world.event(BOB, on(4), source_id=DOUYIN)
    world.event(BOB, on(5), source_id=NEWSLETTER)
    world.consent(BOB, on(5), "email", True)
    world.consent(BOB, on(20), "email", False)
    world.order(BOB, on(5, 6), 30_00)
    world.invite(BOB, ANN, on(4))
    world.event(CID, on(4, 23, 30), source_id=GOOGLE)
    world.event(DOT, on(20, month=1), source_id=GOOGLE)
    world.order(DOT, on(5), 80_00)
    world.spend(GOOGLE, date(2026, 3, 2), 40_00)
    world.spend(DOUYIN, date(2026, 2, 27), 15_00)
    folder = tmp_path_factory.mktemp("brand")
    with DuckDBEngine(memory_mb=128, temp_dir=folder / "tmp", threads=1) as engine:
        datasets.fill(engine, world.place, world.files(folder / "lake", Random(1)), world.arrow())
        return datasets.write_book(engine, world.place, as_of=on(31))


def test_stages_by_hand(book: Book) -> None:
    answer = rules.stages(book, MARCH)

    # introduced: Ann, Bob, Cid in March, Dot in January. operate: Ann (WeCom), Bob (email consent).
    # convert: Ann, Bob, Dot. share: Ann (4 Mar: the accepted invite came before "Invite Sent"). repurchase: Ann.
    assert [stage.people for stage in answer.stages] == [4, 2, 3, 1, 1]
    assert [stage.entered for stage in answer.stages] == [3, 2, 3, 1, 1]
    assert [stage.entered_before for stage in answer.stages] == [0, 0, 0, 0, 0]
    # 2 of 4 introduced operate; both of those bought; 1 of 3 buyers shared; that one repurchased.
    assert [stage.rate_to_next for stage in answer.stages] == [2 / 4, 2 / 2, 1 / 3, 1 / 1, None]


def test_a_late_event_belongs_to_the_next_day_of_the_workspace(book: Book) -> None:
    days = {day.day: day.introduce for day in rules.stages(book, MARCH).days if day.introduce}

    assert days == {date(2026, 3, 1): 1, date(2026, 3, 4): 1, date(2026, 3, 5): 1}  # Ann, Bob, Cid


def test_flows_by_hand(book: Book) -> None:
    answer = rules.flows(book, MARCH)

    # Ann: Douyin -> Google (public to commercial), Google -> WeCom (commercial to private).
    # Bob: Douyin -> newsletter (public to private).
    crossed = {(flow.start, flow.to): (flow.people, flow.crossings) for flow in answer.flows if flow.crossings}
    assert crossed == {
        ("public", "commercial"): (1, 1),
        ("commercial", "private"): (1, 1),
        ("public", "private"): (1, 1),
    }
    assert [(domain.domain, domain.people, domain.touches) for domain in answer.domains] == [
        ("public", 2, 2),
        ("commercial", 2, 2),
        ("private", 2, 2),
    ]


def test_links_by_hand(book: Book) -> None:
    edges = {(edge.start, edge.to): edge.people for edge in rules.links(book, MARCH).edges}

    assert edges == {
        ("source:douyin", "channel:wecom"): 1,  # Ann
        ("channel:wecom", "outcome:repurchase"): 1,
        ("source:douyin", "channel:email"): 1,  # Bob
        ("channel:email", "outcome:convert"): 1,
        ("source:google-ads", "channel:"): 1,  # Cid; Dot was introduced in January
        ("channel:", "outcome:none"): 1,
    }


def test_readouts_by_hand(book: Book) -> None:
    week, month = rules.readouts(book, WEEK), rules.readouts(book, MARCH)

    assert (week.fans, week.boarded, week.fans_consented_share) == (2, 2, 1.0)
    assert (month.fans, month.boarded, month.fans_consented_share) == (1, 2, 0.5)  # Bob withdrew on the 20th
    assert (week.orders, week.revenue_minor) == (3, 210_00)  # A, C, D
    assert (month.orders, month.revenue_minor) == (4, 260_00)
    assert (week.spend_minor, week.spend_before_minor) == (40_00, 15_00)  # 22 to 28 February before


def test_last_touch_by_hand(book: Book) -> None:
    rows = {row.source: row for row in rules.attribution(book, MARCH).rows}

    # Ann's touches before both orders end with WeCom; Bob's with the newsletter; Dot's is 45 days old.
    assert {name: (row.credited_revenue_minor, row.credited_orders, row.people) for name, row in rows.items()} == {
        "wecom": (150_00, 2, 1),
        "newsletter": (30_00, 1, 1),
        "google-ads": (0, 0, 0),
        "none": (80_00, 1, 1),
    }
    assert rows["google-ads"].spend_minor == 40_00
    assert rows["google-ads"].cost_per_order_minor is None


def test_cohorts_by_hand(book: Book) -> None:
    (march,) = rules.cohorts(book, "month").cohorts
    (week,) = [cohort for cohort in rules.cohorts(book, "week").cohorts if cohort.cohort == "2026-03-02"]

    assert (march.cohort, march.people, march.returned, march.revenue_minor) == ("2026-03", 3, [3], [260_00])
    # Monday 2 March: Ann, Bob, Dot; Ann came back in the week after. Four weeks have begun since.
    assert (week.people, week.returned, week.revenue_minor) == (3, [3, 1, 0, 0, 0], [210_00, 50_00, 0, 0, 0])


def test_referral_by_hand(book: Book) -> None:
    answer = rules.referral(book, 10, {ANN: "安"})

    assert (answer.invites, answer.accepted_invites) == (1, 1)
    assert answer.k_factor == 1 / 2  # one person brought; Ann and Bob could have invited
    assert [(m.person_id, m.name, m.parent_id, m.orders, m.brought) for m in answer.tree] == [
        (ANN, "安", None, 2, 1),
        (BOB, "", ANN, 1, 0),
    ]


@pytest.mark.parametrize(
    ("age", "source"),
    [
        (timedelta(0), "google-ads"),  # at the very moment of the order
        (timedelta(days=30), "google-ads"),
        (timedelta(days=30, microseconds=1), "none"),
        (timedelta(microseconds=-1), "none"),  # after it
    ],
)
def test_a_touch_counts_from_its_moment_for_thirty_days(age: timedelta, source: str, tmp_path: Path) -> None:
    world = World()
    world.order(ANN, on(20), 10_00)
    world.event(ANN, on(20) - age, source_id=GOOGLE)

    with DuckDBEngine(memory_mb=128, temp_dir=tmp_path / "tmp", threads=1) as engine:
        datasets.fill(engine, world.place, world.files(tmp_path / "lake", Random(1)), world.arrow())
        book = datasets.write_book(engine, world.place, as_of=on(31))

    assert [row.source for row in rules.attribution(book, MARCH).rows] == [source]
