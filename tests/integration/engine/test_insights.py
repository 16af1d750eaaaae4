"""Product reports equal plain loops over the same rows, and small ones what is worked out on paper."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.integration.engine.brute import Brute
from tests.integration.engine.worlds import NAMES, START, World, random_world

from fanwheel.infra.engine import Engine
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure.insights import answers, funnels, schemas
from fanwheel.measure.insights.service import EventsAsked, PathsAsked, RfmAsked
from fanwheel.measure.insights.sitting import Sitting
from fanwheel.measure.reports import datasets

AS_OF = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANN, BOB, CID, DOT = 1, 3, 4, 5
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def on(day: int, hour: int = 4, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def opened(world: World, folder: Path, *, kept: Sequence[str] = ()) -> Sitting:
    engine = DuckDBEngine(memory_mb=256, temp_dir=folder / "tmp", threads=1)
    datasets.fill(engine, world.place, world.files(folder / "lake", random.Random(1)), world.arrow(), kept=kept)
    return Sitting(engine=engine, place=world.place)


def by_statement(engine: Engine, plan: funnels.Plan) -> list[int]:
    """The funnel as a cluster counts it."""
    engine.keep("funnel_step", funnels.SQL["funnel_step"], **plan.params)
    depth = {row["depth"]: row["people"] for row in engine.query(funnels.SQL["funnel"], **plan.params).to_pylist()}
    return [sum(people for reached, people in depth.items() if reached > step) for step in range(len(plan.steps))]


def funnel(world: World, folder: Path, *steps: str, days: int = 7, period: tuple[date, date] = MARCH) -> list[int]:
    """People by step; both ways of counting must say the same."""
    plan = funnels.plan(steps, window_days=days, first=period[0], last=period[1], zone=world.zone)
    with opened(world, folder).engine as engine:
        here, there = funnels.count(engine, plan), by_statement(engine, plan)
    assert here == there
    return here


# ------------------------------------------------ funnel, by hand
def test_a_later_first_step_succeeds_where_the_first_one_fails(tmp_path: Path) -> None:
    world = World()
    for day in (1, 10):
        world.event(ANN, on(day), "See")
    world.event(ANN, on(12), "Join")  # eleven days after the first look, two after the second
    world.event(ANN, on(16), "Buy")  # six days after the second look

    assert funnel(world, tmp_path, "See", "Join", "Buy") == [1, 1, 1]


def test_an_earlier_first_step_is_not_forgotten_for_a_later_one(tmp_path: Path) -> None:
    world = World()
    world.event(ANN, on(1), "See")
    world.event(ANN, on(2), "Join")
    world.event(ANN, on(3), "See")  # nothing joined after this look
    world.event(ANN, on(4), "Buy")

    assert funnel(world, tmp_path, "See", "Join", "Buy") == [1, 1, 1]


def test_steps_in_another_order_do_not_count(tmp_path: Path) -> None:
    world = World()
    world.event(ANN, on(1), "Join")
    world.event(ANN, on(2), "See")
    world.event(ANN, on(3), "Buy")

    assert funnel(world, tmp_path, "See", "Join", "Buy") == [1, 0, 0]


@pytest.mark.parametrize(("late_us", "reached"), [(0, 1), (1, 0)])
def test_the_window_includes_its_end(late_us: int, reached: int, tmp_path: Path) -> None:
    world = World()
    world.event(ANN, on(1), "See")
    world.event(ANN, on(8) + timedelta(microseconds=late_us), "Buy")

    assert funnel(world, tmp_path, "See", "Buy", days=7) == [1, reached]


def test_a_funnel_begins_in_the_period_and_may_end_after_it(tmp_path: Path) -> None:
    world = World(zone="Asia/Shanghai")
    world.event(ANN, datetime(2026, 2, 28, 16, tzinfo=UTC), "See")  # 1 March in Shanghai, at midnight
    world.event(BOB, datetime(2026, 2, 28, 15, 59, tzinfo=UTC), "See")  # still February there
    world.event(CID, datetime(2026, 3, 31, 15, 59, tzinfo=UTC), "See")  # the last minute of March
    world.event(DOT, datetime(2026, 3, 31, 16, tzinfo=UTC), "See")  # April
    for who in (ANN, BOB, CID, DOT):
        world.event(who, on(2, month=4 if who in (CID, DOT) else 3), "Buy")

    assert funnel(world, tmp_path, "See", "Buy") == [2, 2]


def test_homes_of_one_person_walk_together(tmp_path: Path) -> None:
    world = World()
    world.merge(2, ANN)
    world.event(2, on(1), "See")
    world.event(ANN, on(2), "Buy")

    assert funnel(world, tmp_path, "See", "Buy") == [1, 1]


def test_a_step_asked_twice_needs_two_events(tmp_path: Path) -> None:
    world = World()
    for day in (1, 2):
        world.event(ANN, on(day), "Buy")
    world.event(BOB, on(1), "Buy")
    world.event(CID, on(1), "Buy")
    world.event(CID, on(1), "Buy")  # at the same instant

    assert funnel(world, tmp_path, "Buy", "Buy", "Buy") == [3, 2, 0]


def test_events_of_one_instant_stand_in_the_order_of_the_steps(tmp_path: Path) -> None:
    world = World()
    for name in ("Buy", "See", "Join"):
        world.event(ANN, on(1), name)

    assert funnel(world, tmp_path, "See", "Join", "Buy") == [1, 1, 1]


def test_pages_and_other_workspaces_are_no_steps(tmp_path: Path) -> None:
    world = World()
    world.event(ANN, on(1), "See", kind=3)
    world.event(BOB, on(1), "See", workspace_id=8)

    assert funnel(world, tmp_path, "See", "Buy") == [0, 0]


# ------------------------------------------------ funnel, by brute force
def walk(events: list[tuple[datetime, str]], steps: Sequence[str], ends: tuple[datetime, datetime], days: int) -> int:
    """How many steps one person came through: every chain is tried."""
    best = 0
    for place, (start, name) in enumerate(events):
        if name != steps[0] or not ends[0] <= start < ends[1]:
            continue
        # From one start, taking the next step as early as possible is never worse.
        depth = 1
        for at, what in events[place + 1 :]:
            if at - start > timedelta(days=days):
                break
            if depth < len(steps) and what == steps[depth]:
                depth += 1
        best = max(best, depth)
    return best


@pytest.mark.parametrize("seed", range(10))
def test_a_funnel_equals_a_walk_from_every_first_step(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    world = random_world(seed, people=60, events=2500)
    slow = Brute(world)
    first = START.date() + timedelta(days=rng.randrange(60))
    period, days = (first, first + timedelta(days=rng.randrange(60))), rng.choice((1, 7, 30))
    steps = rng.choices(NAMES, k=rng.choice((2, 3, 5, 8)))
    ends = tuple(
        datetime(day.year, day.month, day.day, tzinfo=slow.zone) for day in (period[0], period[1] + timedelta(days=1))
    )

    found = funnel(world, tmp_path, *steps, days=days, period=period)

    order = {name: steps.index(name) for name in steps}
    reached: Counter[int] = Counter()
    for rows in slow.events.values():
        mine = [(row["occurred_at"], row["name"]) for row in rows if row["kind"] == 1 and row["name"] in order]
        depth = walk(sorted(mine, key=lambda event: (event[0], order[event[1]])), steps, (ends[0], ends[1]), days)
        reached.update(range(depth))
    assert found == [reached[step] for step in range(len(steps))]
    assert found[0] > 0


def test_ids_too_long_for_one_number_are_counted_all_the_same() -> None:
    from fanwheel.measure.insights.chains import Chains

    # Ten years leave 12 bits of an id beside its part: 1 and 1 + 2**20 would share a number, as would many others.
    rng = np.random.default_rng(1)
    many, us = 40_000, 86_400_000_000
    person = rng.choice(
        np.concatenate([np.arange(1, 900), (1 << 20) + np.arange(900), (1 << 45) + np.arange(900)]), many
    )
    at, step = rng.integers(0, 3650 * us, many), rng.integers(1, 4, many).astype(np.int8)
    chains = Chains([1, 2, 3], since_us=0, until_us=3650 * us, window_us=200 * us)
    for rows in np.array_split(np.arange(many), 7):
        chains.take(person[rows], at[rows], step[rows])

    events: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for who, when, what in zip(person.tolist(), at.tolist(), step.tolist(), strict=True):
        events[who].append((when, what))
    reached: Counter[int] = Counter()
    for mine in events.values():
        mine.sort()
        best = 0
        for place, (start, what) in enumerate(mine):
            depth = int(what == 1)
            for when, after in mine[place + 1 :]:
                if depth and when - start <= 200 * us and after == depth + 1:
                    depth += 1
            best = max(best, depth)
        reached.update(range(best))
    assert chains.count() == [reached[step] for step in range(3)]
    assert 0 < reached[2] < reached[1] < reached[0]


# ------------------------------------------------ events, RFM, paths
@pytest.mark.parametrize("seed", range(4))
def test_names_of_events_equal_a_count(seed: int, tmp_path: Path) -> None:
    world = random_world(seed)
    slow = Brute(world)

    with opened(world, tmp_path).engine as engine:
        answer = answers.answer(Sitting(engine=engine, place=world.place), EventsAsked(7), as_of=AS_OF)

    tracked = [(who, row["name"]) for who, rows in slow.events.items() for row in rows if row["kind"] == 1]
    times, people = Counter(name for _, name in tracked), Counter(name for _, name in {*tracked})
    assert isinstance(answer, schemas.Events)
    assert [(item.name, item.people, item.events) for item in answer.items] == [
        (name, people[name], times[name]) for name in sorted(times, key=lambda name: (-people[name], name.encode()))
    ]


@pytest.mark.parametrize("seed", range(6))
def test_rfm_equals_ranks_taken_person_by_person(seed: int, tmp_path: Path) -> None:
    world = random_world(seed)
    slow = Brute(world)

    with opened(world, tmp_path, kept=["orders"]).engine as engine:
        answer = answers.answer(Sitting(engine=engine, place=world.place), RfmAsked(7), as_of=AS_OF)

    days = {who: {slow.day(order["placed_at"]) for order in orders} for who, orders in slow.orders.items() if orders}
    cells: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    often: dict[int, int] = {}  # by the highest score that it takes
    for who, mine in days.items():
        longer_ago = sum(max(other) < max(mine) for other in days.values())
        rarer = sum(len(other) < len(mine) for other in days.values())
        cell = cells[1 + 5 * longer_ago // len(days), 1 + 5 * rarer // len(days)]
        cell[0] += 1
        cell[1] += sum(order["net_minor"] or 0 for order in slow.orders[who])
        often[len(mine)] = 1 + 5 * rarer // len(days)
    assert isinstance(answer, schemas.Rfm)
    assert {(c.recency, c.frequency): [c.people, c.revenue_minor] for c in answer.cells} == cells
    today = slow.day(AS_OF)
    assert answer.bounds.recency_days[0] == max((today - max(mine)).days for mine in days.values())
    assert answer.bounds.recency_days == sorted(answer.bounds.recency_days, reverse=True)
    assert answer.bounds.frequency == [
        min((many for many, got in often.items() if got >= score), default=max(often) + 1) for score in range(1, 6)
    ]


def test_paths_by_hand(tmp_path: Path) -> None:
    world = World()
    for day, source in ((1, 1), (2, 1), (3, 3), (4, 1)):
        world.event(ANN, on(day), source_id=source)  # Douyin, Douyin, WeCom, Douyin
    world.order(ANN, on(5), 100_00)
    world.event(BOB, on(1), source_id=1)
    world.event(BOB, on(2), source_id=3)
    world.event(BOB, on(3), source_id=1)
    world.order(BOB, on(4), 20_00)  # the same way, without the repetition
    world.event(CID, on(1), source_id=4)  # never bought
    world.order(DOT, on(4), 70_00)  # without a touch

    with opened(world, tmp_path, kept=["orders", "touch"]).engine as engine:
        sitting = Sitting(engine=engine, place=world.place)
        both, first = (answers.answer(sitting, PathsAsked(7, limit, 30), as_of=AS_OF) for limit in (50, 1))

    assert isinstance(both, schemas.Paths)
    assert isinstance(first, schemas.Paths)
    assert [(row.channels, row.conversions, row.value_minor) for row in both.paths] == [
        (["抖音", "企业微信", "抖音"], 2, 120_00),
        ([], 1, 70_00),
    ]
    assert first.paths == both.paths[:1]
