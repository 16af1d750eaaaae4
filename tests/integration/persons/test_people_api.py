"""The people routes: search, filters, paging, the portrait, and who may do what."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House

from fanwheel.cdp import persons
from fanwheel.cdp.persons import reading
from fanwheel.infra import sqlfile

ADA = [("user_id", "u-ada"), ("email", "ada.lovelace@brand.io"), ("phone", "+14155552671"), ("openid", "wx1:oADA")]


@pytest.fixture
def owner(house: House, world: World) -> Browser:
    return house.member(world.workspace, "owner")


def people(world: World, count: int) -> list[int]:
    """So many persons, three of them with each time and revenue; the nth is told from others by remainders of n."""
    homes = sorted(world.say(*((("user_id", f"p{n:04}"),) for n in range(count))).values())
    world.run(lambda tx: persons.refold(tx, homes))
    world.do(
        "UPDATE person SET last_seen_at = '2026-03-01Z'::timestamptz + (nth / 3) * interval '1 minute',"
        " revenue_minor = nth / 3, display_name = 'Person ' || nth, stage = 1 + mod(nth, 5), is_real = true,"
        " is_fan = mod(nth, 2) = 0,"
        " first_domain = mod(nth, 4), last_source_id = mod(nth, 3),"
        " tags = CASE WHEN mod(nth, 10) = 0 THEN ARRAY['vip'] ELSE '{}' END"
        " FROM unnest(%(homes)s::bigint[]) WITH ORDINALITY AS given (home, nth)"
        " WHERE workspace_id = %(workspace)s AND person_id = home",
        homes=homes,
    )
    return homes


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    "typed",
    ["u-ada", "Ada.Lovelace@BRAND.io", "ada.love", "+14155552671", "(415) 555-2671", "14155", "wx1:oADA", "oADA",
     "Ada Love", "lovelace", "  u-ada "],
)  # fmt: skip
def test_a_person_is_found_by_any_identifier_or_name(world, owner, typed: str) -> None:
    homes = world.say(*((ADA[0], other) for other in ADA[1:]), (("user_id", "somebody-else"),))
    world.do(
        "INSERT INTO person_part (workspace_id, home_id, traits) VALUES (%(workspace)s, %(home)s, %(traits)s)",
        home=homes[ADA[0]],
        traits='{"name": ["Ada Lovelace", 1]}',
    )
    world.run(lambda tx: persons.refold(tx, homes.values()))

    answer = owner.get("/api/people", params={"q": typed})

    assert ids(answer) == [min(homes[ref] for ref in ADA)]
    assert answer.json()["total"] == 1
    assert answer.json()["items"][0]["identifiers"] == [
        {"kind": "email", "value": "ada.lovelace@brand.io"},
        {"kind": "phone", "value": "+14155552671"},
        {"kind": "user_id", "value": "u-ada"},
    ]


def test_whoever_became_part_of_another_is_not_found_by_the_old_name(world, owner) -> None:
    before = world.say((("anonymous_id", "a-visitor"),), (("user_id", "u-visitor"),))
    world.run(lambda tx: persons.refold(tx, before.values()))
    world.say((("user_id", "u-visitor"), ("anonymous_id", "a-visitor")))
    # A fold under way holds the row, which stays until that is over.
    world.do(
        "INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at, display_name,"
        " is_real) VALUES (%(workspace)s, %(person)s, now(), now(), now(), 'a-visitor', true) ON CONFLICT DO NOTHING",
        person=max(before.values()),
    )

    assert ids(owner.get("/api/people", params={"q": "a-visitor"})) == [min(before.values())]


@pytest.mark.parametrize(
    ("region", "phone", "typed"),
    [
        ("CN", "+8613812345678", "+86138|+86 138 1234|138|138 1234|1381234|86138|0086138|00 86 138-12|0138"),
        ("US", "+14155552671", "415|(415) 55|1415|1 (415|+1 415.555|011 1 415"),
        ("DE", "+491712345678", "0171|0171/234|171|+49 (171)|0049171"),
    ],
)
def test_a_phone_is_found_by_its_beginning_as_people_dial_it(world, owner, region: str, phone: str, typed: str) -> None:
    world.do("UPDATE workspace SET default_region = %(region)s WHERE workspace_id = %(workspace)s", region=region)
    homes = world.say(
        (("user_id", "ann"), ("phone", phone)), (("phone", "+4930901820"),), (("phone", "+861795012345"),)
    )

    found = {part: ids(owner.get("/api/people", params={"q": part})) for part in typed.split("|")}

    ann = min(homes["user_id", "ann"], homes["phone", phone])
    assert found == {part: [ann] for part in typed.split("|")}


def test_the_beginning_of_a_phone_is_looked_up_in_an_index(world) -> None:
    world.do(
        "INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)"
        " SELECT %(workspace)s, gen_random_uuid(), 'phone', '+86138' || 10000000 + nth, nth, nth, now()"
        " FROM generate_series(1, 20000) AS nth"
    )
    world.do("ANALYZE identifier")
    explain = "EXPLAIN (COSTS OFF) " + sqlfile.load("fanwheel.cdp.persons", "people.sql")["find_matches"]

    rows = world.run(lambda tx: tx.all(explain, most=1000, **reading._query("1381000", "CN")._asdict()))

    plan = "\n".join(row["QUERY PLAN"] for row in rows)
    assert "Seq Scan on identifier" not in plan
    assert plan.count("Index Scan using identifier_value") == 2  # the value itself, and its beginnings


@pytest.mark.parametrize("typed", ["%", "_", "u-ada%", "ada_love", "nobody", "\\"])
def test_a_search_takes_no_wildcards(world, owner, typed: str) -> None:
    world.say((ADA[0], ADA[1]))

    assert ids(owner.get("/api/people", params={"q": typed})) == []


@pytest.mark.parametrize("sort", ["last_seen", "-last_seen", "revenue", "-revenue"])
def test_pages_hold_everyone_once_in_order_though_keys_tie(world, owner, sort: str) -> None:
    homes = people(world, 47)
    seen: list[int] = []
    cursor = None

    while True:
        answer = owner.get("/api/people", params={"sort": sort, "limit": 10} | ({"cursor": cursor} if cursor else {}))
        seen += ids(answer)
        assert (answer.json()["total"], answer.json()["total_is_estimate"]) == (47, False)
        if not (cursor := answer.json()["next_cursor"]):
            break

    assert seen == (homes[::-1] if sort.startswith("-") else homes)


@pytest.mark.parametrize(
    ("asked", "passes"),
    [
        ({"stage": "share"}, lambda nth: 1 + nth % 5 == 4),
        ({"fan": "true"}, lambda nth: nth % 2 == 0),
        ({"fan": "false"}, lambda nth: nth % 2 == 1),
        ({"domain": "commercial"}, lambda nth: nth % 4 == 2),
        ({"domain": "unknown"}, lambda _: True),  # nobody's last touch is known
        ({"source_id": "2"}, lambda nth: nth % 3 == 2),
        ({"tag": "vip"}, lambda nth: nth % 10 == 0),
        ({"tag": "vip", "stage": "introduce", "q": "Person 2"}, lambda nth: nth == 20),
    ],
)
def test_filters_narrow_the_list(world, owner, asked: dict[str, str], passes: Callable[[int], bool]) -> None:
    homes = people(world, 40)

    answer = owner.get("/api/people", params=asked | {"limit": "500"})

    assert sorted(ids(answer)) == [home for nth, home in enumerate(homes, start=1) if passes(nth)]
    assert answer.json()["total"] == len(ids(answer))


def test_a_large_total_is_an_estimate(world, owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_COUNTED", 20)
    people(world, 30)

    answer = owner.get("/api/people", params={"limit": 1}).json()

    assert answer["total_is_estimate"] is True
    assert answer["total"] > 20


def test_a_made_up_cursor_is_refused(world, owner) -> None:
    for cursor in ("abc", "W10", "WzEsMiwzLDRd"):  # no JSON, no key, a revenue where a time belongs
        answer = owner.get("/api/people", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_the_portrait_shows_all_that_is_kept(world, owner) -> None:
    homes = world.say(*((ADA[0], other) for other in ADA[1:]))
    home = homes[ADA[0]]
    for sql in (
        "INSERT INTO source (workspace_id, slug, name, domain) VALUES (%(workspace)s, 'douyin', 'Douyin', 'public')",
        "INSERT INTO person_part (workspace_id, home_id, first_seen_at, last_seen_at, introduced_at, traits,"
        " first_touch) SELECT %(workspace)s, %(home)s, '2026-03-01Z', '2026-03-02Z', '2026-03-01Z',"
        " '{\"city\": [\"Oslo\", 1772323200000000]}', json_build_object('at', 1772323200000000, 'source_id', source_id,"
        " 'domain', 1) FROM source WHERE workspace_id = %(workspace)s",
        "INSERT INTO consent (workspace_id, home_id, channel, is_granted, decided_at) VALUES"
        " (%(workspace)s, %(home)s, 'email', true, '2026-03-01Z'),"
        " (%(workspace)s, %(home)s, 'email', false, '2026-03-02Z')",
        "INSERT INTO person_click VALUES (%(workspace)s, %(home)s, 'gclid', 'c1', '2026-03-01Z')",
        "INSERT INTO shop_order (workspace_id, order_id, home_id, status, placed_at, currency, total_minor, stated_at)"
        " VALUES (%(workspace)s, 'o1', %(home)s, 'paid', '2026-03-02Z', 'USD', 1000, now())",
        "INSERT INTO refund VALUES (%(workspace)s, 'o1', 'r1', '2026-03-03Z', 'USD', 250)",
    ):
        world.do(sql, home=home)
    world.run(lambda tx: persons.refold(tx, [home]))

    found = owner.get(f"/api/people/{max(homes.values())}").json()

    assert found["id"] == min(homes.values())
    assert found["name"] == "ada***"
    assert found["first_touch"] == {"source": "douyin", "domain": "public", "at": "2026-03-01T00:00:00Z"}
    assert found["last_touch"] is None
    city = {"value": "Oslo", "at": "2026-03-01T00:00:00Z", "source": "event", "origin": "observed", "type": "text"}
    assert found["traits"] == {"city": city | {"label": "", "unit": ""}}
    assert {(node["kind"], node["value"]) for node in found["identifiers"]} == set(ADA)
    assert (found["stage"], found["order_count"], found["revenue_minor"], found["currency"]) == (
        "convert",
        1,
        750,
        "USD",
    )
    assert found["stages"]["convert"] == "2026-03-02T00:00:00Z"
    assert found["stages"]["share"] is None
    assert found["consents"] == [
        {"channel": "email", "purpose": "marketing", "granted": False, "at": "2026-03-02T00:00:00Z"}
    ]
    assert found["clicks"] == [{"kind": "gclid", "value": "c1", "at": "2026-03-01T00:00:00Z"}]
    (order,) = found["orders"]
    assert (order["person_id"], order["refunded_minor"], order["net_minor"]) == (found["id"], 250, 750)


def test_merge_and_unmerge_through_the_api(world, owner) -> None:
    homes = world.say((("user_id", "u1"),), (("user_id", "u2"),))
    one, other = homes.values()

    merged = owner.post(f"/api/people/{one}/merge", {"person_id": other})
    assert merged.json() == {"person_id": min(one, other)}
    found = owner.get(f"/api/people/{other}").json()
    assert (found["id"], found["merged_from"]) == (min(one, other), [max(one, other)])
    graph = owner.get(f"/api/people/{one}/identity").json()
    assert [node["home_id"] for node in graph["nodes"]] == sorted((one, other))
    assert [(edge["origin"], edge["is_cut"]) for edge in graph["edges"]] == [("manual", False)]
    assert [entry["action"] for entry in graph["history"]] == ["merge"]

    apart = owner.post(f"/api/people/{one}/unmerge", {"home_ids": [other]})
    assert apart.json() == {"person_ids": sorted((one, other))}
    assert owner.get(f"/api/people/{other}").json()["merged_from"] == []
    assert owner.post(f"/api/people/{one}/unmerge", {"home_ids": [other]}).json()["code"] == "not_part_of_person"

    assert owner.post(f"/api/people/{one}/tags", {"add": ["vip"], "remove": []}).json() == {"tags": ["vip"]}


def test_an_erased_person_is_found_no_more(world, owner) -> None:
    (home,) = world.say((("user_id", "u1"),)).values()

    assert isinstance(owner.ask("DELETE", f"/api/people/{home}").json()["erasure_id"], int)

    for path in ("", "/identity", "/timeline"):
        assert owner.get(f"/api/people/{home}{path}").status_code == 404
    assert ids(owner.get("/api/people", params={"q": "u1"})) == []


def test_the_timeline_holds_the_events_of_every_home(world, owner) -> None:
    homes = world.say((("user_id", "u1"), ("anonymous_id", "a1")))
    for nth, home in enumerate(homes.values()):
        world.do(
            "INSERT INTO event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at,"
            " properties, context) VALUES (%(workspace)s, gen_random_uuid(), gen_random_uuid(), %(home)s, 1, %(name)s,"
            " now() + %(nth)s * interval '1 second', now(), '{}', '{}')",
            home=home, name=f"Event {nth}", nth=nth,
        )  # fmt: skip

    found = owner.get(f"/api/people/{min(homes.values())}/timeline").json()

    assert [item["name"] for item in found["items"]] == ["Event 1", "Event 0"]


@pytest.mark.parametrize(
    ("role", "reads", "writes", "erases"),
    [
        ("owner", 404, 404, 404),
        ("operator", 404, 404, 403),
        ("agent", 404, 404, 403),
        ("analyst", 404, 403, 403),
        ("viewer", 403, 403, 403),
    ],
)
def test_roles_decide(house, world, role: str, reads: int, writes: int, erases: int) -> None:
    member = house.member(world.workspace, role)

    assert member.get("/api/people/1").status_code == reads
    assert member.post("/api/people/1/merge", {"person_id": 2}).status_code == writes
    assert member.ask("DELETE", "/api/people/1").status_code == erases


def test_people_of_another_workspace_are_not_there(house, new_world) -> None:
    mine, theirs = new_world(), new_world()
    (home,) = theirs.say((("user_id", "u1"),)).values()
    member = house.member(mine.workspace, "owner")

    assert member.get(f"/api/people/{home}").status_code == 404
    assert member.ask("DELETE", f"/api/people/{home}").status_code == 404
    assert ids(member.get("/api/people", params={"q": "u1"})) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/people?q=%00", None, 422, "invalid_value"),
        ("GET", "/api/people?tag=%00", None, 422, "invalid_value"),
        ("GET", "/api/orders/%00", None, 422, "invalid_value"),
        ("GET", "/api/orders?person_id=99999999999999999999", None, 422, "invalid_value"),
        ("GET", "/api/ingest/rejected?cursor=WyJ4Il0", None, 422, "bad_cursor"),
        ("GET", "/api/nowhere", None, 404, "not_found"),
        ("POST", "/api/nowhere", None, 404, "not_found"),
        ("GET", "/api/auth/login", None, 405, "method_not_allowed"),
        ("PUT", "/api/people", None, 405, "method_not_allowed"),
        ("POST", "/api/auth/login", b"{nonsense", 422, "invalid_json"),
        ("POST", "/api/auth/login", b"[" * 5000 + b"]" * 5000, 400, "bad_request"),
        ("POST", "/api/auth/login", b"[]", 422, "invalid_request"),
    ],
)
def test_what_cannot_be_answered_is_told_in_one_shape(
    world, owner, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    answer = owner.ask(method, path, content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
