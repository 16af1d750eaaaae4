"""Tags and layers over HTTP."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.house import Browser, House
from tests.support.portraits_live import Portraits
from tests.support.segments_live import bought
from tests.support.stream import Event


@pytest.fixture(scope="module")
def house(tags_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(tags_dsn, tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def owner(house: House, crowd: Portraits) -> Browser:
    return house.member(crowd.workspace, "owner")


def rule(condition: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "condition": condition}


def test_tags_are_defined_grouped_changed_and_deleted(crowd: Portraits, owner: Browser) -> None:
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Looked", who="u2"))
    crowd.give("u2", "loud")
    group = owner.post("/api/tags/groups", {"name": "Habits", "is_exclusive": True}).json()["group_id"]
    told = {"tag": "A/B buyer", "label": "Buyer", "color": "teal", "group_id": group, "rule": rule(bought())}

    made = owner.post("/api/tags", told)
    assert (made.status_code, made.json()["status"], made.json()["people"]) == (201, "building", 0)
    crowd.settle()
    listed = owner.get("/api/tags").json()
    assert [(each["tag"], each["people"], each["status"], each["is_defined"]) for each in listed["items"]] == [
        ("A/B buyer", 1, "ready", True), ("loud", 1, "ready", False),
    ]  # fmt: skip
    assert listed["groups"] == [{"group_id": group, "name": "Habits", "is_exclusive": True}]
    assert listed["items"][0]["rule"] == {"version": 1, "condition": bought()}

    changed = owner.ask("PATCH", "/api/tags/A%2FB buyer", json={"label": "Buys", "group_id": None}).json()
    assert (changed["label"], changed["group_id"], changed["color"]) == ("Buys", None, "teal")
    assert owner.post("/api/tags/A%2FB buyer/rename", {"to": "buyer"}).json()["tag"] == "buyer"
    assert owner.ask("DELETE", "/api/tags/buyer").status_code == 204
    assert owner.ask("DELETE", "/api/tags/buyer").json()["code"] == "tag_not_found"
    assert owner.post("/api/tags", {**told, "tag": "loud", "group_id": 99}).json()["code"] == "tag_group_not_found"
    assert owner.ask("DELETE", f"/api/tags/groups/{group}").status_code == 204
    actions = {row["action"] for row in crowd.rows("SELECT action FROM audit WHERE workspace_id = %(workspace)s")}
    assert {"tag.create", "tag.change", "tag.rename", "tag.delete", "tag_group.create", "tag_group.delete"} <= actions


def test_a_circle_is_answered_with_its_way_and_place(crowd: Portraits, owner: Browser) -> None:
    answer = owner.post(
        "/api/tags", {"tag": "vip", "rule": rule({"type": "not", "condition": {"type": "tag", "tag": "vip"}})}
    )

    assert answer.status_code == 422
    assert answer.json()["message"] == "The tag mentions itself: tag “vip” → tag “vip”."
    assert owner.get("/api/tags").json()["items"] == []


def test_the_tags_of_a_person_tell_who_gave_them_and_why(crowd: Portraits, owner: Browser) -> None:
    crowd.hear(Event(name="Bought", who="u1"))
    home = crowd.home("u1")
    path = f"/api/people/{home}/tags"

    add = ["plain", {"tag": "guest", "expires_at": "2099-01-01T00:00:00Z", "reason": "asked in DM"}]
    assert owner.post(path, {"add": add, "reason": "a call"}).json() == {"tags": ["guest", "plain"]}
    assert owner.post(path, {"remove": ["plain"]}).json() == {"tags": ["guest"]}

    late = {"tag": "late", "expires_at": "2020-01-01T00:00:00Z"}
    choose = {"ids": [home]}
    act = {"what": "tag", "tags": ["late"], "expires_at": late["expires_at"]}
    answers = [owner.post(path, {"add": [late]}), owner.post("/api/people/bulk", {"choose": choose, "do": act})]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "bad_tag")] * 2
    told = owner.get(path).json()
    assert [(each["tag"], each["origin"], each["reason"]) for each in told["items"]] == [
        ("guest", "user", "asked in DM")
    ]
    assert told["items"][0]["expires_at"] == "2099-01-01T00:00:00Z"
    assert [(each["tag"], each["is_added"], each["reason"]) for each in told["history"]] == [
        ("plain", False, ""), ("guest", True, "asked in DM"), ("plain", True, "a call"),
    ]  # fmt: skip


def test_layers_are_made_changed_and_counted_with_the_built_in_ones(crowd: Portraits, owner: Browser) -> None:
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u1", at=1), Event(name="Bought", who="u2"))
    low = {"key": "low", "name": "Low", "rule": rule(bought())}
    high = {"key": "high", "name": "High", "rule": rule(bought(at_least=2))}

    made = owner.post("/api/layers", {"key": "level", "name": "Level", "may_fall": False, "classes": [low, high]})
    assert (made.status_code, made.json()["status"]) == (201, "building")
    crowd.settle()
    listed = owner.get("/api/layers").json()["items"]
    assert [(each["key"], each["is_built_in"], each["status"]) for each in listed] == [
        ("stage", True, "ready"), ("rfm_tier", True, "ready"), ("member_level", True, "ready"),
        ("level", False, "ready"),
    ]  # fmt: skip
    classes = [(each["key"], each["position"], each["people"]) for each in listed[-1]["classes"]]
    assert classes == [("low", 1, 1), ("high", 2, 1)]
    assert [each["people"] for each in listed[0]["classes"]] == [2, 0, 0, 0, 0]

    person = owner.get(f"/api/people/{crowd.home('u1')}/layers").json()
    assert [(each["key"], each["class_key"]) for each in person["items"]] == [("stage", "introduce"), ("level", "high")]
    assert ("level", None, "high") in [(each["key"], each["old"], each["new"]) for each in person["history"]]
    words = owner.get("/api/segments/vocabulary").json()
    assert {
        "name": "level",
        "classes": ["low", "high"],
        "label": "Level",
        "class_labels": {"low": "Low", "high": "High"},
    } in (words["layers"])

    assert owner.ask("PUT", "/api/layers/level", json={"name": "L", "classes": [low]}).json()["may_fall"] is True
    twice = {"name": "L", "classes": [low, low]}
    assert owner.ask("PUT", "/api/layers/level", json=twice).json()["code"] == "bad_layer"
    assert (
        owner.ask("PUT", "/api/layers/stage", json={"name": "L", "classes": [low]}).json()["code"] == "layer_built_in"
    )
    assert owner.ask("DELETE", "/api/layers/level").status_code == 204
    assert owner.ask("DELETE", "/api/layers/level").json()["code"] == "layer_not_found"


def test_a_preview_counts_by_layers_and_tags_that_users_define(crowd: Portraits, owner: Browser) -> None:
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Bought", who="u2"))
    crowd.layer("level", low=bought())
    crowd.give("u2", "loud")
    inside = {"type": "layer", "layer": "level", "classes": ["low"]}
    condition = {"type": "all", "conditions": [inside, {"type": "tag", "tag": "loud"}]}

    seen = owner.post("/api/segments/preview", {"rule": rule(condition)}).json()

    assert (seen["people"], seen["overlap"]) == (1, [])
    assert [each["people"] for each in seen["conditions"]] == [1, 2, 1]


def test_everybody_is_built_by_layers_in_one_pass_as_well(crowd: Portraits) -> None:
    crowd.wholesale_from = 1
    crowd.hear(Event(name="Bought", who="u1"), Event(name="Looked", who="u2"))
    crowd.layer("level", low=bought())

    low = crowd.make("Low", {"type": "layer", "layer": "level", "classes": ["low"]})

    assert crowd.members(low) == {"u1"}
    assert crowd.inside("level", "low") == {"u1"}


def test_two_followers_do_not_get_in_each_others_way(crowd: Portraits) -> None:
    crowd.define("buyer", bought())
    crowd.tell(*(Event(name="Bought", who=f"u{number}") for number in range(12)))

    async def both(db: Any) -> None:
        from fanwheel.cdp import carrying

        judge = crowd.judge()
        while (await judge.judge(db, crowd.workspace)).judged:
            pass
        followers = [carrying.Follower(clock=lambda: crowd.now, most=2) for _ in range(3)]
        for _ in range(12):
            await asyncio.gather(*(each.follow(db, crowd.workspace) for each in followers))

    crowd.run(both)

    assert crowd.wearers("buyer") == {f"u{number}" for number in range(12)}
    logged = crowd.rows("SELECT home_id FROM tag_log WHERE workspace_id = %(workspace)s")
    assert len(logged) == len({row["home_id"] for row in logged}) == 12
