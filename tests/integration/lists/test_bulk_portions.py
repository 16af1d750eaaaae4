"""Bulk actions on many people: gone through in portions, cut off, stopped, and with people who change meanwhile."""

from typing import Any

import pytest
from tests.integration.lists.test_bulk import act, all_have, crowd, portions, tags_of, undo, work
from tests.integration.lists.test_lists import make
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.cdp import bulk, tags
from fanwheel.kernel.clock import utc_now


def test_many_are_gone_through_in_portions_with_progress(
    house: House, world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = crowd(world, 7)
    portions(monkeypatch, 3)
    action = act(owner, {"filters": {}}, what="tag", tags=["vip"])
    path = f"/api/people/bulk/{action['action_id']}"
    assert (action["status"], action["done"], action["people"]) == ("running", 0, 7)
    assert house.run(bulk.list_workspaces(house.database)) == [world.workspace]

    house.run(bulk.run_next(house.database, world.workspace, now=utc_now()))
    found = owner.get(path).json()
    assert (found["status"], found["done"], found["changed"]) == ("running", 3, 3)
    work(house, world)

    found = owner.get(path).json()
    assert (found["status"], found["done"], found["changed"]) == ("done", 7, 7)
    assert tags_of(world) == all_have(people, ["vip"])
    assert undo(owner, action)["status"] == "undoing"
    work(house, world)
    assert owner.get(path).json()["taken_back"] == 7
    assert tags_of(world) == all_have(people, [])
    assert house.run(bulk.list_workspaces(house.database)) == []


def test_just_as_many_as_a_portion_are_done_at_once(
    world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 2)
    portions(monkeypatch, 2)

    action = act(owner, {"filters": {}}, what="tag", tags=["vip"])

    assert (action["status"], undo(owner, action)["status"]) == ("done", "undone")


def test_a_portion_that_was_cut_off_is_done_again_as_if_it_had_never_begun(
    house: House, world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = crowd(world, 5)
    portions(monkeypatch, 2)
    action = act(owner, {"filters": {}}, what="tag", tags=["vip"])
    give = tags.give

    async def cut_off(*asked: Any, **more: Any) -> None:
        await give(*asked, **more)
        raise ConnectionError("the worker was killed")

    monkeypatch.setattr(tags, "give", cut_off)
    with pytest.raises(ConnectionError):
        work(house, world)
    monkeypatch.setattr(tags, "give", give)
    assert owner.get(f"/api/people/bulk/{action['action_id']}").json()["done"] == 0
    work(house, world)

    assert owner.get(f"/api/people/bulk/{action['action_id']}").json()["changed"] == 5
    assert tags_of(world) == all_have(people, ["vip"])
    log = world.rows("SELECT count(*) FROM tag_log WHERE workspace_id = %(workspace)s")
    assert log == [{"count": 5}]


def test_an_action_under_way_stops_and_is_taken_back(
    house: House, world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = crowd(world, 5)
    portions(monkeypatch, 2)
    action = act(owner, {"filters": {}}, what="tag", tags=["vip"])
    house.run(bulk.run_next(house.database, world.workspace, now=utc_now()))

    undo(owner, action)
    work(house, world)

    found = owner.get(f"/api/people/bulk/{action['action_id']}").json()
    assert (found["status"], found["done"], found["taken_back"]) == ("undone", 2, 2)
    assert tags_of(world) == all_have(people, [])


def test_an_action_that_cannot_go_on_says_why_and_can_be_undone(
    house: House, world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(world, 5)
    portions(monkeypatch, 2)
    list_id = make(owner)
    action = act(owner, {"filters": {}}, what="add_to_list", list_id=list_id)
    house.run(bulk.run_next(house.database, world.workspace, now=utc_now()))
    owner.ask("DELETE", f"/api/lists/{list_id}")
    work(house, world)

    found = owner.get(f"/api/people/bulk/{action['action_id']}").json()

    assert (found["status"], found["done"], found["is_undoable"]) == ("failed", 2, True)
    assert "No list has that id" in found["error"]


# ---------------------------------------------------------------- who changes meanwhile
def test_merged_people_count_once_and_an_unmerge_leaves_it_where_it_was_put(
    house: House, world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bea, cyd = crowd(world, 3)
    portions(monkeypatch, 2)
    action = act(owner, {"filters": {}}, what="tag", tags=["vip"])
    owner.post(f"/api/people/{ada}/merge", {"person_id": bea})
    work(house, world)

    assert owner.get(f"/api/people/bulk/{action['action_id']}").json()["changed"] == 2
    owner.post(f"/api/people/{ada}/unmerge", {"home_ids": [bea]})
    assert tags_of(world) == {ada: ["vip"], bea: [], cyd: ["vip"]}
    undo(owner, action)
    work(house, world)
    assert tags_of(world) == {ada: [], bea: [], cyd: []}


def test_nothing_of_an_erased_person_is_remembered(world: World, owner: Browser) -> None:
    ada, bea = crowd(world, 2)
    act(owner, {"ids": [ada]}, what="set_trait", trait="city", value="Oslo")
    action = act(owner, {"ids": [ada, bea]}, what="set_trait", trait="city", value="Rome")

    owner.ask("DELETE", f"/api/people/{ada}")

    assert world.rows("SELECT home_id FROM bulk_action_home WHERE workspace_id = %(workspace)s") == [{"home_id": bea}]
    assert undo(owner, action)["taken_back"] == 1
