"""Bulk actions: done to many people, gone on with, and taken back to what was there before."""

import csv
import io
from typing import Any

import pytest
from tests.integration.lists.test_lists import ADA, BEA, make, meet, members
from tests.integration.lists.test_segments import fill
from tests.integration.lists.test_segments import make as make_segment
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.cdp import bulk
from fanwheel.kernel.clock import utc_now


def crowd(world: World, count: int) -> list[int]:
    return sorted(meet(world, *([("user_id", f"u{number}")] for number in range(count))))


def act(owner: Browser, choose: dict[str, Any], **do: Any) -> dict[str, Any]:
    answer = owner.post("/api/people/bulk", {"choose": choose, "do": do})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def undo(owner: Browser, action: dict[str, Any]) -> dict[str, Any]:
    answer = owner.post(f"/api/people/bulk/{action['action_id']}/undo")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def tags_of(world: World) -> dict[int, list[str]]:
    return {row["person_id"]: row["tags"] for row in rows(world, "tags")}


def all_have(people: list[int], held: list[str]) -> dict[int, list[str]]:
    return dict.fromkeys(people, held)


def rows(world: World, column: str) -> list[dict[str, Any]]:
    return world.rows(f"SELECT person_id, {column} FROM person WHERE workspace_id = %(workspace)s ORDER BY person_id")


def work(house: House, world: World) -> int:
    """Let the worker go on until nothing is left; how many portions it took."""
    turns = 0
    while house.run(bulk.run_next(house.database, world.workspace, now=utc_now())):
        turns += 1
    return turns


def portions(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("fanwheel.cdp.bulk.service.AT_ONCE", size)


# ---------------------------------------------------------------- what can be done
def test_tags_come_off_those_who_got_them_and_stay_with_those_who_had_them(world: World, owner: Browser) -> None:
    ada, bea, cyd = crowd(world, 3)
    act(owner, {"ids": [ada]}, what="tag", tags=["vip"])

    action = act(owner, {"ids": [ada, bea, cyd, 999_999_999]}, what="tag", tags=[" vip ", "spring"], reason="a party")

    assert (action["status"], action["people"], action["done"], action["changed"]) == ("done", 4, 4, 3)
    assert action["args"] == {"tags": ["vip", "spring"], "reason": "a party"}
    assert tags_of(world) == {ada: ["spring", "vip"], bea: ["spring", "vip"], cyd: ["spring", "vip"]}

    undone = undo(owner, action)

    assert (undone["status"], undone["taken_back"], undone["is_undoable"]) == ("undone", 3, False)
    assert tags_of(world) == {ada: ["vip"], bea: [], cyd: []}


def test_what_was_changed_since_is_left_and_counted(world: World, owner: Browser) -> None:
    ada, bea = crowd(world, 2)
    action = act(owner, {"ids": [ada, bea]}, what="tag", tags=["vip"])
    owner.post(f"/api/people/{ada}/tags", {"remove": ["vip"]})
    owner.post(f"/api/people/{ada}/tags", {"add": ["vip"]})  # by hand now

    undone = undo(owner, action)

    assert (undone["changed"], undone["taken_back"]) == (2, 1)
    assert tags_of(world) == {ada: ["vip"], bea: []}


def test_tags_taken_off_come_back_as_they_were(world: World, owner: Browser) -> None:
    ada, bea = crowd(world, 2)
    act(owner, {"ids": [ada]}, what="tag", tags=["vip"], expires_at="2099-01-01T00:00:00Z")
    kept = "SELECT tag, tagged_at, tagged_by, expires_at FROM person_tag WHERE workspace_id = %(workspace)s"
    before = world.rows(kept)

    action = act(owner, {"ids": [ada, bea]}, what="untag", tags=["vip"])
    assert (action["changed"], tags_of(world)[ada]) == (1, [])

    assert undo(owner, action)["taken_back"] == 1
    assert world.rows(kept) == before
    assert tags_of(world) == {ada: ["vip"], bea: []}


def test_an_exclusive_tag_gives_its_place_back(world: World, owner: Browser) -> None:
    (ada,) = crowd(world, 1)
    group = owner.post("/api/tags/groups", {"name": "Size", "is_exclusive": True}).json()["group_id"]
    for tag in ("small", "large"):
        assert owner.post("/api/tags", {"tag": tag, "group_id": group}).status_code == 201
    act(owner, {"ids": [ada]}, what="tag", tags=["small"])

    action = act(owner, {"ids": [ada]}, what="tag", tags=["large"])
    assert tags_of(world)[ada] == ["large"]

    undo(owner, action)
    assert tags_of(world)[ada] == ["small"]


def test_people_are_put_on_a_list_and_taken_off_as_they_were(world: World, owner: Browser) -> None:
    ada, bea, cyd = crowd(world, 3)
    list_id = make(owner, person_ids=[ada])

    action = act(owner, {"ids": [ada, bea, cyd]}, what="add_to_list", list_id=list_id)
    assert (action["changed"], action["args"]) == (2, {"list_id": list_id, "list_name": "Friends"})
    owner.post(f"/api/lists/{list_id}/members", {"remove": [cyd]})
    owner.post(f"/api/lists/{list_id}/members", {"add": [cyd]})
    undone = undo(owner, action)

    assert undone["taken_back"] == 1
    assert members(owner, list_id) == [ada, cyd]
    assert owner.get(f"/api/lists/{list_id}").json()["size"] == 2


def test_people_taken_off_a_list_are_put_back(world: World, owner: Browser) -> None:
    ada, bea, cyd = crowd(world, 3)
    list_id = make(owner, person_ids=[ada, bea])
    kept = "SELECT home_id, listed_at FROM person_list WHERE workspace_id = %(workspace)s ORDER BY home_id"
    before = world.rows(kept)

    action = act(owner, {"ids": [ada, bea, cyd]}, what="remove_from_list", list_id=list_id)
    assert (action["changed"], members(owner, list_id)) == (2, [])

    assert undo(owner, action)["taken_back"] == 2
    assert world.rows(kept) == before


def test_a_list_made_by_the_way_goes_with_the_undo_unless_somebody_else_is_on_it(world: World, owner: Browser) -> None:
    ada, bea = crowd(world, 2)
    one = act(owner, {"ids": [ada]}, what="add_to_list", new_list="Guests")
    other = act(owner, {"ids": [ada]}, what="add_to_list", new_list="Hosts")
    owner.post(f"/api/lists/{other['args']['list_id']}/members", {"add": [bea]})
    assert owner.get(f"/api/lists/{one['args']['list_id']}").json()["size"] == 1

    undo(owner, one)
    undo(owner, other)

    assert [item["name"] for item in owner.get("/api/lists").json()["items"]] == ["Hosts"]
    assert members(owner, other["args"]["list_id"]) == [bea]


def test_a_list_deleted_since_gives_nothing_back(world: World, owner: Browser) -> None:
    (ada,) = crowd(world, 1)
    list_id = make(owner)
    action = act(owner, {"ids": [ada]}, what="add_to_list", list_id=list_id)
    owner.ask("DELETE", f"/api/lists/{list_id}")

    undone = undo(owner, action)

    assert (undone["status"], undone["taken_back"]) == ("undone", 0)


def test_a_trait_is_said_of_people_and_what_was_said_before_comes_back(world: World, owner: Browser) -> None:
    ada, bea, cyd, dan = crowd(world, 4)
    act(owner, {"ids": [ada]}, what="set_trait", trait="city", value="Oslo")
    act(owner, {"ids": [bea]}, what="set_trait", trait="city", value="Rome")

    action = act(owner, {"ids": [ada, bea, cyd, dan]}, what="set_trait", trait="city", value="Rome")
    assert (action["changed"], action["args"]) == (3, {"trait": "city", "value": "Rome"})
    act(owner, {"ids": [dan]}, what="set_trait", trait="city", value="Bonn")
    undone = undo(owner, action)

    assert undone["taken_back"] == 2
    assert [row["traits"] for row in rows(world, "traits")] == [
        {"city": "Oslo"},
        {"city": "Rome"},
        {},
        {"city": "Bonn"},
    ]


def test_a_trait_is_taken_away(world: World, owner: Browser) -> None:
    ada, bea = crowd(world, 2)
    act(owner, {"ids": [ada]}, what="set_trait", trait="points", value=3)

    action = act(owner, {"ids": [ada, bea]}, what="set_trait", trait="points", value=None)

    assert action["changed"] == 1
    assert [row["traits"] for row in rows(world, "traits")] == [{}, {}]


# ---------------------------------------------------------------- who is chosen
def test_all_that_the_filters_show_are_chosen_but_those_unticked(world: World, owner: Browser) -> None:
    people = crowd(world, 6)
    segment_id = make_segment(owner)
    fill(world, segment_id, people[:4])
    list_id = make(owner, person_ids=people[2:])

    filters = {"segment_id": segment_id, "list_id": list_id}
    action = act(owner, {"filters": filters, "except": [people[3]]}, what="tag", tags=["both"])

    assert (action["people"], action["changed"]) == (1, 1)
    assert [person for person, held in tags_of(world).items() if held] == [people[2]]
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")  # the fold knows of no event
    assert act(owner, {"filters": {"tag": "both"}}, what="tag", tags=["again"])["people"] == 1
    assert act(owner, {"filters": {"q": "u5"}}, what="tag", tags=["again"])["people"] == 1
    chosen = world.rows(
        "SELECT chosen FROM bulk_action WHERE workspace_id = %(workspace)s ORDER BY action_id DESC LIMIT 1"
    )
    assert chosen == [{"chosen": {"filters": {}, "is_search": True, "except": 0}}]


def test_the_same_choice_is_exported(world: World, owner: Browser) -> None:
    ada, bea = sorted(meet(world, ADA, BEA))

    file = owner.post("/api/people/export", {"choose": {"filters": {}, "except": [ada]}})

    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["person_id"], row["email"]) == (str(bea), "bea@brand.io")


@pytest.mark.parametrize(
    ("choose", "do", "says"),
    [
        ({}, {"what": "tag", "tags": ["x"]}, "not by both"),
        ({"ids": [1], "filters": {}}, {"what": "tag", "tags": ["x"]}, "not by both"),
        ({"ids": [1], "everybody": True}, {"what": "tag", "tags": ["x"]}, "everybody"),
        ({"ids": [1]}, {"what": "tag", "tags": []}, "tags"),
        ({"ids": [1]}, {"what": "tag", "tags": [" "]}, "characters"),
        ({"ids": [1]}, {"what": "add_to_list"}, "one list"),
        ({"ids": [1]}, {"what": "add_to_list", "list_id": 999_999}, "list"),
        ({"ids": [1]}, {"what": "set_trait", "trait": "clv_12m", "value": 1}, "clv_12m"),
        ({"filters": {"segment_id": 999_999}}, {"what": "tag", "tags": ["x"]}, "segment"),
        ({"filters": {"colour": "red"}}, {"what": "tag", "tags": ["x"]}, "colour"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    owner: Browser, choose: dict[str, Any], do: dict[str, Any], says: str
) -> None:
    answer = owner.post("/api/people/bulk", {"choose": choose, "do": do})

    assert answer.status_code in (404, 422), answer.text
    assert says in answer.text
    assert owner.get("/api/people/bulk").json()["items"] == []


def test_more_people_than_the_limit_are_refused(world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(world, 3)
    monkeypatch.setattr("fanwheel.cdp.bulk.service.MOST_PEOPLE", 2)

    answer = owner.post("/api/people/bulk", {"choose": {"filters": {}}, "do": {"what": "tag", "tags": ["x"]}})

    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_people")
    assert answer.json()["hint"]


# ---------------------------------------------------------------- what is kept, and who may
def test_an_action_is_undone_once_and_for_thirty_days(world: World, owner: Browser) -> None:
    (ada,) = crowd(world, 1)
    first = act(owner, {"ids": [ada]}, what="tag", tags=["one"])
    undo(owner, first)
    again = owner.post(f"/api/people/bulk/{first['action_id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "not_undoable")

    old = act(owner, {"ids": [ada]}, what="tag", tags=["two"])
    world.do("UPDATE bulk_action SET created_at = now() - interval '31 days' WHERE workspace_id = %(workspace)s")
    world.run(lambda tx: bulk.tidy(tx, now=utc_now()))

    assert owner.get(f"/api/people/bulk/{old['action_id']}").json()["is_undoable"] is False
    assert owner.post(f"/api/people/bulk/{old['action_id']}/undo").status_code == 409
    assert world.rows("SELECT home_id FROM bulk_action_home WHERE workspace_id = %(workspace)s") == []


def test_actions_come_in_pages_newest_first_and_are_audited(world: World, owner: Browser) -> None:
    (ada,) = crowd(world, 1)
    made = [act(owner, {"ids": [ada]}, what="tag", tags=[tag])["action_id"] for tag in "abc"]

    first = owner.get("/api/people/bulk", params={"limit": 2}).json()
    rest = owner.get("/api/people/bulk", params={"cursor": first["next_cursor"]}).json()

    assert [item["action_id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert owner.get("/api/people/bulk/999999999").json()["code"] == "action_not_found"
    log = world.rows("SELECT action, detail FROM audit WHERE workspace_id = %(workspace)s AND action LIKE 'people.%%'")
    assert log == [{"action": "people.bulk", "detail": {"what": "tag", "people": 1}}] * 3


def test_the_same_request_sent_twice_acts_once(world: World, owner: Browser) -> None:
    (ada,) = crowd(world, 1)
    body = {"choose": {"ids": [ada]}, "do": {"what": "tag", "tags": ["vip"]}}

    one, other = (owner.post("/api/people/bulk", body, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert one.json() == other.json()
    assert len(owner.get("/api/people/bulk").json()["items"]) == 1


def test_only_who_makes_lists_makes_one_by_the_way(house: House, world: World) -> None:
    (ada,) = crowd(world, 1)
    agent = house.member(world.workspace, "agent")

    answers = [
        agent.post("/api/people/bulk", {"choose": {"ids": [ada]}, "do": do}).status_code
        for do in ({"what": "tag", "tags": ["vip"]}, {"what": "add_to_list", "new_list": "Mine"})
    ]

    assert answers == [201, 403]
