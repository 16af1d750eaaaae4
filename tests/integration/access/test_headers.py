"""What a browser may do with our answers."""

import re
from dataclasses import replace

import pytest
from tests.support.house import PASSWORD, House


def policy(header: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/workspace", "/api/nowhere", "/people/7"])
def test_every_answer_is_guarded(house: House, path: str) -> None:
    headers = house.browser().get(path).headers

    rules = policy(headers["content-security-policy"])
    assert rules["default-src"] == "'self'"
    assert rules["script-src"] == "'self'"
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_only_https_asks_for_https(house: House) -> None:
    browser = house.browser()

    assert "strict-transport-security" not in browser.get("http://wheel.example/healthz").headers
    assert "max-age=31536000" in browser.get("https://wheel.example/healthz").headers["strict-transport-security"]


def test_personal_data_is_never_cached(house: House) -> None:
    assert house.browser().get("/api/workspace").headers["cache-control"] == "no-store"


def test_even_the_answer_to_a_crash_is_guarded(house: House, workspace: int) -> None:
    browser = house.member(workspace, "owner")
    database = house.app.state.database
    house.app.state.database = None
    try:
        answer = browser.get("/api/workspace")
    finally:
        house.app.state.database = database

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_other_site_may_read_the_management_api(house: House, method: str) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}

    answer = house.browser().ask(method, "/api/workspace", headers=headers)

    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_the_api_s_pages_run_no_script_of_anyone_else(house: House) -> None:
    page = house.browser().get("/api/docs")

    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text)
    assert [code for _, code in scripts] == ["", ""]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(sources) == 3
    for source in sources:
        assert source.startswith("/api/docs/")
        assert house.browser().get(source).status_code == 200


def test_a_public_address_of_https_makes_cookies_secure(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "viewer")
    settings = house.app.state.settings
    house.app.state.settings = replace(settings, public_url="https://wheel.example")
    try:
        answer = house.browser().post("/api/auth/login", {"email": email, "password": PASSWORD})
    finally:
        house.app.state.settings = settings

    assert "; secure" in answer.headers["set-cookie"].lower()
