"""The evaluator against the reference, on rules and histories at random."""

from random import Random
from typing import Any

import pytest
from tests.support import segments_random as chance
from tests.support.segments_facts import facts_of, remember
from tests.support.segments_reference import holds

from fanwheel.cdp.segments import digest, evaluator, metrics, reading

CASES = range(100)
RULES = 10


class Case:
    """A world, and rules that are ready to judge it."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.world = chance.random_world(self.rng)
        self.rules = [chance.random_rule(self.rng) for _ in range(RULES)]
        trees = [reading.read_rule(rule) for rule in self.rules]
        every = sorted(set().union(*map(metrics.metrics_of, trees)), key=lambda metric: metric.spec)
        self.numbers = {metric: number for number, metric in enumerate(every, 1)}
        self.compiled = [evaluator.compile_rule(rule, numbers=self.numbers) for rule in trees]
        self.matcher = metrics.Matcher({number: metric for metric, number in self.numbers.items()})

    def digest(self, home: int) -> bytes:
        """What is remembered of a home, whose events come one by one."""
        packed = digest.EMPTY
        for event in self.world.events_of([home]):
            packed = digest.add(packed, remember([event], self.matcher))
        return packed

    def people(self) -> list[tuple[list[int], dict[str, Any], Any]]:
        """Everybody of every state of identity: homes, the plain person, and the facts."""
        digests = {home: self.digest(home) for person in self.world.steps[0] for home in person}
        return [
            (homes, person := self.world.person(homes), facts_of(person, [digests[home] for home in homes]))
            for state in self.world.steps
            for homes in state
        ]


@pytest.mark.parametrize("seed", CASES)
def test_the_evaluator_says_what_the_reference_says(seed: int) -> None:
    case = Case(seed)

    for homes, person, facts in case.people():
        events = case.world.events_of(homes)
        for rule, compiled in zip(case.rules, case.compiled, strict=True):
            for now in chance.random_instants(case.rng, rule, events, person, count=4):
                assert compiled.evaluate(facts, now).holds is holds(rule, events, person, now), (rule, now)


@pytest.mark.parametrize("seed", CASES)
def test_an_answer_stays_until_the_next_turn(seed: int) -> None:
    case = Case(seed)

    for homes, person, facts in case.people():
        events = case.world.events_of(homes)
        for rule, compiled in zip(case.rules, case.compiled, strict=True):
            now, *others = sorted(chance.random_instants(case.rng, rule, events, person, count=4))
            answer, until = compiled.evaluate(facts, now)
            assert until is None or until > now
            last = now + 500 * chance.DAY if until is None else until - 1
            others += [last, *(case.rng.randint(now, last) for _ in range(4))]
            assert {compiled.evaluate(facts, at).holds for at in others if at <= last} <= {answer}, (rule, now)
