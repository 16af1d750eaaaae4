"""Jumping to any row of the people list, in any order, among everybody or a segment."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from tests.integration.persons.conftest import World
from tests.integration.persons.test_people_api import ids, people
from tests.support.house import Browser, House

from fanwheel.cdp.persons import crowds, reading
from fanwheel.cdp.persons import people as listed
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

SORTS = ("last_seen", "-last_seen", "revenue", "-revenue")


@pytest.fixture
def owner(house: House, world: World) -> Browser:
    return house.member(world.workspace, "owner")


def jump(owner: Browser, skip: int, **asked: Any) -> dict[str, Any]:
    answer = owner.get("/api/people", params={"skip": skip, "limit": 5, **asked})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("sort", SORTS)
def test_every_row_is_where_scrolling_would_find_it(world: World, owner: Browser, sort: str) -> None:
    people(world, 47)
    every = ids(owner.get("/api/people", params={"sort": sort, "limit": 500}))

    for skip in range(0, 50, 3):
        found = jump(owner, skip, sort=sort)
        assert [item["id"] for item in found["items"]] == every[skip : skip + 5]
        assert (found["total"], found["total_is_estimate"]) == (47, False)
        assert (found["next_cursor"] is None) == (skip + 5 >= 47)


def test_scrolling_goes_on_from_where_a_jump_ended(world: World, owner: Browser) -> None:
    people(world, 30)
    every = ids(owner.get("/api/people", params={"limit": 500}))

    for skip in (4, 22):  # counted from the beginning, and from the end
        cursor = jump(owner, skip)["next_cursor"]
        assert ids(owner.get("/api/people", params={"cursor": cursor, "limit": 3})) == every[skip + 5 : skip + 8]


def test_a_cursor_beside_a_jump_tells_the_number_only(
    world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(world, 30)
    cursor = jump(owner, 0)["next_cursor"]

    async def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("it was counted again")

    monkeypatch.setattr(reading, "_count", refuse)

    assert [item["id"] for item in jump(owner, 10, cursor=cursor)["items"]] == [
        item["id"] for item in jump(owner, 10, cursor=jump(owner, 20, cursor=cursor)["next_cursor"])["items"]
    ]


def test_a_jump_counts_exactly_where_scrolling_estimates(
    world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(world, 30)
    monkeypatch.setattr(reading, "_COUNTED", 20)
    guess = owner.get("/api/people", params={"limit": 1}).json()
    assert guess["total_is_estimate"] is True

    found = jump(owner, 28, cursor=guess["next_cursor"])

    assert (found["total"], found["total_is_estimate"], len(found["items"])) == (30, False, 2)


@pytest.mark.parametrize(("few", "near"), [(crowds.FEW, 1), (3, 2), (3, 100)])  # by ids, by everybody, by walking
@pytest.mark.parametrize("sort", SORTS)
def test_a_crowd_is_listed_alike_however_it_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, sort: reading.Sort, few: int, near: int
) -> None:
    homes = people(world, 40)
    members = homes[::3]
    monkeypatch.setattr(reading, "SOME", few)
    monkeypatch.setattr(reading, "FEW", few)
    monkeypatch.setattr(listed, "NEAR", near)
    filters = reading.Filters(crowd=crowds.Crowd(np.array(members, dtype=np.int64)))
    fans = replace(filters, is_fan=True)

    first = world.run(lambda tx: reading.list_people(tx, filters, sort=sort, limit=4))
    rest = world.run(lambda tx: reading.list_people(tx, filters, sort=sort, cursor=first.next_cursor, limit=100))
    last = world.run(lambda tx: reading.list_people(tx, filters, sort=sort, skip=9, limit=100))
    some = world.run(lambda tx: reading.list_people(tx, fans, sort=sort, limit=100))

    found = [item["id"] for item in (*first.items, *rest.items)]
    assert found == (members[::-1] if sort.startswith("-") else members)
    assert [item["id"] for item in last.items] == found[9:]
    assert (first.total, last.total, some.total) == (14, 14, 7)
    assert [item["id"] for item in some.items] == [one for one in found if homes.index(one) % 2 == 1]


def test_everybody_is_put_in_order_by_an_index_alone(world: World) -> None:
    world.do(
        "INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at, traits)"
        " SELECT %(workspace)s, nth, now(), now() + nth * interval '1 s', now(), to_jsonb(repeat('x', 99))"
        " FROM generate_series(1, 5000) AS nth"
    )
    world.do("ANALYZE person")
    asked: dict[str, Any] = dict.fromkeys(
        (
            "stage",
            "domain",
            "source_id",
            "tag",
            "is_fan",
            "found",
            "list_id",
            "after",
            "after_id",
            "bits",
            "low",
            "high",
        )
    )
    statements = sqlfile.load("fanwheel.cdp.persons", "people.sql")

    for order in ("last_seen_down", "last_seen_up", "revenue_down", "revenue_up"):
        explain = "EXPLAIN (COSTS OFF) " + statements[f"list_by_{order}"]
        rows = world.run(partial(Transaction.all, sql=explain, **asked, skip=2000, limit=50))
        assert "Index Only Scan" in "\n".join(row["QUERY PLAN"] for row in rows)
