"""Segments from scratch over a real database and lake: built, looked at, and their past remembered."""

import json
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.support.stream import NOON, Event, Stream

from fanwheel.cdp.segments import analytic, digest, metrics, reading
from fanwheel.cdp.segments.analytic import Build, Preview, looks, trends
from fanwheel.cdp.segments.errors import BadSegmentError
from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.settings import Settings

DAY = 86_400
NOW = NOON + timedelta(days=40)
Json = dict[str, Any]


class Town(Stream):
    """A few people of whom most kinds of things are known; half of their events are in the lake."""

    def __init__(self, dsn: str, home: Path) -> None:
        super().__init__(dsn)
        self.settings = Settings(home=home)
        said = {"city": "Kyōto", "birthday": "1990-04-11", "rfm_tier": "A-1", "it's": [1, "a"]}
        self.tell(
            Event(kind="identify", who="ann", properties=said),
            *[Event(name="Viewed", who="ann", at=n * DAY, properties={"total": n + 0.5}) for n in range(4)],
            Event(name="Viewed", who="bob", at=39 * DAY, properties={"total": 9, "products": [{"sku": "tea"}]}),
            Event(name="Viewed", who="a-bob", at=39.5 * DAY),
            Event(name="Channel Joined", who="cid", at=DAY, properties={"channel": "email"}),
            Event(name="Viewed", who="dee", at=50 * DAY),
            Event(name="Viewed", who="eve", at=39 * DAY),
        )
        exporter = Exporter(self.settings, dsn, options=LakeOptions(erasure_grace_s=0))
        exporter.run_once()
        exporter.close()
        self.tell(Event(name="Bought", who="bob", at=39 * DAY + 60), Event(name="Bought", who="cid", at=30 * DAY))
        self.merge("bob", "a-bob")
        self.project()
        self.erase("eve")
        self.conn.execute(
            "INSERT INTO segment_bitmap (workspace_id, segment_id, chunk, size, members)"
            " SELECT %s, 77, person_id / 65536, 1, %s FROM person WHERE person_id = %s",
            [self.workspace, _bitmap(self.home("cid")), self.home("cid")],
        )

    def build(self, *conditions: Json, now: datetime = NOW) -> Build:
        rules = {
            number: reading.read_rule({"version": 1, "condition": one}) for number, one in enumerate(conditions, 1)
        }
        return analytic.build(self.settings, self.dsn, self.workspace, rules, now)

    def preview(self, condition: Json, now: datetime = NOW) -> Preview:
        rule = reading.read_rule({"version": 1, "condition": condition})
        return analytic.preview(self.settings, self.dsn, self.workspace, rule, now)

    def names(self, ids: Any) -> list[str]:
        who = {home: name for name, home in self._homes.items()}
        return sorted(who[int(person)] for person in ids)


def _bitmap(person: int) -> bytes:
    from pyroaring import BitMap

    return BitMap([person % 65536]).serialize()


@pytest.fixture(scope="module")
def town(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    name = f"fw_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}")
    made = Town(psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name), tmp_path_factory.mktemp("home"))
    yield made
    made.close()
    analytic.forget()
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def did(name: str, *, at_least: float = 1, **more: Any) -> Json:
    return {"type": "event", "event": {"name": name}, "test": {"op": "at_least", "value": at_least}} | more


def trait(name: str, op: str, **more: Any) -> Json:
    return {"type": "trait", "name": name, "test": {"op": op, **more}}


CASES: list[tuple[Json, list[str]]] = [
    (did("Viewed", at_least=2), ["ann", "bob"]),  # bob's second view is of a home that was merged into his
    (did("Viewed", within={"amount": 2, "unit": "days"}), ["bob"]),
    (did("Viewed", measure="sum", of="total", at_least=8), ["ann", "bob"]),
    ({"type": "not", "condition": did("Viewed")}, ["cid", "dee"]),  # dee's is yet to come, eve was erased
    ({"type": "all", "conditions": []}, ["ann", "bob", "cid", "dee"]),
    ({"type": "sequence", "steps": [{"name": "Viewed"}, {"name": "Bought"}], "within": {"amount": 1, "unit": "hours"}},
     ["bob"]),
    (trait("city", "is", value="Kyōto"), ["ann"]),
    (trait("it's", "contains", value="a"), ["ann"]),
    (trait("birthday", "anniversary", days=1), ["ann"]),  # it is April 10
    ({"type": "layer", "layer": "rfm_tier", "classes": ["A-1"]}, ["ann"]),
    ({"type": "layer", "layer": "stage", "classes": ["operate"]}, ["cid"]),
    ({"type": "layer", "layer": "weather", "classes": ["sunny"]}, []),
    ({"type": "reachable", "channel": "email"}, ["cid"]),
    ({"type": "field", "name": "event_count", "test": {"op": "more", "value": 4}}, ["ann"]),
    ({"type": "field", "name": "last_seen_at", "test": {"op": "longer_ago", "span": {"amount": 20, "unit": "days"}}},
     ["ann"]),
    ({"type": "segment", "segment_id": 77}, ["cid"]),
    ({"type": "any", "conditions": [{"type": "segment", "segment_id": 77}, trait("city", "exists")]}, ["ann", "cid"]),
]  # fmt: skip


def test_a_build_finds_who_is_in(town: Town) -> None:
    built = dict(town.build(*(condition for condition, _ in CASES)))

    assert [town.names(members) for members in built.values()] == [who for _, who in CASES]


@pytest.mark.parametrize(("condition", "who"), CASES, ids=[json.dumps(condition)[:60] for condition, _ in CASES])
def test_a_look_finds_the_same(town: Town, condition: Json, who: list[str]) -> None:
    seen = town.preview(condition)

    assert (town.names(seen.members), seen.count, seen.everybody) == (who, len(who), 4)
    assert town.names(seen.sample) == who


def test_a_look_says_how_many_meet_each_condition_and_can_be_reached(town: Town) -> None:
    both = {"type": "any", "conditions": [did("Bought"), trait("city", "exists")]}

    seen = town.preview(both)

    parts = {part.path: part.people for part in seen.parts}
    assert parts == {"$.condition": 3, "$.condition.conditions[0]": 2, "$.condition.conditions[1]": 1}
    assert seen.reachable == {"email": 1}


def test_looks_of_one_minute_show_one_instant_and_later_ones_another(town: Town) -> None:
    first = town.preview(did("Viewed"))
    soon = town.preview(did("Viewed"), NOW + timedelta(seconds=59))
    later = town.preview(did("Viewed"), NOW + timedelta(days=20))

    assert first.as_of == soon.as_of < later.as_of
    assert town.names(later.members) == ["ann", "bob", "dee"]


def test_a_guess_looks_at_a_share_of_people_alone(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "WORTH_GUESSING", 0)
    rule = reading.read_rule({"version": 1, "condition": did("Viewed", at_least=0.5)})
    later = NOW + timedelta(days=30)

    seen, exact, again = (
        analytic.preview(town.settings, town.dsn, town.workspace, rule, later, may_guess=may_guess)
        for may_guess in (True, False, True)
    )

    assert [look.is_guess for look in (seen, exact, again)] == [True, False, False]
    assert set(seen.members.tolist()) == {person for person in exact.members.tolist() if person % 16 == 0}


@pytest.mark.parametrize(
    ("condition", "weeks"),
    [
        # Ann came 40 days ago, cid 39, and bob a day ago; dee has yet to come.
        ({"type": "all", "conditions": []}, [0] * 8 + [2] * 5 + [3]),
        (did("Viewed"), [0] * 8 + [1] * 5 + [2]),
        (did("Viewed", within={"amount": 2, "unit": "weeks"}), [0] * 8 + [1, 1, 0, 0, 0, 1]),
        ({"type": "not", "condition": did("Bought")}, [0] * 8 + [2] * 4 + [1, 1]),
        ({"type": "sequence", "steps": [{"name": "Viewed"}, {"name": "Bought"}],
          "within": {"amount": 1, "unit": "hours"}}, [0] * 13 + [1]),
        # Traits count as they are today.
        ({"type": "all", "conditions": [trait("city", "exists"), did("Viewed", at_least=2)]}, [0] * 8 + [1] * 6),
    ],
)  # fmt: skip
def test_a_trend_shows_what_people_had_done_by_each_week(town: Town, condition: Json, weeks: list[int]) -> None:
    rule = reading.read_rule({"version": 1, "condition": condition})

    found = analytic.trend(town.settings, town.dsn, town.workspace, rule, NOW)

    assert [(point.people, point.low, point.high) for point in found.points] == [(each,) * 3 for each in weeks]
    assert not found.is_guess


def test_a_trend_of_many_people_is_guessed_from_a_share(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trends, "WORTH_GUESSING", 0)
    rule = reading.read_rule({"version": 1, "condition": did("Viewed")})

    found = analytic.trend(town.settings, town.dsn, town.workspace, rule, NOW)

    assert found.is_guess
    assert all(point.low <= point.people <= point.high <= 4 for point in found.points)
    assert all(point.people % 4 == 0 or point.people == 2 for point in found.points)


def test_who_turns_with_time_is_due(town: Town) -> None:
    people, due_us = town.build(did("Viewed", within={"amount": 2, "unit": "days"})).due

    due = dict(zip(town.names(people), sorted(due_us.tolist()), strict=True))
    noon = NOON.timestamp()
    # Bob's last view is two days old then, and dee's comes.
    assert due == {"bob": (noon + 41.5 * DAY) * 1e6, "dee": (noon + 50 * DAY) * 1e6}


def test_segments_may_mention_those_that_are_built_with_them(town: Town) -> None:
    built = town.build({"type": "not", "condition": {"type": "segment", "segment_id": 2}}, did("Bought"))

    assert town.names(built.members(1)) == ["ann", "dee"]


def test_segments_that_ask_for_themselves_are_refused(town: Town) -> None:
    built = town.build({"type": "segment", "segment_id": 2}, {"type": "segment", "segment_id": 1})

    with pytest.raises(BadSegmentError):
        built.members(1)


def test_the_past_is_what_events_one_by_one_would_have_told(town: Town) -> None:
    rules = [did("Viewed", measure="sum", of="total"), did("Bought"), did("Viewed")]
    wanted = [one for rule in rules for one in metrics.metrics_of(reading.read_rule({"version": 1, "condition": rule}))]
    numbers = dict(enumerate(wanted, 1))
    matcher = metrics.Matcher(numbers)

    found = {
        (told.home_id, told.metric, at, short, None if told.values is None else told.values.tolist()[place])
        for told in analytic.backfill(town.settings, town.dsn, town.workspace, numbers)
        for place, (at, short) in enumerate(zip(told.times.tolist(), told.ids.tolist(), strict=True))
    }

    rows = town.rows(
        "SELECT person_id, kind, name, (extract(epoch FROM occurred_at) * 1e6)::bigint AS at_us, event_id, properties"
        "  FROM event WHERE workspace_id = %(workspace)s AND person_id IN (SELECT home_id FROM identifier)"
    )
    assert found == {
        (row["person_id"], number, row["at_us"], digest.short_id(row["event_id"].hex), value)
        for row in rows
        for number, value in matcher.read(row["kind"], row["name"], row["properties"])
    }
    assert len(found) == 7 + 2 + 5
