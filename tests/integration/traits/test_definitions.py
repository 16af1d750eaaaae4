"""Declaring traits: types, options, coverage, and what does not fit."""

from typing import Any

import pytest
from tests.integration.persons.conftest import World
from tests.integration.persons.test_portrait import a_part, fold
from tests.support.house import Browser, House

from fanwheel.cdp import scores
from fanwheel.cdp.traits import service

CITY = {"name": "city", "label": "City", "type": "text"}
SIZE = {
    "name": "size",
    "type": "option",
    "options": [{"value": "s", "label": "Small"}, {"value": "m", "label": "Medium"}],
}


def declared(owner: Browser, body: dict[str, Any]) -> dict[str, Any]:
    answer = owner.post("/api/traits", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def listed(owner: Browser) -> dict[str, dict[str, Any]]:
    answer = owner.get("/api/traits")
    assert answer.status_code == 200, answer.text
    assert answer.json()["is_estimate"] is False
    return {item["name"]: item for item in answer.json()["items"]}


def people_with(world: World, *traits: dict[str, Any]) -> None:
    for number, said in enumerate(traits):
        (home,) = world.say((("user_id", f"u{number}"),)).values()
        a_part(world, home, traits={name: [value, 1] for name, value in said.items()})
        world.run(lambda tx, home=home: _refold(tx, home))


async def _refold(tx: Any, home: int) -> None:
    from fanwheel.cdp import persons

    await persons.refold(tx, [home])


def test_a_declared_trait_comes_with_all_that_was_said(owner: Browser) -> None:
    made = declared(owner, SIZE | {"label": "Size", "description": "of shirts"})

    assert made == owner.get("/api/traits/size").json()
    assert (made["label"], made["description"], made["type"], made["options"]) == (
        "Size", "of shirts", "option", SIZE["options"],
    )  # fmt: skip
    assert (made["origin"], made["status"], made["keeps_history"], made["people"]) == ("declared", "ready", True, 0)


def test_traits_stand_in_their_order_and_then_by_name(world: World, owner: Browser) -> None:
    declared(owner, CITY | {"position": 1})
    declared(owner, SIZE | {"position": 0})
    people_with(world, {"zodiac": "leo", "age": 7})

    names = list(listed(owner))

    assert names == ["size", "city", "age", *scores.NAMES, "zodiac"]


def test_coverage_and_misfits_are_counted(world: World, owner: Browser) -> None:
    declared(owner, CITY)
    declared(owner, SIZE)
    declared(owner, {"name": "age", "type": "number"})
    declared(owner, {"name": "born", "type": "date"})
    declared(owner, {"name": "likes", "type": "options", "options": [{"value": "tea"}]})
    people_with(
        world,
        {"city": "Oslo", "size": "s", "age": 7, "born": "1990-02-01", "likes": ["tea"]},
        {"city": 1, "size": "xl", "age": "7", "born": "long ago", "likes": ["tea", "gin"]},
        {"city": "Rome"},
    )

    found = listed(owner)

    assert owner.get("/api/traits").json()["everybody"] == 3
    counts = {
        name: (found[name]["people"], found[name]["misfits"]) for name in ("city", "size", "age", "born", "likes")
    }
    assert counts == {"city": (3, 1), "size": (2, 1), "age": (2, 1), "born": (2, 1), "likes": (2, 1)}


def test_what_a_formula_works_out_always_fits(world: World, owner: Browser) -> None:
    formula = {"of": "top", "event": {"name": "Content Viewed"}, "path": "topic", "limit": 2}
    declared(owner, {"name": "topics", "type": "options", "formula": formula})
    people_with(world, {"city": "Oslo"})
    world.do("""UPDATE person SET traits = '{"topics": ["tea", "skin"]}' WHERE workspace_id = %(workspace)s""")

    found = listed(owner)["topics"]

    assert (found["people"], found["misfits"]) == (1, 0)


def test_what_is_seen_on_people_is_listed_with_the_type_that_it_seems_to_have(world: World, owner: Browser) -> None:
    said = {"plan": "free", "age": 7, "vip": True, "born": "1990-02-01", "likes": ["tea"]}
    people_with(world, said, said)

    found = listed(owner)

    assert {name: found[name]["type"] for name in said} == {
        "plan": "text", "age": "number", "vip": "bool", "born": "date", "likes": "options",
    }  # fmt: skip
    assert {found[name]["origin"] for name in said} == {"observed"}
    assert {found[name]["origin"] for name in scores.NAMES} == {"score"}


def test_a_declaration_is_changed_and_forgotten_while_values_stay(world: World, owner: Browser) -> None:
    declared(owner, CITY)
    people_with(world, {"city": "Oslo"})

    changed = owner.ask("PATCH", "/api/traits/city", json={"type": "number", "label": "Town", "unit": "km"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["label"], changed.json()["unit"], changed.json()["misfits"]) == ("Town", "km", 1)

    assert owner.ask("DELETE", "/api/traits/city").status_code == 204
    assert (listed(owner)["city"]["origin"], listed(owner)["city"]["people"]) == ("observed", 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "a.b", "type": "text"}, "bad_trait"),
        ({"name": "export", "type": "text"}, "bad_trait"),  # a route of the same path
        ({"name": "size", "type": "option"}, "bad_trait"),
        ({"name": "size", "type": "text", "options": [{"value": "s"}]}, "bad_trait"),
        ({"name": "size", "type": "option", "options": [{"value": "s"}, {"value": "s"}]}, "bad_trait"),
        ({"name": "p_alive", "type": "text"}, "bad_trait"),  # a score has its type
        ({"name": "size", "type": "color"}, "invalid_request"),
        ({"name": "n", "type": "number", "formula": {"of": "count"}}, None),  # refused by the formula's own rules
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(owner: Browser, body: dict[str, Any], code: str | None) -> None:
    answer = owner.post("/api/traits", body)

    assert answer.status_code == 422, answer.text
    assert code in (None, answer.json()["code"])
    assert answer.json()["hint"]


def test_a_trait_is_declared_once(owner: Browser) -> None:
    declared(owner, CITY)

    assert owner.post("/api/traits", CITY).json()["code"] == "trait_name_taken"
    assert owner.ask("PATCH", "/api/traits/nothing", json={"label": "x"}).json()["code"] == "trait_not_found"
    assert owner.get("/api/traits/nothing").status_code == 404


def test_options_stay_unless_others_are_sent(owner: Browser) -> None:
    declared(owner, SIZE)

    assert owner.ask("PATCH", "/api/traits/size", json={"label": "S"}).json()["options"] == SIZE["options"]
    assert owner.ask("PATCH", "/api/traits/size", json={"type": "text"}).json()["options"] == []
    assert owner.ask("PATCH", "/api/traits/size", json={"type": "options"}).json()["code"] == "bad_trait"


def test_agents_read_declarations_and_do_not_write_them(house: House, world: World, owner: Browser) -> None:
    declared(owner, CITY)
    agent = house.member(world.workspace, "agent")

    assert agent.get("/api/traits/city").status_code == 200
    assert agent.post("/api/traits", SIZE).status_code == 403


def test_every_score_has_a_type() -> None:
    assert service.SCORES.keys() == set(scores.NAMES)


def test_templates_name_traits_that_can_be_declared(owner: Browser) -> None:
    templates = owner.get("/api/traits/templates").json()["items"]

    assert {"ageBand", "gender", "birthday", "city", "device", "preferences", "topics"} <= {t["id"] for t in templates}
    for template in templates:
        if template["formula"] is None:
            declared(owner, {name: template[name] for name in ("name", "type", "unit", "options")})


def test_a_person_keeps_one_row_in_the_counts(world: World, owner: Browser) -> None:
    homes = world.say((("user_id", "u1"), ("anonymous_id", "a1")))
    a_part(world, homes["user_id", "u1"], traits={"city": ["Oslo", 2]})
    a_part(world, homes["anonymous_id", "a1"], traits={"city": ["Rome", 1]})
    fold(world, *homes.values())

    assert listed(owner)["city"]["people"] == 1


SPEND = {
    "name": "spend_90_days",
    "type": "number",
    "unit": "USD",
    "formula": {
        "of": "sum",
        "event": {"name": "Order Completed"},
        "path": "total",
        "window": {"amount": 90, "unit": "days"},
    },
}


def test_a_trait_with_a_formula_is_worked_out(owner: Browser) -> None:
    made = declared(owner, SPEND)

    assert (made["origin"], made["status"], made["keeps_history"]) == ("computed", "building", False)
    assert made["formula"]["of"] == "sum"
    again = owner.ask("PATCH", "/api/traits/spend_90_days", json={"formula": SPEND["formula"] | {"of": "max"}})
    assert again.json()["formula"]["of"] == "max"


@pytest.mark.parametrize(
    "change",
    [
        {"type": "text"},  # a sum is a number
        {"formula": {"of": "sum", "event": {"name": "Order Completed"}}},  # of what?
        {"formula": {"of": "first_time", "event": {"name": "Order Completed"}}},  # a date
        {"options": [{"value": "s"}]},
    ],
)
def test_a_formula_and_a_type_that_do_not_go_together_are_refused(owner: Browser, change: dict[str, Any]) -> None:
    assert owner.post("/api/traits", SPEND | change).status_code == 422
    declared(owner, SPEND)

    answer = owner.ask("PATCH", "/api/traits/spend_90_days", json=change)

    assert answer.status_code == 422, answer.text
    assert owner.get("/api/traits/spend_90_days").json()["formula"]["of"] == "sum"


def test_what_people_say_is_not_worked_out_later(owner: Browser) -> None:
    declared(owner, {"name": "spend", "type": "number"})

    answer = owner.ask("PATCH", "/api/traits/spend", json={"formula": SPEND["formula"]})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_trait")


def test_nobody_says_what_is_worked_out(world: World, owner: Browser) -> None:
    declared(owner, SPEND)
    people_with(world, {"city": "Oslo"})
    (person,) = world.rows("SELECT person_id FROM person WHERE workspace_id = %(workspace)s")

    answer = owner.ask("PUT", f"/api/people/{person['person_id']}/traits", json={"spend_90_days": 1})

    assert answer.json()["code"] == "bad_trait_value"


def test_a_computed_trait_that_a_segment_asks_for_stays(owner: Browser) -> None:
    declared(owner, SPEND)
    condition = {"type": "trait", "name": "spend_90_days", "test": {"op": "more", "value": 100}}
    body = {"name": "Big", "rule": {"version": 1, "condition": condition}, "is_draft": True}
    made = owner.post("/api/segments", body)
    assert made.status_code == 201, made.text

    refused = owner.ask("DELETE", "/api/traits/spend_90_days")

    assert (refused.status_code, refused.json()["code"]) == (409, "trait_in_use")
    assert "Big" in refused.json()["message"]
    assert owner.ask("DELETE", f"/api/segments/{made.json()['segment_id']}").status_code == 204
    assert owner.ask("DELETE", "/api/traits/spend_90_days").status_code == 204
    assert "spend_90_days" not in listed(owner)
