"""Random streams on a real server: neither order nor batches change who is who, and a merge can be taken back."""

import asyncio
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.persons.conftest import NOON, Ref, Statement, World, groups
from tests.unit.cdp.persons.guards import low_limits

from fanwheel.cdp import persons
from fanwheel.cdp.persons import service
from fanwheel.cdp.persons.rules.partition import Edge, partition
from fanwheel.infra.postgres import Database

USERS: list[Ref] = [("user_id", f"u{n}") for n in range(6)]
MAILS: list[Ref] = [("email", f"m{n}@brand.io") for n in range(3)]
DEVICES: list[Ref] = [("anonymous_id", f"a{n}") for n in range(4)] + [("device_id", "d0")]

# What events say: identify (user, visitor or mailbox), alias (user and user), device (visitor and device).
STATEMENTS = st.one_of(
    st.tuples(st.sampled_from(USERS), st.sampled_from(DEVICES + MAILS)),
    st.tuples(st.sampled_from(USERS), st.sampled_from(USERS)),
    st.tuples(st.sampled_from(DEVICES), st.sampled_from(DEVICES + MAILS)),
).filter(lambda pair: pair[0] != pair[1])
BATCHES = st.lists(st.lists(STATEMENTS, min_size=1, max_size=6), min_size=1, max_size=5)
ON_A_SERVER = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def by_the_rule(said: list[Statement]) -> set[frozenset[Ref]]:
    refs = sorted({ref for pair in said for ref in pair})
    home = {ref: number for number, ref in enumerate(refs, start=1)}
    edges = {(min(home[one], home[other]), max(home[one], home[other])) for one, other in said}
    found = partition({home[ref]: ref[0] for ref in refs}, [Edge(low, high, False, False) for low, high in edges])
    return groups({ref: found.person_of[home[ref]] for ref in refs})


def stored_persons(world: World) -> set[int]:
    return {row["person_id"] for row in world.rows("SELECT person_id FROM person WHERE workspace_id = %(workspace)s")}


@low_limits()
@ON_A_SERVER
@given(batches=BATCHES, data=st.data())
def test_any_order_and_any_batches_give_the_same_persons(
    new_world: Callable[[], World], batches: list[list[Statement]], data: st.DataObject
) -> None:
    said = [statement for batch in batches for statement in batch]
    shuffled = data.draw(st.permutations(said))
    one, other = new_world(), new_world()

    for batch in batches:
        one.say(*batch)
    while shuffled:
        size = data.draw(st.integers(1, len(shuffled)))
        other.say(*shuffled[:size])
        shuffled = shuffled[size:]

    assert one.groups() == other.groups() == by_the_rule(said)
    for world in (one, other):
        assert stored_persons(world) == set(world.person_of().values())


@low_limits()
@ON_A_SERVER
@given(batches=BATCHES, data=st.data())
def test_merging_then_unmerging_changes_nothing(
    new_world: Callable[[], World], batches: list[list[Statement]], data: st.DataObject
) -> None:
    world = new_world()
    for batch in batches:
        world.say(*batch)
    before = world.person_of()
    homes = home_of(world)
    world.do(
        "INSERT INTO person_part (workspace_id, home_id, first_seen_at, last_seen_at, introduced_at, event_count)"
        " SELECT workspace_id, home_id, now(), now(), now(), home_id FROM identifier WHERE workspace_id = %(workspace)s"
    )
    world.run(lambda tx: persons.refold(tx, before.values()))
    counts = event_counts(world)
    if len(counts) < 2:
        return
    one, other = data.draw(st.permutations(sorted(counts)))[:2]
    side = [homes[ref] for ref, person in before.items() if person == other]

    merged = world.run(lambda tx: service.merge(tx, one, other, actor="user:1", now=NOON))
    joined = event_counts(world)
    world.run(lambda tx: service.unmerge(tx, merged, side, actor="user:1"))

    assert joined[merged] >= counts[one] + counts[other]
    assert world.person_of() == before
    assert event_counts(world) == counts


def home_of(world: World) -> dict[Ref, int]:
    rows = world.rows("SELECT kind, value, home_id FROM identifier WHERE workspace_id = %(workspace)s")
    return {(row["kind"], row["value"]): row["home_id"] for row in rows}


def event_counts(world: World) -> dict[int, int]:
    rows = world.rows("SELECT person_id, event_count FROM person WHERE workspace_id = %(workspace)s")
    return {row["person_id"]: row["event_count"] for row in rows}


def test_processes_that_meet_the_same_people_at_once_agree(world: World) -> None:
    said = [(USERS[n % 6], DEVICES[n % 5]) for n in range(30)] + [(USERS[n], MAILS[n % 3]) for n in range(6)]
    said += [(("user_id", f"v{n}"), ("email", f"w{n // 2}@brand.io")) for n in range(40)]

    async def process(start: int) -> None:
        async with await Database.open(world.dsn, role="fanwheel_ingest", max_size=1) as db:
            for at in range(len(said)):
                one, other = said[(start + at) % len(said)]
                new = [persons.NewIdentifier(*ref, persons.identifier_hash(*ref), NOON) for ref in (one, other)]
                async with db.transaction(world.workspace) as tx:
                    await persons.resolve(tx, new, [persons.NewEdge(new[0].hash, new[1].hash, "event", NOON)])

    async def all_processes() -> None:
        await asyncio.gather(*(process(start) for start in (0, 10, 20, 30)))

    world.runner.run(all_processes())

    assert world.groups() == by_the_rule(said)
    assert stored_persons(world) == set(world.person_of().values())
