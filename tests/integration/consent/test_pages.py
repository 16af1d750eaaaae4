"""The public pages: one click unsubscribes, looking changes nothing, a link is confirmed once."""

from datetime import timedelta
from typing import Any

import pytest
from tests.integration.persons.conftest import NOON, World
from tests.support.house import Browser, House

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher, Ask, Choice, Link, Sealer
from fanwheel.kernel.clock import utc_now

MAIL = ("email", "mia@example.com")
PHONE = ("phone", "+8613800000000")
ONE_CLICK = {"content": b"List-Unsubscribe=One-Click", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}


@pytest.fixture
def mia(world: World, hasher: AddressHasher) -> int:
    home = world.say((MAIL, PHONE))[MAIL]
    choice = Choice(home, "email", "marketing", True, {"via": "form"})
    world.run(lambda tx: consent.state(tx, hasher, [choice], actor="test", now=NOON))
    return home


@pytest.fixture
def token(world: World, hasher: AddressHasher, mia: int) -> str:
    return Sealer(hasher).close(Link(world.workspace, mia, "email", 77))


def refusal(world: World, hasher: AddressHasher, person: int) -> str | None:
    ask = Ask(person, "email", "marketing", *MAIL)
    (standing,) = world.run(lambda tx: consent.look_up(tx, [ask], hasher))
    return consent.refuse(standing, "marketing")


def ledger(world: World) -> list[tuple[str, str, bool, Any]]:
    rows = world.run(
        lambda tx: tx.all("SELECT channel, purpose, is_granted, evidence FROM consent ORDER BY consent_id")
    )
    return [(row["channel"], row["purpose"], row["is_granted"], row["evidence"]) for row in rows][1:]


def test_looking_changes_nothing(house: House, world: World, hasher: AddressHasher, mia: int, token: str) -> None:
    for method in ("GET", "HEAD"):
        answer = house.browser().ask(method, f"/u/{token}")
        assert answer.status_code == 200

    assert refusal(world, hasher, mia) is None
    assert ledger(world) == []


def test_one_click_unsubscribes_without_cookie_question_or_redirect(
    house: House, world: World, hasher: AddressHasher, mia: int, token: str
) -> None:
    answer = house.browser().ask("POST", f"/u/{token}", **ONE_CLICK)

    assert (answer.status_code, answer.history, "set-cookie" in answer.headers) == (200, [], False)
    assert refusal(world, hasher, mia) == "suppressed"
    assert ledger(world) == [("email", "marketing", False, {"via": "one click", "intent_id": 77})]


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}, {"Cookie": "fw_session=x"}]
)
def test_anybody_may_press_the_button(
    house: House, world: World, hasher: AddressHasher, mia: int, token: str, headers: dict[str, str]
) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    answer = house.browser().ask("POST", f"/u/{token}", content=body, headers=headers)

    assert answer.status_code == 200
    assert refusal(world, hasher, mia) == "suppressed"


def test_a_second_click_says_the_same_and_writes_nothing(house: House, world: World, token: str) -> None:
    first, second = (house.browser().ask("POST", f"/u/{token}", **ONE_CLICK) for _ in range(2))

    assert first.text == second.text
    assert len(ledger(world)) == 1


def test_the_no_survives_erasure_and_meets_the_person_again(
    house: House, world: World, hasher: AddressHasher, owner: Browser, mia: int, token: str
) -> None:
    house.browser().ask("POST", f"/u/{token}", **ONE_CLICK)
    assert owner.ask("DELETE", f"/api/people/{mia}").status_code == 200

    page = house.browser().ask("POST", f"/u/{token}", **ONE_CLICK)
    home = world.say((MAIL,))[MAIL]
    (kept,) = world.run(lambda tx: tx.all("SELECT masked, note, reason FROM suppression"))

    assert page.status_code == 200
    assert home != mia
    assert refusal(world, hasher, home) == "suppressed"
    assert kept == {"masked": "", "note": "", "reason": "unsubscribe"}


def test_a_no_that_came_as_an_event_survives_erasure_too(
    world: World, hasher: AddressHasher, owner: Browser, mia: int
) -> None:
    world.run(
        lambda tx: tx.run(
            "INSERT INTO consent (workspace_id, home_id, channel, is_granted, decided_at)"
            " VALUES (%(workspace)s, %(home)s, 'sms', false, now())",
            home=mia,
        )
    )
    owner.ask("DELETE", f"/api/people/{mia}")
    home = world.say((PHONE,))[PHONE]

    (standing,) = world.run(lambda tx: consent.look_up(tx, [Ask(home, "sms", "marketing", *PHONE)], hasher))

    assert consent.refuse(standing, "marketing") == "suppressed"


@pytest.mark.parametrize("path", ["/u/", "/preferences/", "/confirm/"])
@pytest.mark.parametrize("spoil", ["x", "AAAA", "é", "a" * 500])
def test_a_foreign_link_is_not_found(house: House, path: str, spoil: str) -> None:
    for method in ("GET", "POST"):
        assert house.browser().ask(method, f"{path}{spoil}").status_code in {404, 405}


def test_a_changed_link_is_not_found(house: House, token: str) -> None:
    for place in (0, 10, 30, len(token) - 2):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert house.browser().post(f"/u/{other}").status_code == 404


def test_a_link_holds_no_address_and_is_short(token: str) -> None:
    assert len(token) < 60
    assert "mia" not in token


def test_preferences_are_saved_and_only_changes_are_written(
    house: House, world: World, hasher: AddressHasher, mia: int, token: str
) -> None:
    path = f"/preferences/{token}"
    shown = house.browser().get(path)
    house.browser().ask("POST", path, content=b"want=email%3Amarketing&language=zh-CN")
    house.browser().ask("POST", path, content=b"nothing=1&want=email%3Amarketing&language=zh-CN")
    back = house.browser().ask("POST", path, content=b"want=email%3Amarketing&want=sms%3Aevil&language=tlh")

    assert 'value="email:marketing" checked' in shown.text
    assert [row[:3] for row in ledger(world)] == [("email", "marketing", False), ("email", "marketing", True)]
    assert 'value="email:marketing" checked' in back.text
    assert refusal(world, hasher, mia) is None


def test_the_language_becomes_a_trait(house: House, world: World, token: str) -> None:
    answer = house.browser().ask("POST", f"/preferences/{token}", content=b"want=email%3Amarketing&language=zh-CN")

    (fact,) = world.run(lambda tx: tx.all("SELECT kind, properties FROM fact_outbox WHERE kind = 'identify'"))
    assert fact["properties"] == {"language": "zh-CN"}
    assert 'lang="zh-CN"' in answer.text


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("", "fr, en;q=0.5", "en"),
        ("?lang=zh-CN", "en", "zh-CN"),
        ("?lang=tlh", "", "en"),
    ],
)
def test_pages_speak_the_readers_language(house: House, token: str, query: str, accepted: str, language: str) -> None:
    page = house.browser().get(f"/u/{token}{query}", headers={"Accept-Language": accepted})

    assert f'<html lang="{language}">' in page.text


def test_pages_are_kept_by_nobody(house: House, token: str) -> None:
    page = house.browser().get(f"/u/{token}")

    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert MAIL[1] not in page.text


def test_a_brand_with_a_strange_name_is_shown_as_it_is(house: House, world: World, token: str) -> None:
    world.run(
        lambda tx: tx.run("UPDATE workspace SET name = '<script>{x}</script>' WHERE workspace_id = %(workspace)s")
    )

    page = house.browser().get(f"/u/{token}")

    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "&lt;script&gt;{x}" in page.text


# ---------------------------------------------------------------- double opt-in
def asked(world: World, hasher: AddressHasher, home: int, *, days: int = 7) -> str:
    choice = Choice(home, "email", "news", True, {"form": "footer"})
    expires_at = utc_now() + timedelta(days=days)
    return world.run(lambda tx: consent.ask(tx, hasher, choice, now=NOON, expires_at=expires_at))


def test_a_link_confirms_by_its_button_alone_and_once(
    house: House, world: World, hasher: AddressHasher, mia: int
) -> None:
    token = asked(world, hasher, mia)

    looked = [house.browser().ask(method, f"/confirm/{token}").status_code for method in ("GET", "HEAD")]
    before = ledger(world)
    pressed = [house.browser().post(f"/confirm/{token}") for _ in range(2)]

    assert (looked, before) == ([200, 200], [])
    assert [answer.status_code for answer in pressed] == [200, 200]
    ((channel, purpose, is_granted, evidence),) = ledger(world)
    assert (channel, purpose, is_granted) == ("email", "news", True)
    assert evidence.keys() == {"form", "asked_at", "confirmed_at"}


def test_a_link_that_is_too_old_confirms_nothing(house: House, world: World, hasher: AddressHasher, mia: int) -> None:
    token = asked(world, hasher, mia, days=-1)

    assert house.browser().post(f"/confirm/{token}").status_code == 410
    assert ledger(world) == []


def test_the_secret_of_a_link_is_in_no_table(world: World, hasher: AddressHasher, mia: int) -> None:
    token = asked(world, hasher, mia)
    secret = Sealer(hasher).open_opt_in(token).secret

    (row,) = world.run(lambda tx: tx.all("SELECT opt_in::text AS line FROM opt_in"))

    assert len(secret) * 8 >= 128
    assert secret.hex() not in row["line"]
    assert token not in row["line"]


def test_asking_sends_a_mail_with_the_link(house: House, world: World, owner: Browser) -> None:
    body = {"email": "New@Example.com", "language": "zh-CN", "evidence": {"form": "footer"}}
    assert owner.post("/api/opt-ins", body).status_code == 409  # nobody could send it

    made = owner.post(
        "/api/channels/accounts",
        {"channel": "email", "name": "Mail", "values": {"host": "127.0.0.1", "from_address": "a@brand.example"}},
    )
    assert made.status_code == 201, made.text
    answer = owner.post("/api/opt-ins", body)

    assert answer.status_code == 201, answer.text
    (intent,) = world.run(lambda tx: tx.all("SELECT said FROM intent"))
    (mail,) = intent["said"]["parts"]
    assert "/confirm/" in mail["text"]
    assert mail["subject"].endswith("请确认订阅")
    assert ledger(world) == []
