"""Segments over HTTP: rules saved, refused, changed; who is in, why, and what is kept of it."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pyroaring import BitMap
from tests.integration.lists.test_lists import ADA, BEA, meet, members
from tests.integration.lists.test_lists import make as make_list
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.cdp.segments import reading, snapshots
from fanwheel.cdp.segments.templates import TEMPLATES

TAGGED = {"type": "tag", "tag": "vip"}
NEVER_BOUGHT = {"type": "field", "name": "order_count", "test": {"op": "at_most", "value": 0}}


def rule(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "condition": {"type": "all", "conditions": [*conditions]}}


def make(owner: Browser, name: str = "Friends", *conditions: dict[str, Any], **more: Any) -> int:
    answer = owner.post("/api/segments", {"name": name, "rule": rule(*(conditions or (TAGGED,))), **more})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["segment_id"])


def fill(world: World, segment_id: int, people: Iterable[int]) -> None:
    """Let people be members of a segment, as a build leaves them."""
    chunks: dict[int, BitMap] = {}
    for person in people:
        chunks.setdefault(person >> 16, BitMap()).add(person & 0xFFFF)
        world.do(
            "INSERT INTO segment_person (workspace_id, person_id, members, judged_at)"
            " VALUES (%(workspace)s, %(person)s, ARRAY[%(segment)s::integer], now())"
            " ON CONFLICT (workspace_id, person_id) DO UPDATE"
            " SET members = segment_person.members || excluded.members",
            person=person, segment=segment_id,
        )  # fmt: skip
    for number, bits in chunks.items():
        world.do(
            "INSERT INTO segment_bitmap VALUES (%(workspace)s, %(segment)s, %(chunk)s, %(size)s, %(bits)s)",
            segment=segment_id, chunk=number, size=len(bits), bits=bits.serialize(),
        )  # fmt: skip
    world.do(
        "UPDATE segment SET status = 'live', live_rule = rule, built_at = now()"
        " WHERE workspace_id = %(workspace)s AND segment_id = %(segment)s",
        segment=segment_id,
    )


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return sorted(item["id"] for item in answer.json()["items"])


# ---------------------------------------------------------------- rules
def test_a_segment_is_made_changed_paused_and_deleted(owner: Browser) -> None:
    segment_id = make(owner, description="Those we know")
    path = f"/api/segments/{segment_id}"

    found = owner.get(path).json()
    assert (found["status"], found["version"], found["size"], found["trend"]) == ("building", 1, 0, [])
    assert found["rule"] == rule(TAGGED)
    assert owner.post("/api/segments", {"name": "FRIENDS", "rule": rule(TAGGED)}).json()["code"] == "segment_name_taken"

    changed = owner.ask("PATCH", path, json={"name": "Family", "rule": rule(NEVER_BOUGHT)}).json()
    assert (changed["name"], changed["version"], changed["description"]) == ("Family", 2, "Those we know")
    assert owner.ask("PATCH", path, json={"status": "paused"}).json()["status"] == "paused"
    assert owner.ask("PATCH", path, json={"status": "live"}).json()["status"] == "building"

    assert owner.ask("DELETE", path).status_code == 204
    assert owner.get(path).json()["code"] == "segment_not_found"


def test_segments_come_in_pages_and_are_found_by_name(owner: Browser) -> None:
    for name in ("One", "Two", "Three"):
        make(owner, name)

    first = owner.get("/api/segments", params={"limit": 2}).json()
    rest = owner.get("/api/segments", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [item["name"] for item in first["items"] + rest["items"]] == ["Three", "Two", "One"]
    assert rest["next_cursor"] is None
    assert [item["name"] for item in owner.get("/api/segments", params={"q": "TW"}).json()["items"]] == ["Two"]


@pytest.mark.parametrize(
    ("condition", "path"),
    [
        ({"type": "colour"}, "$.condition.conditions[0]"),
        ({"type": "field", "name": "order_count", "test": {"op": "is", "value": "many"}}, "$.condition.conditions[0]"),
        ({"type": "list", "list_id": 2_000_000_000}, "$.condition.conditions[0]"),
        ({"type": "tag"}, "$.condition.conditions[0]"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_where_it_stands(
    owner: Browser, condition: dict[str, Any], path: str
) -> None:
    answer = owner.post("/api/segments", {"name": "Wrong", "rule": rule(condition)})

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "bad_segment")
    assert told["path"].startswith(path)
    assert told["message"]
    assert told["hint"]


def test_a_rule_that_nests_too_deep_to_be_read_is_refused_in_words(owner: Browser) -> None:
    deep = '{"type":"not","condition":' * 20_000 + json.dumps(TAGGED) + "}" * 20_000
    body = f'{{"name": "Deep", "rule": {{"version": 1, "condition": {deep}}}}}'

    answer = owner.ask("POST", "/api/segments", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)
    assert answer.json()["hint"]


def test_a_rule_that_selects_everybody_is_saved_with_a_warning(owner: Browser) -> None:
    made = owner.post("/api/segments", {"name": "All", "rule": rule()}).json()

    assert made["warnings"] == [{"code": "everybody", "path": "$.condition", "message": "The rule selects everybody."}]


def test_templates_can_all_be_saved(owner: Browser) -> None:
    offered = owner.get("/api/segments/templates").json()["items"]

    assert len(offered) == len(TEMPLATES) >= 10
    for template in offered:
        reading.read_rule(template["rule"])
    assert owner.post("/api/segments", {"name": "T", "rule": offered[1]["rule"]}).status_code == 201


def test_the_rule_has_its_own_schema_in_the_description(house: House) -> None:
    schemas = house.app.openapi()["components"]["schemas"]

    assert schemas["NewSegment"]["properties"]["rule"] == {"$ref": "#/components/schemas/SegmentRule"}
    assert schemas["SegmentNot"]["properties"]["condition"] == {"$ref": "#/components/schemas/SegmentCondition"}
    assert len(schemas["SegmentCondition"]["anyOf"]) == 16
    assert schemas["SegmentTrait"]["properties"]["test"] == {"$ref": "#/components/schemas/SegmentTest"}
    named = set(schemas)
    for reference in _references(house.app.openapi()):
        assert reference.removeprefix("#/components/schemas/") in named


def _references(schema: Any) -> Iterable[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _references(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)


# ---------------------------------------------------------------- who is in
def test_people_are_listed_by_segment(world: World, owner: Browser) -> None:
    people = sorted(meet(world, *([("user_id", f"u{number}")] for number in range(6))))
    segment_id, other = make(owner), make(owner, "Others")
    fill(world, segment_id, people[::2])
    fill(world, other, people[:1])

    first = owner.get("/api/people", params={"segment_id": segment_id, "limit": 2})
    rest = owner.get("/api/people", params={"segment_id": segment_id, "cursor": first.json()["next_cursor"]})
    assert sorted(ids(first) + ids(rest)) == people[::2]
    assert (first.json()["total"], first.json()["total_is_estimate"]) == (3, False)
    assert ids(owner.get(f"/api/segments/{segment_id}/members", params={"q": "u2"})) == [people[2]]
    assert ids(owner.get("/api/people", params={"segment_id": segment_id, "q": "u1"})) == []
    assert ids(owner.get("/api/people", params={"segment_id": other, "fan": True})) == []
    assert owner.get("/api/people", params={"segment_id": 999_999}).json()["code"] == "segment_not_found"


@pytest.mark.parametrize("near", [2, 100])  # too few to find them, and enough
def test_a_large_segment_is_walked_instead_of_looked_up(
    world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    people = sorted(meet(world, *([("user_id", f"u{number}")] for number in range(9))))
    segment_id = make(owner)
    fill(world, segment_id, [people[0], *people[3:8]])
    monkeypatch.setattr("fanwheel.cdp.persons.reading.FEW", 2)
    monkeypatch.setattr("fanwheel.cdp.persons.reading.SOME", 2)
    monkeypatch.setattr("fanwheel.cdp.persons.people.NEAR", near)
    world.do(
        "UPDATE person SET tags = '{vip}' WHERE workspace_id = %(workspace)s AND person_id = %(one)s", one=people[7]
    )

    for sort in ("last_seen", "-last_seen", "revenue", "-revenue"):
        asked = {"segment_id": segment_id, "sort": sort, "limit": 4}
        first = owner.get("/api/people", params=asked)
        rest = owner.get("/api/people", params=asked | {"cursor": first.json()["next_cursor"]})
        assert sorted(ids(first) + ids(rest)) == [people[0], *people[3:8]]
        assert first.json()["total"] == 6
    tagged = owner.get("/api/people", params={"segment_id": segment_id, "tag": "vip"})
    assert (ids(tagged), tagged.json()["total"]) == ([people[7]], 1)


def test_a_segment_is_exported_as_csv(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    segment_id = make(owner)
    fill(world, segment_id, [bea])

    file = owner.get(f"/api/segments/{segment_id}/export")

    (row,) = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
    assert (row["person_id"], row["email"]) == (str(bea), "bea@brand.io")
    assert ada != bea
    log = world.rows("SELECT action FROM audit WHERE workspace_id = %(workspace)s ORDER BY audit_id DESC LIMIT 1")
    assert log == [{"action": "segment.export"}]


def test_overlap_counts_whom_two_segments_share(world: World, owner: Browser) -> None:
    people = sorted(meet(world, *([("user_id", f"u{number}")] for number in range(4))))
    one, other, apart = make(owner, "One"), make(owner, "Other"), make(owner, "Apart")
    fill(world, one, people[:2])
    fill(world, other, people[1:])
    fill(world, apart, people[3:])

    found = owner.get(f"/api/segments/{one}/overlap").json()

    assert found == {
        "size": 2,
        "items": [
            {
                "segment_id": other, "name": "Other", "size": 3, "both": 1, "share_of_this": 0.5,
                "share_of_other": pytest.approx(1 / 3),
            }
        ],
    }  # fmt: skip


def test_the_trend_counts_back_from_today(world: World, owner: Browser) -> None:
    (ada, bea) = meet(world, ADA, BEA)
    segment_id = make(owner)
    fill(world, segment_id, [ada, bea])
    world.do(
        "INSERT INTO segment_change (workspace_id, segment_id, person_id, is_entry, changed_at, cause)"
        " VALUES (%(workspace)s, %(segment)s, %(bea)s, true, now(), 'change')",
        segment=segment_id, bea=bea,
    )  # fmt: skip

    (today,) = owner.get(f"/api/segments/{segment_id}").json()["trend"]
    changes = owner.get(f"/api/segments/{segment_id}/changes").json()

    assert (today["size"], today["entries"], today["exits"]) == (2, 1, 0)
    assert [(item["person_id"], item["is_entry"]) for item in changes["items"]] == [(bea, True)]
    again = owner.get(f"/api/segments/{segment_id}/changes", params={"cursor": changes["next_cursor"]}).json()
    assert (again["items"], again["next_cursor"]) == ([], changes["next_cursor"])


# ---------------------------------------------------------------- why
def test_a_person_s_segments_come_with_what_decides(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    list_id = make_list(owner, "Guests", person_ids=[ada])
    segment_id = make(owner, "Guests who never bought", NEVER_BOUGHT, {"type": "list", "list_id": list_id})
    fill(world, segment_id, [ada])
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")

    found = owner.get(f"/api/people/{ada}/segments").json()
    assert found["lists"] == [{"list_id": list_id, "name": "Guests"}]
    (held,) = found["items"]
    assert (held["segment_id"], held["name"], held["since"]) == (segment_id, "Guests who never bought", None)
    assert [(reason["path"], reason["type"], reason["actual"]) for reason in held["reasons"]] == [
        ("$.condition.conditions[0]", "field", 0),
        ("$.condition.conditions[1]", "list", None),
    ]
    assert held["reasons"][0]["condition"] == NEVER_BOUGHT

    why = owner.get(f"/api/people/{bea}/segments/{segment_id}").json()
    assert (why["is_in"], why["explained"]["holds"]) == (False, False)
    assert [(part["holds"], part["decided"]) for part in why["explained"]["parts"]] == [(True, False), (False, True)]
    assert owner.get(f"/api/people/{bea}/segments").json() == {"items": [], "lists": []}


def test_of_a_segment_that_was_never_built_nobody_is_told_why(world: World, owner: Browser) -> None:
    (ada,) = meet(world, ADA)
    segment_id = make(owner, "Draft", is_draft=True)

    answer = owner.get(f"/api/people/{ada}/segments/{segment_id}")

    assert (answer.status_code, answer.json()["code"]) == (409, "segment_state")


def test_a_list_that_a_rule_asks_for_cannot_be_deleted(owner: Browser) -> None:
    list_id = make_list(owner)
    segment_id = make(owner, "On it", {"type": "not", "condition": {"type": "list", "list_id": list_id}})

    answer = owner.ask("DELETE", f"/api/lists/{list_id}")
    uses = owner.get(f"/api/lists/{list_id}/uses").json()

    assert uses == {"items": [{"segment_id": segment_id, "name": "On it"}]}
    assert (answer.status_code, answer.json()["code"]) == (409, "list_in_use")
    assert "On it" in answer.json()["message"]
    assert owner.ask("DELETE", f"/api/segments/{segment_id}").status_code == 204
    assert owner.ask("DELETE", f"/api/lists/{list_id}").status_code == 204


# ---------------------------------------------------------------- snapshots
def test_a_snapshot_stays_as_the_segment_was(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    segment_id = make(owner)
    early = owner.post(f"/api/segments/{segment_id}/snapshots", {})
    assert (early.status_code, early.json()["code"]) == (409, "segment_state")
    fill(world, segment_id, [ada, bea])

    taken = owner.post(f"/api/segments/{segment_id}/snapshots", {"name": "Before the sale"}).json()
    world.do("DELETE FROM segment_bitmap WHERE workspace_id = %(workspace)s")

    assert (taken["origin"], taken["segment_id"], taken["size"]) == ("snapshot", segment_id, 2)
    assert members(owner, taken["list_id"]) == [ada, bea]
    named = owner.get("/api/lists", params={"segment_id": segment_id}).json()["items"]
    assert [item["name"] for item in named] == ["Before the sale"]


def test_scheduled_snapshots_are_taken_once_and_the_oldest_go(world: World, owner: Browser, house: House) -> None:
    ada, _ = meet(world, ADA, BEA)
    segment_id = make(owner, "Friends")
    fill(world, segment_id, [ada])
    path = f"/api/segments/{segment_id}/schedules"
    made = owner.post(path, {"every": "day", "hour": 3, "keep": 2}).json()
    due = datetime.fromisoformat(made["next_at"])

    def run(moment: datetime) -> int:
        return house.run(snapshots.run_due(house.database, [world.workspace], now=moment))

    assert run(due - timedelta(seconds=1)) == 0
    assert (run(due), run(due)) == (1, 0)
    for day in (1, 2):
        assert run(due + timedelta(days=day)) == 1

    kept = owner.get("/api/lists", params={"segment_id": segment_id}).json()["items"]
    assert [item["size"] for item in kept] == [1, 1]
    assert len({item["name"] for item in kept}) == 2
    (found,) = owner.get(path).json()["items"]
    assert found["error"] is None
    assert owner.ask("DELETE", f"{path}/{made['schedule_id']}").status_code == 204
    assert owner.ask("DELETE", f"{path}/{made['schedule_id']}").json()["code"] == "schedule_not_found"


def test_a_schedule_says_why_it_failed_and_goes_on(world: World, owner: Browser, house: House) -> None:
    segment_id = make(owner, "Never built", is_draft=True)
    path = f"/api/segments/{segment_id}/schedules"
    due = datetime.fromisoformat(owner.post(path, {"every": "week", "weekday": 5, "hour": 0}).json()["next_at"])

    assert house.run(snapshots.run_due(house.database, [world.workspace], now=due)) == 0

    (found,) = owner.get(path).json()["items"]
    assert "not been built" in found["error"]
    assert (datetime.fromisoformat(found["next_at"]) - due).days == 7
    assert due.isoweekday() == 5


@pytest.mark.parametrize(
    ("after", "every", "weekday", "hour", "expected"),
    [
        ("2026-03-01T02:59Z", "day", 1, 4, "2026-03-01T03:00Z"),
        ("2026-03-01T03:00Z", "day", 1, 4, "2026-03-02T03:00Z"),
        ("2026-03-01T03:00Z", "week", 7, 4, "2026-03-08T03:00Z"),
        ("2026-03-28T12:00Z", "day", 1, 4, "2026-03-29T02:00Z"),  # summer time has begun that night
        ("2026-10-24T12:00Z", "day", 1, 4, "2026-10-25T03:00Z"),
    ],
)
def test_the_next_run_is_at_that_hour_of_the_workspace(
    after: str, every: str, weekday: int, hour: int, expected: str
) -> None:
    found = snapshots.next_run(
        datetime.fromisoformat(after), ZoneInfo("Europe/Berlin"), every=every, weekday=weekday, hour=hour
    )

    assert found == datetime.fromisoformat(expected)
