"""Who is who, through the front door: events in over HTTP, persons out over the API."""

import secrets
from typing import Any

import httpx
import pytest
from tests.support.product import Product


@pytest.fixture
def tag() -> str:
    """What tells one test's identifiers from another's."""
    return secrets.token_hex(4)


def track(product: Product, name: str, **who: str) -> None:
    assert product.send({"type": "track", "event": name, **who}).status_code == 200


def identify(product: Product, user: str, anonymous: str | None = None, **traits: str) -> None:
    event: dict[str, Any] = {"type": "identify", "userId": user, "traits": traits}
    assert product.send(event | ({"anonymousId": anonymous} if anonymous else {})).status_code == 200


def found(product: Product, q: str) -> list[int]:
    return [item["id"] for item in product.get("/api/people", q=q)["items"]]


def names_in_timeline(product: Product, person: int, count: int) -> list[str]:
    answer = product.eventually(f"/api/people/{person}/timeline", lambda page: len(page["items"]) >= count)
    return sorted(item["name"] for item in answer["items"] if item["kind"] == "track")


def test_what_a_visitor_did_belongs_to_the_user_who_signs_in(product: Product, tag: str) -> None:
    track(product, "Product Viewed", anonymousId=f"a-{tag}")
    identify(product, f"u-{tag}", f"a-{tag}", email=f"Ada.{tag}@Brand.IO", name=f"Ada {tag}")
    track(product, "Product Added", userId=f"u-{tag}")

    (person,) = found(product, f"ada.{tag}@brand.io")
    assert found(product, f"u-{tag}") == found(product, f"a-{tag}") == [person]
    profile = product.eventually(f"/api/people/{person}", lambda said: said["name"] == f"Ada {tag}")
    assert {node["kind"] for node in profile["identifiers"]} == {"user_id", "anonymous_id", "email"}
    assert names_in_timeline(product, person, 3) == ["Product Added", "Product Viewed"]


@pytest.mark.parametrize("is_python", [True, False])
def test_posthogs_aliases_join_in_both_directions(product: Product, tag: str, is_python: bool) -> None:
    visitor, user = f"anon-{tag}", f"user-{tag}"
    identify(product, user, email=f"{tag}@brand.io")
    track(product, "Product Viewed", anonymousId=visitor)
    distinct, alias = (visitor, user) if is_python else (user, visitor)
    event = {
        "event": "$create_alias",
        "distinct_id": distinct,
        "properties": {"distinct_id": distinct, "alias": alias},
    }

    answer = httpx.post(f"{product.url}/batch/", json={"api_key": product.write_key, "batch": [event]})

    assert answer.status_code == 200
    assert found(product, visitor) == found(product, user) == found(product, f"{tag}@brand.io")
    assert len(found(product, user)) == 1


def test_a_shared_device_does_not_join_its_users(product: Product, tag: str) -> None:
    for user in ("one", "two"):
        identify(product, f"{user}-{tag}", f"kiosk-{tag}")

    assert len({*found(product, f"one-{tag}"), *found(product, f"two-{tag}"), *found(product, f"kiosk-{tag}")}) == 3


def test_unmerging_gives_each_side_its_own_events_back(product: Product, tag: str) -> None:
    for user in ("one", "two"):
        identify(product, f"{user}-{tag}", name=f"{user} {tag}")
        track(product, f"By {user}", userId=f"{user}-{tag}")
    (one,), (two,) = found(product, f"one-{tag}"), found(product, f"two-{tag}")

    merged = product.api("POST", f"/api/people/{one}/merge", json={"person_id": two})["person_id"]
    together = names_in_timeline(product, merged, 4)
    apart = product.api("POST", f"/api/people/{merged}/unmerge", json={"home_ids": [two]})

    assert together == ["By one", "By two"]
    assert apart == {"person_ids": sorted((one, two))}
    assert names_in_timeline(product, one, 2) == ["By one"]
    assert names_in_timeline(product, two, 2) == ["By two"]
    assert product.get(f"/api/people/{two}")["name"] == f"two {tag}"


def test_an_event_of_nobody_is_refused_and_its_neighbors_are_taken(product: Product, tag: str) -> None:
    nobody = {"type": "track", "event": f"By nobody {tag}", "userId": "undefined", "anonymousId": "null"}
    somebody = {"type": "track", "event": "By somebody", "userId": f"u-{tag}"}

    assert product.send(nobody, somebody).json() == {"success": True}

    assert len(found(product, f"u-{tag}")) == 1
    refused = product.get("/api/ingest/rejected")["items"]
    assert [item for item in refused if f"By nobody {tag}" in str(item["payload"])]
