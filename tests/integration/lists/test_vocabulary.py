"""What the builder offers: names, kinds and values that people share, of this workspace alone."""

from typing import Any

from tests.integration.lists.test_lists import ADA, BEA, make, meet
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House


def happen(world: World, home: int, name: str, properties: str, kind: int = 1) -> None:
    world.do(
        "INSERT INTO event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at,"
        " properties, context) VALUES (%(workspace)s, gen_random_uuid(), gen_random_uuid(), %(home)s, %(kind)s,"
        " %(name)s, now(), now(), %(properties)s, '{}')",
        home=home, kind=kind, name=name, properties=properties,
    )  # fmt: skip


def ask(owner: Browser) -> dict[str, Any]:
    answer = owner.get("/api/segments/vocabulary")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_events_are_offered_with_what_they_say(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    said = '{"total": 12.5, "coupon": "SPRING", "shipping": {"city": "Oslo"}, "at": "2026-03-01T10:00:00Z",'
    for home in (ada, bea):
        happen(world, home, "Order Completed", said + '"products": [{"sku": "K1", "price": 3}, {"sku": "K2"}]}')
    happen(world, ada, "Order Completed", '{"email": "ada@brand.io", "gift": true}')
    happen(world, ada, "Pricing", "{}", kind=3)
    happen(world, ada, "", "{}", kind=2)

    order, page = ask(owner)["events"]

    assert (order["kind"], order["name"], order["event_count"]) == ("track", "Order Completed", 3)
    assert (page["kind"], page["name"], page["properties"]) == ("page", "Pricing", [])
    assert order["properties"] == [
        {"name": "at", "kind": "moment", "values": []},
        {"name": "coupon", "kind": "text", "values": ["SPRING"]},
        # Of one person only, so it is not shown to others.
        {"name": "email", "kind": "text", "values": []},
        {"name": "gift", "kind": "boolean", "values": []},
        {"name": "shipping.city", "kind": "text", "values": ["Oslo"]},
        {"name": "total", "kind": "number", "values": [12.5]},
    ]
    assert [known["name"] for known in order["product_properties"]] == ["price", "sku"]


def test_people_are_offered_by_what_is_known_of_them(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    for home, city in ((ada, "Oslo"), (bea, "Oslo")):
        traits = f'{{"city": ["{city}", 1], "birthday": ["1990-02-01", 1], "rfm_tier": ["champions", 1]}}'
        world.do(
            "INSERT INTO person_part (workspace_id, home_id, introduced_at, traits)"
            " VALUES (%(workspace)s, %(home)s, now(), %(traits)s)",
            home=home, traits=traits,
        )  # fmt: skip
        assert owner.post(f"/api/people/{home}/tags", {"add": ["vip"]}).status_code == 200
    list_id = make(owner, "Guests")

    words = ask(owner)

    assert [{name: trait[name] for name in ("name", "kind", "values")} for trait in words["traits"]] == [
        {"name": "rfm_tier", "kind": "text", "values": ["champions"]},
        {"name": "birthday", "kind": "moment", "values": []},
        {"name": "city", "kind": "text", "values": ["Oslo"]},
    ]
    assert words["tags"] == ["vip"]
    assert [{name: layer[name] for name in ("name", "classes")} for layer in words["layers"]] == [
        {"name": "stage", "classes": ["introduce", "operate", "convert", "share", "repurchase"]},
        {"name": "rfm_tier", "classes": ["champions"]},
    ]
    assert words["lists"] == [{"list_id": list_id, "name": "Guests"}]


def test_declared_traits_are_offered_with_their_words_and_options(world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    sizes = [{"value": "s", "label": "Small"}, {"value": "m", "label": ""}]
    for body in (
        {"name": "size", "label": "Size", "type": "option", "options": sizes},
        {"name": "height", "type": "number", "unit": "cm"},
    ):
        assert owner.post("/api/traits", body).status_code == 201
    for home in (ada, bea):
        world.do(
            "INSERT INTO person_part (workspace_id, home_id, introduced_at, traits)"
            """ VALUES (%(workspace)s, %(home)s, now(), '{"size": ["xl", 1], "height": ["tall", 1]}')""",
            home=home,
        )
        assert owner.post(f"/api/people/{home}/tags", {"add": ["vip"]}).status_code == 200

    size, height = ask(owner)["traits"]

    assert size == {
        "name": "size", "kind": "text", "values": ["s", "m", "xl"], "label": "Size", "type": "option", "unit": "",
        "options": sizes, "origin": "declared",
    }  # fmt: skip
    assert (height["kind"], height["values"], height["unit"]) == ("number", [], "cm")


def test_nothing_is_offered_of_another_workspace_or_of_the_erased(house: House, world: World, owner: Browser) -> None:
    ada, bea = meet(world, ADA, BEA)
    for home in (ada, bea):
        happen(world, home, "Secret Handshake", '{"hand": "left"}')
    stranger = house.member(house.workspace(), "owner")

    assert ask(stranger)["events"] == []
    for home in (ada, bea):
        owner.ask("DELETE", f"/api/people/{home}")
    assert ask(owner)["events"] == []
