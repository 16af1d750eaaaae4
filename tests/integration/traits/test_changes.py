"""Every change of a portrait is a fact, once, in the transaction that makes it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.persons.conftest import World
from tests.integration.persons.test_portrait import a_part, an_order, us
from tests.integration.traits.test_definitions import declared
from tests.integration.traits.test_people import NOW, OTHER, USER, meet, put
from tests.support.house import Browser

from fanwheel.cdp import persons, scores
from fanwheel.cdp.persons import service as people
from fanwheel.cdp.scores.repository import ScoreRepository
from fanwheel.infra.postgres import Database

Fact = tuple[str, str, Any, Any]


def facts(world: World, person: int) -> list[Fact]:
    rows = world.rows(
        "SELECT kind, name, old, new FROM portrait_change WHERE workspace_id = %(workspace)s AND person_id = %(person)s"
        " ORDER BY change_id",
        person=person,
    )
    return [(row["kind"], row["name"], row["old"], row["new"]) for row in rows]


def say(world: World, home: int, **said: Any) -> None:
    world.do(
        "UPDATE person_part SET event_count = event_count + 1, last_seen_at = now(),"
        " traits = keep_newest(traits, %(said)s::jsonb) WHERE workspace_id = %(workspace)s AND home_id = %(home)s",
        home=home,
        said=_json({name: [value, us(NOW + timedelta(hours=1))] for name, value in said.items()}),
    )
    world.run(lambda tx: persons.refold(tx, [home]))


def _json(value: Any) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()


def score(world: World, person: int, **said: Any) -> None:
    given = [scores.Score(person, said)]
    world.run(lambda tx: ScoreRepository(tx).put(given, scored_at=NOW))


def test_somebody_new_is_a_fact_of_their_stage_and_not_of_first_values(world: World) -> None:
    ada = meet(world, city="Oslo")

    assert facts(world, ada) == [("layer", "stage", None, "introduce")]


def test_a_trait_that_changes_comes_or_goes_is_a_fact(world: World) -> None:
    ada = meet(world, city="Oslo", plan="free", age=7)

    say(world, ada, city="Rome", plan=None, vip=True)

    assert sorted(facts(world, ada)[1:], key=str) == [
        ("trait", "city", "Oslo", "Rome"),
        ("trait", "plan", "free", None),
        ("trait", "vip", None, True),
    ]


def test_events_that_change_nothing_are_no_facts(world: World) -> None:
    ada = meet(world, city="Oslo")
    before = facts(world, ada)

    say(world, ada, city="Oslo")
    say(world, ada)

    assert facts(world, ada) == before


def test_layers_are_facts_with_the_class_before(world: World) -> None:
    ada = meet(world, member_level="gold")
    an_order(world, ada, "o1", 100)
    say(world, ada, member_level="silver")

    assert facts(world, ada) == [
        ("layer", "stage", None, "introduce"),
        ("layer", "member_level", None, "gold"),
        ("layer", "stage", "introduce", "convert"),
        ("layer", "member_level", "gold", "silver"),
        ("trait", "member_level", "gold", "silver"),
    ]


def test_an_identifier_of_nobody_has_no_stage(world: World) -> None:
    (home,) = world.say((USER,)).values()
    world.run(lambda tx: persons.refold(tx, [home]))
    assert facts(world, home) == []

    a_part(world, home)
    world.run(lambda tx: persons.refold(tx, [home]))

    assert facts(world, home) == [("layer", "stage", None, "introduce")]


def test_a_tag_is_a_fact_when_it_comes_and_when_it_goes(world: World) -> None:
    ada = meet(world)
    for statement in (
        "INSERT INTO person_tag (workspace_id, home_id, tag, tagged_by) VALUES (%(workspace)s, %(home)s, 'vip', 'x')",
        "DELETE FROM person_tag WHERE workspace_id = %(workspace)s AND home_id = %(home)s",
    ):
        world.do(statement, home=ada)
        world.run(lambda tx: persons.refold(tx, [ada]))

    assert facts(world, ada)[1:] == [("tag", "vip", None, True), ("tag", "vip", True, None)]


def test_of_scores_the_tier_alone_is_a_fact(world: World) -> None:
    ada = meet(world)
    score(world, ada, rfm_tier="new", p_alive=0.9)
    score(world, ada, rfm_tier="champions", p_alive=0.8)
    say(world, ada)

    assert facts(world, ada)[1:] == [
        ("layer", "rfm_tier", None, "new"),
        ("layer", "rfm_tier", "new", "champions"),
    ]


def test_a_score_whose_history_was_asked_for_is_a_fact(world: World, owner: Browser) -> None:
    declared(owner, {"name": "p_alive", "type": "number", "keeps_history": True})
    ada = meet(world)

    score(world, ada, rfm_tier="new", p_alive=0.9)

    assert ("trait", "p_alive", None, 0.9) in facts(world, ada)


def test_a_trait_without_history_is_no_fact(world: World, owner: Browser) -> None:
    declared(owner, {"name": "last_page", "type": "text", "keeps_history": False})
    ada = meet(world, last_page="/a")

    say(world, ada, last_page="/b", city="Oslo")

    assert facts(world, ada)[1:] == [("trait", "city", None, "Oslo")]


def test_a_merge_tells_of_who_remains_and_nothing_of_who_is_gone(world: World, owner: Browser) -> None:
    ada, bea = meet(world, city="Oslo"), meet(world, OTHER)
    put(owner, bea, {"city": "Rome"})
    told = facts(world, bea)

    world.run(lambda tx: people.merge(tx, ada, bea, actor="user:1", now=NOW))

    assert facts(world, ada)[-1] == ("trait", "city", "Oslo", "Rome")
    assert facts(world, bea) == told
    # The profile tells what was, by whatever name.
    shown = owner.get(f"/api/people/{ada}/changes").json()["items"]
    assert len(shown) == len(facts(world, ada)) + len(told)


def test_an_erased_person_has_no_facts(world: World, owner: Browser) -> None:
    ada, bea = meet(world, city="Oslo"), meet(world, OTHER)
    put(owner, ada, {"city": "Rome"})

    world.run(lambda tx: people.erase(tx, ada, actor="user:1"))

    assert facts(world, ada) == []
    assert facts(world, bea) != []


def test_a_fold_that_comes_after_an_erasure_leaves_nothing(world: World) -> None:
    ada = meet(world)
    world.run(lambda tx: people.erase(tx, ada, actor="user:1"))
    # What a fold that had begun before would have written.
    world.do("INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)"
             " VALUES (%(workspace)s, %(ada)s, now(), now(), now())", ada=ada)  # fmt: skip
    world.do("INSERT INTO portrait_change (workspace_id, person_id, kind, name)"
             " VALUES (%(workspace)s, %(ada)s, 'tag', 'vip')", ada=ada)  # fmt: skip

    world.run(persons.refold)

    assert facts(world, ada) == []
    assert world.rows("SELECT FROM person WHERE workspace_id = %(workspace)s") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [("", ["city", "vip", "stage"]), ("?kind=trait", ["city", "vip"]), ("?name=vip", ["vip"]), ("?kind=tag", [])],
)
def test_changes_are_shown_newest_first_and_filtered(
    world: World, owner: Browser, query: str, names: list[str]
) -> None:
    ada = meet(world)
    put(owner, ada, {"vip": True})
    put(owner, ada, {"city": "Rome"})

    answer = owner.get(f"/api/people/{ada}/changes{query}")

    assert [item["name"] for item in answer.json()["items"]] == names


def test_changes_come_in_pages(world: World, owner: Browser) -> None:
    ada = meet(world)
    for number in range(4):
        put(owner, ada, {"n": number})

    first = owner.get(f"/api/people/{ada}/changes?kind=trait&limit=3").json()
    rest = owner.get(f"/api/people/{ada}/changes?kind=trait&limit=3&cursor={first['next_cursor']}").json()

    assert [item["new"] for item in first["items"] + rest["items"]] == [3, 2, 1, 0]
    assert rest["next_cursor"] is None


def test_two_folds_at_once_tell_a_change_once(world: World) -> None:
    ada = meet(world, city="Oslo")
    world.do(
        "UPDATE person_part SET traits = keep_newest(traits, %(said)s::jsonb) WHERE workspace_id = %(workspace)s",
        said=_json({"city": ["Rome", us(NOW + timedelta(hours=1))]}),
    )

    async def fold(db: Database) -> None:
        async with db.transaction(world.workspace) as tx:
            await persons.refold(tx, [ada])

    async def both() -> None:
        async with await Database.open(world.dsn, max_size=2) as db:
            async with db.transaction(world.workspace) as first:
                await persons.refold(first, [ada])
                second = asyncio.create_task(fold(db))
                while not await first.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    await asyncio.sleep(0.01)
            await second

    world.runner.run(both())

    assert facts(world, ada)[1:] == [("trait", "city", "Oslo", "Rome")]
