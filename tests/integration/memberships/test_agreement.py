"""Live membership is what a plain judgement of everybody says, whatever happens in whatever order."""

from datetime import timedelta
from random import Random

import pytest
from tests.support.segments_live import Crowd
from tests.support.segments_random import EPOCH, random_instants, random_rule
from tests.support.segments_world import LiveWorld

RULES = 8


@pytest.mark.parametrize("seed", range(16))
def test_live_membership_agrees_with_the_reference(crowd: Crowd, seed: int) -> None:
    rng = Random(seed)
    crowd.now = EPOCH
    crowd.wholesale_from = rng.choice([1, 1_000_000])  # one way of building or the other
    world = LiveWorld(crowd, rng)
    rules = [random_rule(rng, depth=3) for _ in range(RULES)]
    made: dict[int, int] = {}
    begin = rng.randrange(len(world.world.steps))
    somebody = next(iter(world.world.known.values()))
    instants = [at for rule in rules for at in random_instants(rng, rule, world.world.events, somebody, count=3)]

    for number, groups in enumerate(world.world.steps):
        world.step(groups)
        world.hear_some()
        world.show()
        if number == begin:
            wanted = [world.really(rule["condition"]) for rule in rules]
            made = {index: crowd.save(f"Rule {index}", condition) for index, condition in enumerate(wanted)}
            crowd.settle()
        for at in sorted(rng.sample(instants, 3)):
            # Steps set the clock back now and then.
            crowd.now = EPOCH + timedelta(microseconds=at)
            crowd.settle()
            found = crowd.all_members()
            for index, segment_id in made.items():
                said = world.expected(rules[index])
                assert found.get(segment_id, set()) == said, (seed, number, at, rules[index])
    assert {segment_id: crowd.members(segment_id) for segment_id in found} == found
