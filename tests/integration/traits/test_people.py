"""What is said of people by users and programs: checked, newer than all known, with who and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.integration.persons.conftest import World
from tests.integration.persons.test_portrait import a_part, us
from tests.integration.traits.test_definitions import SIZE, declared
from tests.support.house import Browser, House

from fanwheel.cdp import persons, traits
from fanwheel.cdp.persons import service as people

NOW = datetime(2026, 3, 2, tzinfo=UTC)
USER, OTHER = ("user_id", "u1"), ("user_id", "u2")


def meet(world: World, ref: tuple[str, str] = USER, **said: Any) -> int:
    (home,) = world.say((ref,)).values()
    a_part(world, home, traits={name: [value, us(NOW)] for name, value in said.items()})
    world.run(lambda tx: persons.refold(tx, [home]))
    return home


def put(browser: Browser, person: int, said: dict[str, Any]) -> dict[str, Any]:
    answer = browser.ask("PUT", f"/api/people/{person}/traits", json=said)
    assert answer.status_code == 200, answer.text
    return {item["name"]: item for item in answer.json()["items"]}


def test_a_user_says_and_takes_away_traits(house: House, world: World) -> None:
    ada = meet(world, city="Oslo", plan="free", age=7)
    user, email = house.user(world.workspace, "agent")
    agent = house.session(world.workspace, user)

    found = put(agent, ada, {"city": "Rome", "plan": None})

    assert {name: item["value"] for name, item in found.items()} == {"city": "Rome", "age": 7}
    assert (found["city"]["source"], found["age"]["source"]) == (f"user:{email}", "event")
    assert found["age"]["at"] == "2026-03-02T00:00:00Z"
    profile = agent.get(f"/api/people/{ada}").json()["traits"]
    assert (profile["city"]["value"], profile["city"]["source"]) == ("Rome", f"user:{email}")


def test_declared_traits_stand_first_with_label_and_unit(world: World, owner: Browser) -> None:
    ada = meet(world, age=7, height=170)
    declared(owner, {"name": "height", "label": "Height", "type": "number", "unit": "cm"})

    items = owner.get(f"/api/people/{ada}/traits").json()["items"]

    assert [(item["name"], item["label"], item["unit"], item["origin"]) for item in items] == [
        ("height", "Height", "cm", "declared"),
        ("age", "", "", "observed"),
    ]


def test_what_does_not_fit_is_refused_and_nothing_is_written(world: World, owner: Browser) -> None:
    ada = meet(world, city="Oslo")
    declared(owner, SIZE)

    answer = owner.ask("PUT", f"/api/people/{ada}/traits", json={"city": "Rome", "size": "xl"})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_trait_value")
    assert answer.json()["hint"] == "Choose from s, m."
    assert [item["value"] for item in owner.get(f"/api/people/{ada}/traits").json()["items"]] == ["Oslo"]


def test_scores_cannot_be_said(world: World, owner: Browser) -> None:
    ada = meet(world)

    answer = owner.ask("PUT", f"/api/people/{ada}/traits", json={"rfm_tier": "champions"})

    assert answer.json()["code"] == "bad_trait_value"


def test_what_is_said_wins_over_an_event_of_a_clock_that_runs_ahead(world: World, owner: Browser) -> None:
    (home,) = world.say((USER,)).values()
    ahead = datetime.now(UTC) + timedelta(days=1)
    a_part(world, home, traits={"city": ["Oslo", us(ahead)]})

    assert put(owner, home, {"city": "Rome"})["city"]["value"] == "Rome"


def test_a_later_event_wins_over_what_was_said(world: World, owner: Browser) -> None:
    ada = meet(world)
    put(owner, ada, {"city": "Rome"})
    later = us(datetime.now(UTC) + timedelta(minutes=1))
    world.do(
        "UPDATE person_part SET traits = keep_newest(traits, jsonb_build_object('city', jsonb_build_array('Oslo',"
        " %(at)s::bigint))) WHERE workspace_id = %(workspace)s",
        at=later,
    )
    world.run(lambda tx: persons.refold(tx, [ada]))

    (city,) = owner.get(f"/api/people/{ada}/traits").json()["items"]

    assert (city["value"], city["source"]) == ("Oslo", "event")


def test_what_was_said_goes_with_its_home(world: World, owner: Browser) -> None:
    ada, bea = meet(world), meet(world, OTHER)
    put(owner, bea, {"city": "Rome"})
    world.run(lambda tx: people.merge(tx, ada, bea, actor="user:1", now=NOW))
    assert owner.get(f"/api/people/{ada}").json()["traits"]["city"]["value"] == "Rome"

    world.run(lambda tx: people.unmerge(tx, ada, [bea], actor="user:1"))

    assert owner.get(f"/api/people/{ada}").json()["traits"] == {}
    assert owner.get(f"/api/people/{bea}").json()["traits"]["city"]["value"] == "Rome"


def test_many_are_said_something_at_once_and_have_it_back(world: World) -> None:
    ada, bea = meet(world, city="Oslo"), meet(world, OTHER)
    entry = ["Oslo", us(NOW)]

    async def act(tx: Any) -> set[int]:
        said = await traits.check(tx, {"city": "Rome"})
        return await traits.state(tx, [ada, bea, 999], said, source="import:x.csv", now=NOW)

    assert world.run(act) == {ada, bea}
    assert cities(world) == {ada: "Rome", bea: "Rome"}

    world.run(lambda tx: traits.put_back(tx, {ada: {"city": entry}, bea: {"city": None}}, [ada, bea]))

    assert cities(world) == {ada: "Oslo", bea: None}


def cities(world: World) -> dict[int, str | None]:
    rows = world.rows("SELECT person_id, traits ->> 'city' AS city FROM person WHERE workspace_id = %(workspace)s")
    return {row["person_id"]: row["city"] for row in rows}


@pytest.mark.parametrize("body", [{"a.b": 1}, {"x": "y" * 5000}, {"x": "\0"}])
def test_what_cannot_be_a_trait_is_refused(world: World, owner: Browser, body: dict[str, Any]) -> None:
    ada = meet(world)

    assert owner.ask("PUT", f"/api/people/{ada}/traits", json=body).status_code == 422


def test_only_those_who_may_change_people_say_traits(house: House, world: World) -> None:
    ada = meet(world, city="Oslo")
    analyst = house.member(world.workspace, "analyst")

    assert analyst.get(f"/api/people/{ada}/traits").status_code == 200
    assert analyst.ask("PUT", f"/api/people/{ada}/traits", json={"city": "Rome"}).status_code == 403
    assert house.member(house.workspace(), "owner").get(f"/api/people/{ada}/traits").status_code == 404
