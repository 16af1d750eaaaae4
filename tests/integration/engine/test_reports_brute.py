"""Every report equals plain loops over the same rows, wherever the watermark stands."""

import dataclasses
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.engine import brute
from tests.integration.engine.worlds import START, World, random_world

from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure.reports import datasets, rules, schemas
from fanwheel.measure.reports.cubes import Book, Period

SEEDS = range(12)
AS_OF = datetime(2026, 6, 1, 12, tzinfo=UTC)


def book_of(world: World, folder: Path, *, seed: int = 0, in_lake: float = 0.7) -> Book:
    files = world.files(folder / "lake", random.Random(seed), in_lake=in_lake)
    with DuckDBEngine(memory_mb=256, temp_dir=folder / "tmp", threads=1) as engine:
        datasets.fill(engine, world.place, files, world.arrow())
        return datasets.write_book(engine, world.place, as_of=AS_OF)


def plain(shape: Any) -> Any:
    """A dataclass as a dictionary with the API's names."""
    if dataclasses.is_dataclass(shape):
        names = {field.name: "from" if field.name == "start" else field.name for field in dataclasses.fields(shape)}
        return {names[name]: plain(getattr(shape, name)) for name in names}
    return [plain(item) for item in shape] if isinstance(shape, list) else shape


def periods(seed: int) -> list[Period]:
    rng = random.Random(seed)
    first = START.date()
    spans = [(first - timedelta(days=9), 200), (first + timedelta(days=14), 1)]
    spans += [(first + timedelta(days=rng.randrange(140)), rng.randint(1, 60)) for _ in range(3)]
    return [Period(day, day + timedelta(days=length - 1)) for day, length in spans]


@pytest.fixture(scope="module", params=SEEDS)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Book, brute.Brute]:
    seed = request.param
    world = random_world(seed)
    share = random.Random(seed).random()
    return seed, book_of(world, tmp_path_factory.mktemp("world"), seed=seed, in_lake=share), brute.Brute(world)


Case = tuple[int, Book, brute.Brute]


def test_stages_equal_a_count_person_by_person(case: Case) -> None:
    seed, book, slow = case

    for period in periods(seed):
        answer = plain(rules.stages(book, period))

        assert {key: answer[key] for key in ("stages", "days")} == slow.stages(period)


def test_flows_equal_a_walk_along_every_path(case: Case) -> None:
    seed, book, slow = case

    for period in periods(seed):
        answer = plain(rules.flows(book, period))

        assert {key: answer[key] for key in ("domains", "flows")} == slow.flows(period)


def test_links_equal_a_count_of_the_newly_introduced(case: Case) -> None:
    seed, book, slow = case

    for period in periods(seed):
        answer = rules.links(book, period)

        expected: Counter[tuple[str, str]] = Counter()
        for (source, channel, outcome), people in slow.links(period).items():
            expected[f"source:{brute.name_of(source)}", f"channel:{channel}"] += people
            expected[f"channel:{channel}", f"outcome:{outcome}"] += people
        assert {(edge.start, edge.to): edge.people for edge in answer.edges} == expected
        assert {node.id for node in answer.nodes} == {node for pair in expected for node in pair}


def test_readouts_equal_a_replay_of_every_statement(case: Case) -> None:
    seed, book, slow = case

    for period in periods(seed):
        answer = rules.readouts(book, period)

        fans, asked = slow.fans(period.last)
        now, before = slow.ordered(period), slow.ordered(period.before())
        assert (answer.fans, answer.fans_consented_share) == (fans, fans / asked if asked else None)
        assert (answer.boarded, answer.boarded_before) == (slow.boarded(period), slow.boarded(period.before()))
        assert (answer.orders, answer.orders_before) == (len(now), len(before))
        assert answer.revenue_minor == sum(order["net_minor"] or 0 for order in now)
        assert answer.revenue_before_minor == sum(order["net_minor"] or 0 for order in before)
        assert answer.unconverted_orders == sum(order["net_minor"] is None for order in now)
        assert answer.spend_minor == slow.spent(period).total()
        assert answer.spend_before_minor == slow.spent(period.before()).total()


def test_last_touch_equals_a_search_order_by_order(case: Case) -> None:
    seed, book, slow = case

    for period in periods(seed):
        answer = rules.attribution(book, period)

        found = {
            row.source_id: (row.spend_minor, row.credited_revenue_minor, row.credited_orders, row.people)
            for row in answer.rows
        }
        assert found == slow.attribution(period)


@pytest.mark.parametrize("grain", ["month", "week"])
def test_cohorts_equal_a_count_person_by_person(case: Case, grain: schemas.Grain) -> None:
    _, book, slow = case

    answer = rules.cohorts(book, grain)

    expected = slow.cohorts(grain)
    assert [cohort.cohort for cohort in answer.cohorts] == [
        day.isoformat()[: 7 if grain == "month" else 10] for day in sorted(expected)
    ]
    for cohort, day in zip(answer.cohorts, sorted(expected), strict=True):
        cells = expected[day]
        assert cohort.people == cells[0][0]
        assert cohort.returned == [cells.get(since, (0, 0))[0] for since in range(len(cohort.returned))]
        assert cohort.revenue_minor == [cells.get(since, (0, 0))[1] for since in range(len(cohort.returned))]
        assert len(cohort.returned) > max(cells)


def test_referral_equals_the_first_accepted_invite_of_each(case: Case) -> None:
    _, book, slow = case
    expected = slow.referral()

    answer = rules.referral(book, 1000, {})

    assert (answer.invites, answer.accepted_invites) == (expected["invites"], expected["accepted_invites"])
    assert answer.k_factor == expected["accepted_invites"] / expected["members"]
    assert {member.person_id for member in answer.tree} == expected["people"]
    for member in answer.tree:
        assert member.parent_id in (expected["parents"].get(member.person_id), None)


def test_totals_equal_the_sum_of_paid_orders(case: Case) -> None:
    seed, book, slow = case

    for period in periods(seed):
        answer = rules.totals(book, period, {START.date(): 5})

        orders = slow.ordered(period)
        assert answer.orders == len(orders)
        assert answer.lines == (5 if START.date() in {day.day for day in answer.days} else 0)
        assert answer.gross_minor == sum(order["total_minor"] or 0 for order in orders)
        by_day = Counter(slow.day(order["placed_at"]) for order in orders)
        assert {day.day: day.orders for day in answer.days} == by_day


@pytest.mark.parametrize("seed", range(3))
def test_no_report_depends_on_where_the_watermark_stands(seed: int, tmp_path: Path) -> None:
    world = random_world(seed, events=300)
    period = Period(date(2025, 11, 1), date(2026, 1, 31))
    reports: list[Callable[[Book], Any]] = [
        lambda book: rules.stages(book, period),
        lambda book: rules.flows(book, period),
        lambda book: rules.readouts(book, period),
        lambda book: rules.attribution(book, period),
        lambda book: rules.cohorts(book, "week"),
    ]

    answers = []
    for step, share in enumerate((0.0, random.Random(seed).random(), 1.0)):
        folder = tmp_path / str(step)
        folder.mkdir()
        book = book_of(world, folder, seed=step, in_lake=share)
        answers.append([report(book) for report in reports])

    assert answers[0] == answers[1] == answers[2]
