"""Signing in, staying signed in, and signing out."""

import httpx
import pytest
from tests.support.house import PASSWORD, Browser, House

from fanwheel.infra.access import rules, throttle


def code(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


def guess_at(house: House, email: str, times: int) -> None:
    """As many wrong passwords as that, without the work of hashing them."""
    subject = throttle.attempt(email, None).email
    house.rows("INSERT INTO login_attempt (subject_hash) SELECT %s FROM generate_series(1, %s)", subject, times)


def test_sign_in_tells_who_one_is_and_what_one_may_do(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "analyst")

    me = house.browser().sign_in(f"  {email.upper()} ")

    assert me["user"]["email"] == email
    assert me["role"] == "analyst"
    assert me["workspace"]["id"] == workspace
    assert "people:read" in me["permissions"]
    assert "people:write" not in me["permissions"]
    assert [found["id"] for found in me["workspaces"]] == [workspace]


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "viewer")
    body = {"email": email, "password": PASSWORD}

    plain = house.browser().post("/api/auth/login", body).headers["set-cookie"].lower()
    secure = house.browser().post("https://wheel.example/api/auth/login", body).headers["set-cookie"].lower()

    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "path=/" in plain
    assert "max-age=1209600" in plain
    assert "secure" not in plain
    assert "; secure" in secure


def test_the_database_knows_no_secret_of_a_session(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "viewer")
    browser = house.browser()
    browser.sign_in(email)

    rows = house.rows("SELECT login_session::text AS row, token_hash FROM login_session")

    assert browser.cookie
    assert all(browser.cookie not in row["row"] for row in rows)


@pytest.mark.parametrize("method", ["wrong password", "unknown address", "no password yet", "disabled"])
def test_every_failed_sign_in_reads_the_same(house: House, workspace: int, method: str) -> None:
    user_id, email = house.user(workspace, "viewer")
    password = PASSWORD
    if method == "wrong password":
        password = "not the password"
    elif method == "unknown address":
        email = "nobody@brand.example"
    elif method == "no password yet":
        house.rows("UPDATE login SET password_hash = NULL WHERE user_id = %s", user_id)
    else:
        house.rows("UPDATE login SET disabled_at = now() WHERE user_id = %s", user_id)

    answer = house.browser().post("/api/auth/login", {"email": email, "password": password})

    assert answer.status_code == 401
    assert answer.json() == {
        "code": "wrong_password",
        "message": "That e-mail address and password do not belong together.",
        "hint": "Check both, or ask an owner for a reset link.",
    }
    assert "set-cookie" not in answer.headers


def test_an_address_that_was_guessed_at_ten_times_must_wait(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "owner")
    wrong = {"email": email, "password": "guess guess"}
    guess_at(house, email, 9)
    assert house.browser().post("/api/auth/login", wrong).status_code == 401

    answer = house.browser().post("/api/auth/login", {"email": email, "password": PASSWORD})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    _, other = house.user(workspace, "owner")
    house.browser().sign_in(other)


def test_unknown_addresses_are_throttled_like_known_ones(house: House) -> None:
    body = {"email": "ghost@brand.example", "password": "guess guess"}

    guess_at(house, "ghost@brand.example", 8)

    answers = [house.browser().post("/api/auth/login", body).status_code for _ in range(3)]

    assert answers == [401, 401, 429]


def test_a_place_that_guesses_at_many_addresses_must_wait(house: House) -> None:
    place = throttle.attempt("", "2001:db8:1:2::1").address
    house.rows(
        "INSERT INTO login_attempt (subject_hash) SELECT %s FROM generate_series(1, %s)",
        place,
        rules.TRIES_PER_ADDRESS,
    )

    same_network = house.browser(address="2001:db8:1:2:ffff::9")
    elsewhere = house.browser(address="2001:db8:1:3::1")
    body = {"email": "someone-new@brand.example", "password": "guess guess"}

    assert same_network.post("/api/auth/login", body).status_code == 429
    assert elsewhere.post("/api/auth/login", body).status_code == 401


def test_signing_in_clears_what_was_counted_against_the_address(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "owner")
    wrong = {"email": email, "password": "guess guess"}
    guess_at(house, email, 9)
    house.browser().sign_in(email)

    answers = [house.browser().post("/api/auth/login", wrong).status_code for _ in range(2)]

    assert answers == [401, 401]


def test_signing_out_ends_the_session_on_the_server(house: House, workspace: int) -> None:
    browser = house.member(workspace, "viewer")
    token, csrf = browser.cookie, browser.csrf

    answer = browser.post("/api/auth/logout")

    assert answer.status_code == 204
    assert 'fw_session=""' in answer.headers["set-cookie"]
    kept = house.browser().take_session(token or "", csrf or "")
    assert kept.get("/api/auth/me").status_code == 401


def test_signing_in_ends_the_session_that_the_browser_had(house: House, workspace: int) -> None:
    planted = house.member(workspace, "viewer")
    token, csrf = planted.cookie or "", planted.csrf or ""
    _, email = house.user(workspace, "owner")

    planted.sign_in(email)

    assert planted.cookie != token
    assert house.browser().take_session(token, csrf).get("/api/auth/me").status_code == 401


def test_a_session_that_ran_out_opens_nothing(house: House, workspace: int) -> None:
    user_id, _ = house.user(workspace, "owner")
    browser = house.session(workspace, user_id)
    house.rows("UPDATE login_session SET expires_at = now() WHERE user_id = %s", user_id)

    assert browser.get("/api/auth/me").status_code == 401


def test_a_session_in_use_lives_on(house: House, workspace: int) -> None:
    user_id, _ = house.user(workspace, "owner")
    browser = house.session(workspace, user_id)
    left = "SELECT extract(epoch FROM expires_at - now()) / 86400 FROM login_session WHERE user_id = %s"
    assert "set-cookie" not in browser.get("/api/auth/me").headers
    house.rows("UPDATE login_session SET expires_at = now() + interval '12 days' WHERE user_id = %s", user_id)

    answer = browser.get("/api/auth/me")

    assert "max-age=1209600" in answer.headers["set-cookie"].lower()
    assert 13.9 < float(house.value(left, user_id)) <= 14


def test_a_user_who_was_disabled_is_out_at_once(house: House, workspace: int) -> None:
    user_id, _ = house.user(workspace, "owner")
    browser = house.session(workspace, user_id)
    assert browser.get("/api/auth/me").status_code == 200

    house.rows("UPDATE login SET disabled_at = now() WHERE user_id = %s", user_id)

    assert browser.get("/api/auth/me").status_code == 401


def test_a_changed_password_ends_every_other_session(house: House, workspace: int) -> None:
    user_id, email = house.user(workspace, "viewer")
    here, there = house.session(workspace, user_id), house.session(workspace, user_id)

    answer = here.post("/api/auth/password", {"current": PASSWORD, "new": "quite another phrase"})

    assert answer.status_code == 204
    assert here.get("/api/auth/me").status_code == 200
    assert there.get("/api/auth/me").status_code == 401
    assert house.browser().post("/api/auth/login", {"email": email, "password": PASSWORD}).status_code == 401
    house.browser().sign_in(email, "quite another phrase")


def test_a_password_is_not_changed_without_the_current_one(house: House, workspace: int) -> None:
    _, email = house.user(workspace, "viewer")
    browser = house.browser()
    browser.sign_in(email)

    answer = browser.post("/api/auth/password", {"current": "stolen session", "new": "quite another phrase"})

    assert answer.status_code == 401
    house.browser().sign_in(email)


def test_a_weak_password_is_refused_with_a_remedy(house: House, workspace: int) -> None:
    browser = house.member(workspace, "viewer")

    answer = browser.post("/api/auth/password", {"current": PASSWORD, "new": "short"})

    assert answer.status_code == 422
    assert answer.json()["message"] == "“new”: The password is too short."
    assert answer.json()["hint"] == "Use at least 8 characters."


def test_a_user_changes_name_and_language(house: House, workspace: int) -> None:
    browser = house.member(workspace, "viewer")

    answer = browser.ask("PATCH", "/api/auth/me", json={"name": "李雷", "locale": "zh-CN"})

    assert answer.json()["user"]["name"] == "李雷"
    assert answer.json()["user"]["locale"] == "zh-CN"
    assert browser.get("/api/auth/me").json()["user"]["locale"] == "zh-CN"


class TestChangesNeedProof:
    """A change by cookie must show that one of our own pages asked for it."""

    CHANGE = ("PATCH", "/api/auth/me")

    @pytest.fixture
    def browser(self, house: House, workspace: int) -> Browser:
        return house.member(workspace, "viewer")

    def test_with_the_token_it_passes(self, browser: Browser) -> None:
        assert browser.ask(*self.CHANGE, json={"name": "A"}).status_code == 200

    @pytest.mark.parametrize("token", ["", "wrong", "é"])
    def test_without_the_right_token_it_is_refused(self, browser: Browser, token: str) -> None:
        answer = browser.ask(*self.CHANGE, json={"name": "A"}, headers={"X-CSRF-Token": token.encode("latin-1")})

        assert answer.status_code == 403
        assert code(answer) == "csrf"

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},  # a neighbor's subdomain
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
    )
    def test_from_another_site_it_is_refused_even_with_the_token(
        self, browser: Browser, headers: dict[str, str]
    ) -> None:
        answer = browser.ask(*self.CHANGE, json={"name": "A"}, headers=headers)

        assert answer.status_code == 403

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://wheel.example"}, {"Sec-Fetch-Site": "none"}]
    )
    def test_from_our_own_pages_it_passes(self, browser: Browser, headers: dict[str, str]) -> None:
        assert browser.ask(*self.CHANGE, json={"name": "A"}, headers=headers).status_code == 200

    def test_another_session_s_token_does_not_fit(self, house: House, workspace: int, browser: Browser) -> None:
        browser.csrf = house.member(workspace, "viewer").csrf

        assert browser.ask(*self.CHANGE, json={"name": "A"}).status_code == 403

    def test_no_site_can_sign_a_browser_in(self, house: House, workspace: int) -> None:
        _, email = house.user(workspace, "viewer")
        body = {"email": email, "password": PASSWORD}

        answer = house.browser().post("/api/auth/login", body, headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
