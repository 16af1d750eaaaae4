"""Traits of many people by file: matched, read by type, tried out first, and back again as a file."""

import csv
import io
from typing import Any

import pytest
from tests.integration.lists.test_lists import ADA, BEA, make
from tests.integration.lists.test_lists import meet as met
from tests.integration.persons.conftest import World
from tests.integration.traits.test_definitions import SIZE, declared
from tests.integration.traits.test_people import put
from tests.support.house import Browser, House


def take(owner: Browser, text: str | bytes, **query: Any) -> dict[str, Any]:
    content = text if isinstance(text, bytes) else text.encode()
    answer = owner.ask("POST", "/api/traits/import", content=content, params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def traits_of(owner: Browser, person: int) -> dict[str, Any]:
    items = owner.get(f"/api/people/{person}/traits").json()["items"]
    return {item["name"]: item["value"] for item in items}


def exported(owner: Browser, **query: Any) -> list[dict[str, str]]:
    answer = owner.get("/api/traits/export", params=query)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_rows_are_matched_by_any_identifier_and_read_by_type(world: World, owner: Browser) -> None:
    ada, bea = met(world, ADA, BEA)
    declared(owner, SIZE)
    declared(owner, {"name": "age", "type": "number"})
    declared(owner, {"name": "vip", "type": "bool"})

    done = take(
        owner,
        "email,phone,size,age,vip,note\n"
        "ADA@brand.io,,Medium,\"1,234\",yes,hello\n"
        ",+1 415 555 2671,,,,again\n"
        "bea@brand.io,,s,,no,\n",
        file_name="spring.csv",
    )  # fmt: skip

    assert (done["rows"], done["matched"], done["unmatched"], done["changed"]) == (3, 3, 0, 2)
    assert (done["traits"], done["refused"]) == (["size", "age", "vip", "note"], [])
    assert traits_of(owner, ada) == {"size": "m", "age": 1234, "vip": True, "note": "again"}
    assert traits_of(owner, bea) == {"size": "s", "vip": False}
    (age,) = [item for item in owner.get(f"/api/people/{ada}/traits").json()["items"] if item["name"] == "age"]
    assert age["source"] == "import:spring.csv"


def test_what_does_not_fit_is_told_with_row_column_and_remedy_and_the_rest_is_taken(
    world: World, owner: Browser
) -> None:
    (ada,) = met(world, ADA)
    declared(owner, SIZE)

    done = take(owner, "user_id,size,city\nu-ada,xl,Oslo\nnobody,s,Rome\n,s,Rome\n")

    assert traits_of(owner, ada) == {"city": "Oslo"}
    assert (done["matched"], done["unmatched"], done["refused_count"]) == (1, 2, 3)
    assert done["refused"] == [
        {"row": 1, "column": "size", "message": "“xl” does not fit “size”. Choose from s, m."},
        {
            "row": 2,
            "column": "user_id",
            "message": "No person has this. Correct it, or send the file with create=true.",
        },
        {"row": 3, "column": "user_id", "message": "Holds nothing that tells a person. Correct the row."},
    ]


def test_a_dry_run_tells_the_same_and_writes_nothing(world: World, owner: Browser) -> None:
    (ada,) = met(world, ADA)
    text = "email,city\nada@brand.io,Oslo\nnew@brand.io,Rome\n"

    tried = take(owner, text, dry_run=True)

    assert traits_of(owner, ada) == {}
    done = take(owner, text)
    assert tried == done | {"is_dry_run": True}
    assert take(owner, text)["changed"] == 0  # everybody has it already


def test_unknown_people_are_made_only_when_asked_for(world: World, owner: Browser) -> None:
    text = "email,phone,city\nnew@brand.io,+14155550199,Rome\nnew@brand.io,+14155550199,Oslo\n"
    assert take(owner, text)["created"] == 0
    assert take(owner, text, create=True, dry_run=True)["created"] == 1

    done = take(owner, text, create=True)

    assert (done["created"], done["matched"], done["unmatched"]) == (1, 2, 0)
    people = world.rows("SELECT DISTINCT person_id FROM identifier WHERE workspace_id = %(workspace)s")
    assert len(people) == 1
    assert traits_of(owner, people[0]["person_id"])["city"] == "Oslo"
    # There is an event of theirs, so reports know them as well.
    events = world.rows("SELECT kind FROM event WHERE workspace_id = %(workspace)s")
    assert [event["kind"] for event in events] == [2]


def test_what_is_worked_out_is_left_alone(world: World, owner: Browser) -> None:
    (ada,) = met(world, ADA)

    done = take(owner, "email,p_alive,city\nada@brand.io,0.9,Oslo\n")

    assert (done["ignored"], done["traits"]) == (["p_alive"], ["city"])
    assert traits_of(owner, ada) == {"city": "Oslo"}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", {}),
        ("email\nada@brand.io\n", {}),
        ("note,city\nx,Oslo\n", {}),
        ("email,city,city\nada@brand.io,a,b\n", {}),
        ("who,city\nada@brand.io,Oslo\n", {"column": "who", "create": True}),
        ("email,p_alive\nada@brand.io,0.5\n", {}),
    ],
)
def test_a_file_that_says_nothing_is_refused(world: World, owner: Browser, text: str, query: dict[str, Any]) -> None:
    answer = owner.ask("POST", "/api/traits/import", content=text.encode(), params=query)

    assert answer.status_code == 422, answer.text
    assert answer.json()["hint"]


def test_an_export_comes_back_as_an_import_that_changes_nothing(world: World, owner: Browser) -> None:
    ada, bea = met(world, ADA, BEA)
    declared(owner, {"name": "likes", "type": "options", "options": [{"value": "tea"}, {"value": "gin"}]})
    declared(owner, {"name": "age", "type": "number"})
    put(owner, ada, {"likes": ["tea", "gin"], "age": 7.5, "note": "=1+1", "city": "Zürich, 北京"})
    put(owner, bea, {"likes": []})
    world.do("UPDATE person SET is_real = true WHERE workspace_id = %(workspace)s")

    rows = exported(owner)

    assert [(row["person_id"], row["email"]) for row in rows] == [
        (str(ada), "ada@brand.io"), (str(bea), "bea@brand.io"),
    ]  # fmt: skip
    assert (rows[0]["likes"], rows[0]["age"], rows[0]["note"]) == ("tea; gin", "7.5", "'=1+1")
    again = owner.get("/api/traits/export").content
    done = take(owner, again)
    assert (done["matched"], done["changed"], done["refused"]) == (2, 0, [])


def test_an_export_is_of_a_list_and_of_chosen_traits(world: World, owner: Browser) -> None:
    ada, bea = met(world, ADA, BEA)
    for person in (ada, bea):
        put(owner, person, {"city": "Oslo", "plan": "free"})
    list_id = make(owner, person_ids=[bea])

    (row,) = exported(owner, list_id=list_id, trait=["plan"])

    assert row["person_id"] == str(bea)
    assert list(row)[-1] == "plan"


def test_only_those_who_may_do_so_import_and_export(house: House, world: World, owner: Browser) -> None:
    analyst = house.member(world.workspace, "analyst")

    assert analyst.ask("POST", "/api/traits/import", content=b"email,city\na@b.io,x\n").status_code == 403
    assert analyst.get("/api/traits/export").status_code == 200
    assert house.member(world.workspace, "viewer").get("/api/traits/export").status_code == 403


def test_a_column_of_tags_tags_people_and_says_by_whom(world: World, owner: Browser) -> None:
    ada, bea = met(world, ADA, BEA)
    text = "email,tags\nada@brand.io,vip; 茶友\nbea@brand.io,\nnobody@x.example,vip\n"

    tried = take(owner, text, dry_run=True)
    before = owner.get(f"/api/people/{ada}").json()["tags"]
    done = take(owner, text, file_name="fair.csv")
    again = take(owner, text)

    assert before == []
    assert (tried["changed"], done["changed"], again["changed"]) == (1, 1, 0)
    assert (done["matched"], done["unmatched"]) == (2, 1)
    tags = owner.get(f"/api/people/{ada}/tags").json()["items"]
    assert sorted((each["tag"], each["origin"], each["reason"]) for each in tags) == [
        ("vip", "import", "import:fair.csv"), ("茶友", "import", "import:fair.csv"),
    ]  # fmt: skip
    assert tags[0]["tagged_by"].startswith("user:owner-")
    assert owner.get(f"/api/people/{bea}").json()["tags"] == []


def test_a_tag_that_cannot_be_given_costs_only_its_row(world: World, owner: Browser) -> None:
    ada, bea = met(world, ADA, BEA)
    group = owner.post("/api/tags/groups", {"name": "Price", "is_exclusive": True}).json()["group_id"]
    for tag in ("thrifty", "lavish"):
        assert owner.post("/api/tags", {"tag": tag, "group_id": group}).status_code == 201

    done = take(owner, f"email,tags\nada@brand.io,thrifty;lavish\nbea@brand.io,lavish;{'x' * 65}\n")

    assert [(each["row"], each["column"]) for each in done["refused"]] == [(2, "tags"), (1, "tags")]
    assert owner.get(f"/api/people/{ada}").json()["tags"] == []
    assert owner.get(f"/api/people/{bea}").json()["tags"] == ["lavish"]
