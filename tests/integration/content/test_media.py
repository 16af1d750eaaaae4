"""Files of the library are what they hold, lie there once, are served as nothing else, and come from nowhere inside."""

import pytest
from tests.integration.content.conftest import MAIL, Desk
from tests.unit.loop.operate.content.test_sniffing import png

from fanwheel.loop.operate.content import media


def upload(desk: Desk, body: bytes, name: str = "tea.png") -> dict[str, object]:
    answer = desk.operator.ask("POST", f"/api/media?name={name}", content=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


def test_a_picture_is_kept_with_its_sides_and_served_as_what_it_is(desk: Desk) -> None:
    item = upload(desk, png(30, 20), "evil.html")

    served = desk.house.browser().get(str(item["path"]))

    assert (item["width"], item["height"], item["content_type"]) == (30, 20, "image/png")
    assert served.content == png(30, 20)
    assert served.headers["content-type"] == "image/png"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in served.headers["content-security-policy"]


def test_what_holds_the_same_is_the_same(desk: Desk) -> None:
    assert upload(desk, png(), "a.png")["media_id"] == upload(desk, png(), "b.png")["media_id"]


@pytest.mark.parametrize("body", [b"<svg onload='x'></svg>", b"<html>", b"MZ", b""])
def test_what_the_library_does_not_take_is_refused(desk: Desk, body: bytes) -> None:
    answer = desk.operator.ask("POST", "/api/media?name=a.png", content=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_media")


@pytest.mark.parametrize(
    "path",
    ["/media/1/../../secret.key", "/media/1/x.png", "/media/0/" + "a" * 64 + ".png", "/media/1/%2e%2e%2fsecret.key"],
)
def test_nothing_else_is_served(desk: Desk, path: str) -> None:
    answer = desk.house.browser().get(path)

    assert answer.status_code in (404, 422, 503) or "text/html" in answer.headers["content-type"]
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x.png", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "file:///etc/passwd",
            "http://localhost/x.png", "http://0.0.0.0/x"]
)  # fmt: skip
def test_no_file_is_fetched_from_inside(desk: Desk, url: str) -> None:
    assert desk.operator.post("/api/media/fetch", {"url": url}).status_code == 422


def test_a_file_that_a_template_shows_stays(desk: Desk) -> None:
    item = upload(desk, png(5, 5))
    block = {"type": "image", "url": item["path"], "media_id": item["media_id"], "alt": "Tea"}
    desk.template({"mail": {**MAIL, "blocks": [block]}})
    path = f"/api/media/{item['media_id']}"

    uses = desk.operator.get(f"{path}/uses").json()["items"]
    refused = desk.operator.ask("DELETE", path)

    assert [use["name"] for use in uses] == ["Spring"]
    assert (refused.status_code, refused.json()["code"]) == (409, "media_used")


def test_a_file_that_nobody_shows_can_go(desk: Desk) -> None:
    item = upload(desk, png(6, 6))

    assert desk.operator.ask("DELETE", f"/api/media/{item['media_id']}").status_code == 204
    assert desk.house.browser().get(str(item["path"])).status_code == 404


def test_an_adapter_is_given_the_file(desk: Desk) -> None:
    item = upload(desk, png(7, 7))

    found = desk.within(lambda tx: media.load(tx, desk.house.settings, int(str(item["media_id"]))))

    assert (found.body, found.content_type, found.name) == (png(7, 7), "image/png", "tea.png")


def test_what_it_shows_can_be_said(desk: Desk) -> None:
    item = upload(desk, png(8, 8))

    changed = desk.operator.ask("PATCH", f"/api/media/{item['media_id']}", json={"alt": "A cup of tea"}).json()

    assert (changed["alt"], changed["name"]) == ("A cup of tea", "tea.png")
