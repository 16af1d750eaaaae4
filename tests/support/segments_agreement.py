"""One world of ``segments_random`` judged in three ways: by statements, by the evaluator, by the reference."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from fanwheel.cdp.segments import digest, evaluator, metrics, reading
from fanwheel.cdp.segments.analytic.build import Build, work_out
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from tests.support import segments_analytic
from tests.support import segments_random as chance
from tests.support.segments_facts import facts_of, remember
from tests.support.segments_reference import holds

Person = dict[str, Any]
PARTS = ((), ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],), (range(7), range(7, 14), (14, 15)))


@dataclass(frozen=True)
class Judged:
    """Rules with who is in by each way; ``due`` is when each person must be judged again."""

    now: int
    rules: list[dict[str, Any]]
    people: list[tuple[Person, list[Person]]]  # with their events
    built: list[set[int]]
    live: list[set[int]]
    plain: list[set[int]]
    due: dict[int, int]

    @property
    def differences(self) -> list[str]:
        """What the ways do not agree on."""
        each = zip(self.rules, self.built, self.live, self.plain, strict=True)
        return [
            f"{rule} at {self.now}: statements {sorted(built)}, evaluator {sorted(live)}, reference {sorted(plain)}"
            for rule, built, live, plain in each
            if not built == live == plain
        ]

    def changed_early(self, rng: Random) -> list[str]:
        """Of whom an answer changes before they are due."""
        wrong = []
        for person, events in self.people:
            until = self.due.get(person["person_id"], self.now + 500 * chance.DAY)
            for at in {until - 1, rng.randint(self.now, max(self.now, until - 1))}:
                for rule, plain in zip(self.rules, self.plain, strict=True):
                    if holds(rule, events, person, at) is not (person["person_id"] in plain):
                        wrong.append(f"{rule} of {person} at {at}, not due before {until}")
        return wrong


def judge(seed: int, folder: Path, *, homes: int, rules: int) -> Judged:
    """A world and rules of one seed, judged."""
    rng = Random(seed)
    world = chance.random_world(rng, homes=homes)
    told = [chance.random_rule(rng) for _ in range(rules)]
    step = rng.randrange(len(world.steps))
    people = [(world.person(group), world.events_of(group)) for group in world.steps[step]]
    person, events = rng.choice(people)
    (now,) = chance.random_instants(rng, rng.choice(told), events, person, count=1)
    build = _build(world, step, rng, folder, told, now)
    due = dict(zip(*(column.tolist() for column in build.due), strict=True))
    plain = [{one["person_id"] for one, events in people if holds(rule, events, one, now)} for rule in told]
    built = [set(build.members(number).tolist()) for number in range(rules)]
    return Judged(now, told, people, built, _live(people, told, now), plain, due)


def _build(world: chance.World, step: int, rng: Random, folder: Path, rules: list[Person], now: int) -> Build:
    trees = {number: reading.read_rule(rule) for number, rule in enumerate(rules)}
    with DuckDBEngine(memory_mb=512, temp_dir=folder / "spill", threads=1) as engine:
        rows = segments_analytic.fill(engine, world, step, rng, folder / "lake")
        place = segments_analytic.place_of(world, now, parts=rng.choice(PARTS))
        return work_out(engine, place, rows, trees)


def _live(people: list[tuple[Person, list[Person]]], rules: list[Person], now: int) -> list[set[int]]:
    trees = [reading.read_rule(rule) for rule in rules]
    every = sorted(set().union(*map(metrics.metrics_of, trees)), key=lambda metric: metric.spec)
    numbers = {metric: number for number, metric in enumerate(every, 1)}
    matcher = metrics.Matcher({number: metric for metric, number in numbers.items()})
    facts = [facts_of(one, [digest.add(digest.EMPTY, remember(events, matcher))]) for one, events in people]
    compiled = [evaluator.compile_rule(rule, numbers=numbers) for rule in trees]
    return [{one.person_id for one in facts if rule.evaluate(one, now).holds} for rule in compiled]
