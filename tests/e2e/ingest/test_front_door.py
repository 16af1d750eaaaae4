"""The ingest routes of a running product, as clients of every kind call them."""

import base64
import gzip
import json
import secrets
from typing import Any

import httpx
import pytest
from tests.support.events import names_of
from tests.support.product import Product

SINGLE = ("identify", "track", "page", "screen", "group", "alias")
SUCCESS = b'{"success":true}'


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def post(product: Product, path: str, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(product.url + path, content=content, headers=basic(product.write_key) | headers, timeout=30)


def prefix() -> str:
    return f"door-{secrets.token_hex(4)}"


@pytest.mark.parametrize("path", [*(f"/v1/{kind}" for kind in SINGLE), *(f"/v1/{kind[0]}" for kind in SINGLE)])
def test_every_single_call_is_answered_exactly(product: Product, path: str) -> None:
    body = {"userId": "u", "previousId": "p", "groupId": "g", "event": "X", "name": "N"}

    answer = post(product, path, body)

    assert (answer.status_code, answer.content) == (200, SUCCESS)


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_batch_is_taken_whatever_its_content_type(product: Product, path: str, kind: str) -> None:
    name = prefix()
    body = {"batch": [{"type": "track", "userId": "u", "event": f"{name} {n}"} for n in range(3)]}

    answer = post(product, path, body, **{"Content-Type": kind})

    assert (answer.status_code, answer.content) == (200, SUCCESS)
    assert sorted(names_of(product, name)) == [f"{name} {n}" for n in range(3)]


@pytest.mark.parametrize("path", ["/batch", "/batch/", "/i/v0/e/"])
@pytest.mark.parametrize("shape", ["batch", "single", "list"])
def test_every_shape_of_posthog_is_taken(product: Product, path: str, shape: str) -> None:
    name = prefix()
    event = {"event": f"{name} 0", "distinct_id": "u", "properties": {"a": 1}}
    key = {"api_key": product.write_key}
    body: Any = {"batch": {**key, "batch": [event]}, "single": {**key, **event}, "list": [{**key, **event}]}[shape]

    answer = httpx.post(product.url + path, content=json.dumps(body).encode(), timeout=30)

    assert (answer.status_code, answer.content) == (200, SUCCESS)
    assert names_of(product, name) == [f"{name} 0"]


@pytest.mark.parametrize("declared", [True, False])
def test_gzip_is_recognized_by_its_content(product: Product, declared: bool) -> None:
    name = prefix()
    body = gzip.compress(json.dumps({"batch": [{"type": "track", "userId": "u", "event": f"{name} 0"}]}).encode())

    answer = post(product, "/v1/batch", body, **({"Content-Encoding": "gzip"} if declared else {}))

    assert answer.content == SUCCESS
    assert names_of(product, name) == [f"{name} 0"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"nonsense", 400, "invalid_json"),
        (b'{"batch": []}', 400, "empty_batch"),
        (gzip.compress(b'{"batch": []}')[:-5], 400, "invalid_json"),
        (b'{"batch": [' + b" " * (4 * 1024 * 1024) + b"]}", 413, "body_too_large"),
        (gzip.compress(b'{"batch": [' + b" " * (5 * 1024 * 1024) + b"]}"), 413, "body_too_large"),
    ],
    ids=["no JSON", "no event", "half a gzip", "long", "long once unfolded"],
)
def test_a_body_that_cannot_be_read_is_refused_by_name(product: Product, body: bytes, status: int, code: str) -> None:
    answer = post(product, "/v1/batch", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_gzip_of_several_members_is_read_to_its_end(product: Product) -> None:
    name = prefix()
    body = json.dumps({"batch": [{"type": "track", "userId": "u", "event": f"{name} {n}"} for n in range(2)]}).encode()

    answer = post(product, "/v1/batch", gzip.compress(body[:90]) + gzip.compress(body[90:]))

    assert answer.content == SUCCESS
    assert names_of(product, name) == [f"{name} 0", f"{name} 1"]


def test_a_gzip_bomb_is_refused_before_it_unfolds(product: Product) -> None:
    bomb = gzip.compress(b"\0" * (256 * 1024 * 1024), compresslevel=9)

    assert post(product, "/v1/batch", bomb).status_code == 413


@pytest.mark.parametrize(("key", "code"), [("", "missing_key"), ("fw_write_wrong", "invalid_key")])
def test_without_a_key_nothing_is_taken(product: Product, key: str, code: str) -> None:
    headers = basic(key) if key else {}

    answer = httpx.post(f"{product.url}/v1/track", json={"userId": "u", "event": "X"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_the_key_may_stand_in_the_body(product: Product) -> None:
    answer = httpx.post(
        f"{product.url}/v1/track", json={"userId": "u", "event": "X", "writeKey": product.write_key}, timeout=30
    )

    assert answer.content == SUCCESS


def test_the_pixel_counts_and_always_shows_an_image(product: Product) -> None:
    name = prefix()
    query = {"writeKey": product.write_key, "anonymousId": "a", "event": f"{name} 0", "properties.page": "mail"}

    answer = httpx.get(f"{product.url}/pixel/v1/track", params=query, timeout=30)

    assert answer.headers["content-type"] == "image/gif"
    assert answer.content.startswith(b"GIF89a")
    assert names_of(product, name) == [f"{name} 0"]


def test_the_pixel_is_an_image_even_without_a_key(product: Product) -> None:
    answer = httpx.get(f"{product.url}/pixel/v1/track", params={"event": "X"}, timeout=30)

    assert (answer.status_code, answer.headers["content-type"]) == (401, "image/gif")


def test_a_batch_of_more_events_than_a_server_can_take_is_refused_whole(product: Product) -> None:
    answer = post(product, "/v1/batch", b'{"batch":[' + b",".join([b"{}"] * 20_001) + b"]}")

    assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_long")


def test_a_browser_of_any_origin_may_send(product: Product) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}

    answer = httpx.options(f"{product.url}/v1/t", headers=asked)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_the_settings_document_is_served_for_a_known_key_only(product: Product) -> None:
    known = httpx.get(f"{product.url}/v1/projects/{product.write_key}/settings")
    unknown = httpx.get(f"{product.url}/v1/projects/nobody/settings")

    assert known.json()["integrations"]["Segment.io"]["apiKey"] == product.write_key
    assert unknown.status_code == 401


def test_a_refused_event_is_kept_shown_mended_and_replayed(product: Product) -> None:
    name = prefix()
    batch = [{"type": "track", "userId": "u", "event": f"{name} 0"}, {"type": "track", "event": f"{name} 1"}]

    answer = post(product, "/v1/batch", {"batch": batch})

    assert answer.content == SUCCESS
    assert names_of(product, name) == [f"{name} 0"]
    kept = next(item for item in product.get("/api/ingest/rejected")["items"] if name in item["payload"])
    assert kept["code"] == "missing_id"
    again = product.api("POST", f"/api/ingest/rejected/{kept['id']}/replay")
    assert again["accepted"] is False
    mended = json.dumps({"type": "track", "userId": "u", "event": f"{name} 1"})
    taken = product.api("POST", f"/api/ingest/rejected/{kept['id']}/replay", json={"payload": mended})
    assert taken == {"accepted": True, "message": None}
    assert sorted(names_of(product, name)) == [f"{name} 0", f"{name} 1"]


def test_a_single_refused_call_says_why_and_is_kept(product: Product) -> None:
    name = prefix()

    answer = post(product, "/v1/track", {"event": f"{name} 0"})

    assert (answer.status_code, answer.json()["code"]) == (400, "missing_id")
    assert any(name in item["payload"] for item in product.get("/api/ingest/rejected")["items"])


def test_the_live_tail_shows_the_newest_event_first(product: Product) -> None:
    name = prefix()
    post(product, "/v1/batch", {"batch": [{"type": "track", "userId": "u", "event": f"{name} {n}"} for n in range(2)]})

    items = product.get("/api/ingest/live", limit=200)["items"]

    assert {f"{name} 0", f"{name} 1"} <= {item["name"] for item in items}
    newer = product.get("/api/ingest/live", after=items[0]["event_id"])
    assert newer["items"] == []


def test_counters_are_kept_per_key(product: Product) -> None:
    key = product.command("keys", "create", "--kind", "write").split()[-1]
    event = {"type": "track", "userId": "u", "event": "X", "messageId": secrets.token_hex(8)}

    product.send(event, {"type": "track"}, key=key)
    product.send(event, key=key)

    counted = [item for item in product.get("/api/ingest/stats")["keys"] if key.startswith(item["prefix"])]
    assert [(c["accepted"], c["rejected"], c["duplicate"]) for c in counted] == [(1, 1, 1)]
