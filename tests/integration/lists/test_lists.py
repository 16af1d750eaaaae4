"""Lists: made, filled by hand and by file, carried along by merges, and gone with an erasure."""

import csv
import io
from typing import Any

import pytest
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.cdp import persons

ADA = [("user_id", "u-ada"), ("email", "ada@brand.io"), ("phone", "+14155552671"), ("openid", "wx1:oADA")]
BEA = [("user_id", "u-bea"), ("email", "bea@brand.io"), ("unionid", "un-bea")]


def meet(world: World, *people: list[tuple[str, str]]) -> list[int]:
    """Persons with these identifiers; their ids."""
    found = []
    for refs in people:
        homes = world.say(*((refs[0], other) for other in refs[1:])) if refs[1:] else world.say((refs[0],))
        found.append(min(homes.values()))
        world.run(lambda tx, homes=homes: persons.refold(tx, homes.values()))
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")
    return found


def make(owner: Browser, name: str = "Friends", **body: Any) -> int:
    answer = owner.post("/api/lists", {"name": name, **body})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["list_id"])


def upload(owner: Browser, list_id: int, text: str | bytes, **query: str) -> dict[str, Any]:
    content = text if isinstance(text, bytes) else text.encode()
    answer = owner.ask("POST", f"/api/lists/{list_id}/uploads", content=content, params=query)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def unmatched(owner: Browser, done: dict[str, Any]) -> list[dict[str, str]]:
    path = f"/api/lists/{done['list_id']}/uploads/{done['upload_id']}/unmatched"
    return list(csv.DictReader(io.StringIO(owner.get(path).content.decode("utf-8-sig"))))


def members(owner: Browser, list_id: int, **query: Any) -> list[int]:
    answer = owner.get(f"/api/lists/{list_id}/members", params=query)
    assert answer.status_code == 200, answer.text
    return sorted(item["id"] for item in answer.json()["items"])


def test_a_list_is_made_renamed_and_deleted(owner: Browser) -> None:
    list_id = make(owner, "  Friends  ", description="Old ones")

    assert owner.post("/api/lists", {"name": "Friends"}).json()["code"] == "list_name_taken"
    changed = owner.ask("PATCH", f"/api/lists/{list_id}", json={"name": "Family"}).json()
    assert (changed["name"], changed["description"], changed["size"]) == ("Family", "Old ones", 0)
    other = make(owner, "Friends")
    taken = owner.ask("PATCH", f"/api/lists/{other}", json={"name": "Family"})
    assert (taken.status_code, taken.json()["code"]) == (409, "list_name_taken")
    assert [item["name"] for item in owner.get("/api/lists").json()["items"]] == ["Friends", "Family"]
    assert [item["name"] for item in owner.get("/api/lists", params={"q": "AMI"}).json()["items"]] == ["Family"]

    assert owner.ask("DELETE", f"/api/lists/{list_id}").status_code == 204
    assert owner.get(f"/api/lists/{list_id}").json()["code"] == "list_not_found"


def test_lists_come_in_pages(owner: Browser) -> None:
    for name in "abc":
        make(owner, name)

    first = owner.get("/api/lists", params={"limit": 2}).json()
    rest = owner.get("/api/lists", params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [item["name"] for item in first["items"] + rest["items"]] == ["c", "b", "a"]
    assert rest["next_cursor"] is None
    assert owner.get("/api/lists", params={"cursor": "WyJ4Il0"}).json()["code"] == "bad_cursor"


def test_people_are_put_on_and_taken_off_by_any_of_their_homes(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    another_home = world.rows(
        "SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND value = 'bea@brand.io'"
    )[0]["home_id"]
    list_id = make(owner, person_ids=[ada])

    done = owner.post(f"/api/lists/{list_id}/members", {"add": [ada, another_home, 999_999_999]}).json()
    assert done == {"added": 1, "removed": 0, "unknown": [999_999_999], "size": 2}
    assert members(owner, list_id) == [ada, bea]
    assert members(owner, list_id, q="bea@brand.io") == [bea]
    found = owner.get("/api/people", params={"list_id": list_id, "limit": 1}).json()
    assert (found["total"], len(found["items"]), found["next_cursor"] is None) == (2, 1, False)

    done = owner.post(f"/api/lists/{list_id}/members", {"remove": [another_home]}).json()
    assert (done["removed"], done["size"]) == (1, 1)
    assert members(owner, list_id) == [ada]


def test_a_merge_joins_members_and_an_unmerge_parts_them(world: World, owner: Browser) -> None:
    ada, bea, cyd = meet(world, ADA, BEA, [("user_id", "u-cyd")])
    list_id = make(owner, person_ids=[ada, bea])

    owner.post(f"/api/people/{ada}/merge", {"person_id": bea})
    assert members(owner, list_id) == [ada]
    assert owner.get(f"/api/lists/{list_id}").json()["size"] == 1

    bea_homes = world.rows("SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND value LIKE '%%bea%%'")
    owner.post(f"/api/people/{ada}/unmerge", {"home_ids": [row["home_id"] for row in bea_homes]})
    assert members(owner, list_id) == [ada, bea]

    owner.post(f"/api/people/{cyd}/merge", {"person_id": bea})
    assert members(owner, list_id) == [ada, min(bea, cyd)]


def test_an_erased_person_is_on_no_list_and_in_no_report(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    list_id = make(owner, person_ids=[ada, bea])
    # Names two people, so it stands in the report.
    done = upload(owner, list_id, "email,user_id\nada@brand.io,u-bea\n")
    assert len(unmatched(owner, done)) == 1

    assert owner.ask("DELETE", f"/api/people/{ada}").status_code == 200

    assert members(owner, list_id) == [bea]
    kept = world.rows("SELECT count(*) AS count FROM person_list WHERE workspace_id = %(workspace)s")
    assert kept[0]["count"] == 1
    path = f"/api/lists/{list_id}/uploads/{done['upload_id']}/unmatched"
    assert owner.get(path).json()["code"] == "report_not_found"
    assert owner.get(f"/api/lists/{list_id}/uploads").json()["items"][0]["has_report"] is False


@pytest.mark.parametrize(
    "text",
    [
        "email\nADA@Brand.io\n",
        "Name;E-Mail\nAda;ada@brand.io\n",
        "手机号\n(415) 555-2671\n",
        "ada@brand.io\n",  # no header at all
        "openid\noADA\n",  # as platforms tell it, without the app
        "whatever\nu-ada\n",  # one column is matched by every kind
        "email,user_id\nnobody@brand.io,u-ada\n",
        "\ufeffemail\nada@brand.io\n",
    ],
)
def test_a_row_is_matched_by_an_identifier_of_any_kind(world: World, owner: Browser, text: str) -> None:
    ada, _ = meet(world, ADA, BEA)
    list_id = make(owner)

    done = upload(owner, list_id, text, file_name="people.csv")

    assert (done["row_count"], done["matched"], done["added"], done["unmatched"]) == (1, 1, 1, 0)
    assert (done["file_name"], done["has_report"]) == ("people.csv", False)
    assert members(owner, list_id) == [ada]


def test_a_file_of_a_chinese_spreadsheet_is_read(world: World, owner: Browser) -> None:
    ada, _ = meet(world, ADA, BEA)
    list_id = make(owner)

    done = upload(owner, list_id, "姓名,邮箱\n艾达,ada@brand.io\n没有,none@brand.io\n".encode("gbk"))

    assert (done["matched"], done["unmatched"]) == (1, 1)
    assert unmatched(owner, done)[0]["姓名"] == "没有"
    assert members(owner, list_id) == [ada]


def test_the_report_says_of_each_unmatched_row_why(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    list_id = make(owner, person_ids=[ada])
    text = f"email,user_id,note\nada@brand.io,,known\nx@brand.io,,a\nada@brand.io,u-bea,b\nn/a,null,c\n,,{ada},d\n"

    done = upload(owner, list_id, text)

    assert (done["row_count"], done["matched"], done["added"], done["unmatched"]) == (5, 1, 0, 4)
    report = {row["_row"]: (row["note"], row["_reason"]) for row in unmatched(owner, done)}
    assert report["2"] == ("a", "no person has this")
    assert report["3"] == ("b", f"belongs to different people: {ada}, {bea}")
    assert report["4"] == ("c", "holds nothing that tells a person")
    assert report["5"][1] == "has 4 values where the header has 3"


def test_our_own_export_can_be_uploaded_again(world: World, owner: Browser) -> None:
    people = sorted(meet(world, ADA, BEA))
    first, second = make(owner, "First", person_ids=people), make(owner, "Second")

    file = owner.get(f"/api/lists/{first}/export")

    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["person_id"], row["email"]) for row in rows] == [
        (str(people[0]), "ada@brand.io"),
        (str(people[1]), "bea@brand.io"),
    ]
    done = upload(owner, second, file.content)
    assert (done["matched"], done["unmatched"]) == (2, 0)
    assert members(owner, second) == people


def test_a_name_that_a_spreadsheet_would_compute_is_quoted(world: World, owner: Browser) -> None:
    (ada,) = meet(world, ADA)
    world.do("UPDATE person SET display_name = '=1+1' WHERE workspace_id = %(workspace)s")
    list_id = make(owner)
    world.do(
        "INSERT INTO person_list (workspace_id, home_id, list_id) VALUES (%(workspace)s, %(home)s, %(list)s)",
        home=ada,
        list=list_id,
    )

    (row,) = csv.DictReader(io.StringIO(owner.get(f"/api/lists/{list_id}/export").content.decode("utf-8-sig")))

    assert row["name"] == "'=1+1"


@pytest.mark.parametrize(
    ("content", "query", "says"),
    [
        (b"", {}, "empty"),
        (b"a,b\n1,2\n", {}, "named like an identifier"),
        (b"a,b\n1,2\n", {"column": "c"}, "no column “c”"),
        (b"a,b\n1,2\n", {"kind": "email"}, "Name one “email”"),
        (b"email,email\na@b.io,c@d.io\n", {}, "twice"),
    ],
)
def test_a_file_that_cannot_be_matched_says_what_to_do(
    owner: Browser, content: bytes, query: dict[str, str], says: str
) -> None:
    list_id = make(owner)

    answer = owner.ask("POST", f"/api/lists/{list_id}/uploads", content=content, params=query)

    assert answer.status_code == 422, answer.text
    assert says in answer.json()["message"] + answer.json()["hint"]


def test_a_long_list_is_walked_instead_of_looked_up(
    world: World, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = sorted(meet(world, *([("user_id", f"u{number}")] for number in range(6))))
    list_id = make(owner, person_ids=people[::2])
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")
    monkeypatch.setattr("fanwheel.cdp.persons.reading.FEW", 2)

    first = owner.get("/api/people", params={"list_id": list_id, "limit": 2}).json()
    rest = owner.get("/api/people", params={"list_id": list_id, "limit": 2, "cursor": first["next_cursor"]}).json()

    assert sorted(item["id"] for item in first["items"] + rest["items"]) == people[::2]
    assert (first["total"], rest["next_cursor"]) == (3, None)


def test_old_reports_are_taken_away(world: World, owner: Browser) -> None:
    from fanwheel.cdp import lists

    list_id = make(owner)
    done = upload(owner, list_id, "email\nnobody@brand.io\n")
    world.do("UPDATE list_upload SET uploaded_at = now() - interval '8 days' WHERE workspace_id = %(workspace)s")

    path = f"/api/lists/{list_id}/uploads/{done['upload_id']}/unmatched"
    assert owner.get(path).status_code == 404
    assert world.run(lists.tidy) == 1
    assert world.rows("SELECT report FROM list_upload WHERE workspace_id = %(workspace)s") == [{"report": None}]


def test_roles_decide_who_sees_and_changes_lists(house: House, world: World, owner: Browser) -> None:
    list_id = make(owner)
    allowed = {
        role: (
            house.member(world.workspace, role).get(f"/api/lists/{list_id}").status_code,
            house.member(world.workspace, role).post("/api/lists", {"name": role}).status_code,
            house.member(world.workspace, role).post(f"/api/lists/{list_id}/members", {}).status_code,
        )
        for role in ("operator", "agent", "analyst", "viewer")
    }

    assert allowed == {
        "operator": (200, 201, 200),
        "agent": (200, 403, 200),
        "analyst": (200, 403, 403),
        "viewer": (403, 403, 403),
    }
