"""The first start: the owner from the settings, or by a one-time link."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.support.house import House

from fanwheel.infra import access
from fanwheel.infra.access import workspaces
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.errors import FanwheelError

OWNER = "Ana@Brand.example"
PASSWORD = "correct horse battery"


def start(house: House, **settings: str) -> str | None:
    return house.run(access.bootstrap(house.database, replace(house.settings, **settings)))


def token_of(link: str | None) -> str:
    assert link is not None
    address = urlsplit(link)
    assert address.path == "/setup"
    return parse_qs(address.query)["token"][0]


def form(token: str, **values: str) -> dict[str, str]:
    return {
        "token": token,
        "email": OWNER,
        "name": "Ana",
        "password": PASSWORD,
        "workspace_name": "Ana's teas",
    } | values


@pytest.fixture
def hook() -> Iterator[list[int | None]]:
    """Workspaces that a slice above was told of."""
    told: list[int | None] = []

    async def tell(tx: Transaction) -> None:
        told.append(tx.workspace)

    workspaces.on_workspace_created.append(tell)
    yield told
    workspaces.on_workspace_created.remove(tell)


def test_settings_make_the_owner_and_a_first_workspace(fresh_house: House, hook: list[int | None]) -> None:
    link = start(fresh_house, owner_email=OWNER, owner_password=PASSWORD)

    assert link is None
    me = fresh_house.browser().sign_in(OWNER, PASSWORD)
    assert me["role"] == "owner"
    assert me["user"]["email"] == "ana@brand.example"
    assert me["workspace"]["name"] == "My brand"
    assert me["workspace"]["slug"] == "my-brand"
    assert hook == [me["workspace"]["id"]]


def test_starting_again_changes_nothing(fresh_house: House) -> None:
    start(fresh_house, owner_email=OWNER, owner_password=PASSWORD)

    again = start(fresh_house, owner_email="eve@brand.example", owner_password="another phrase")

    assert again is None
    assert start(fresh_house) is None
    assert fresh_house.value("SELECT count(*) FROM login") == 1
    assert fresh_house.value("SELECT count(*) FROM workspace") == 1
    fresh_house.browser().sign_in(OWNER, PASSWORD)


def test_processes_that_start_together_make_one_owner(fresh_house: House) -> None:
    settings = replace(fresh_house.settings, owner_email=OWNER, owner_password=PASSWORD)

    async def start_together() -> None:
        await asyncio.gather(*(access.bootstrap(fresh_house.database, settings) for _ in range(4)))

    fresh_house.run(start_together())

    assert fresh_house.value("SELECT count(*) FROM login") == 1
    assert fresh_house.value("SELECT count(*) FROM workspace") == 1


@pytest.mark.parametrize(
    "settings",
    [{"owner_email": OWNER}, {"owner_password": PASSWORD}, {"owner_email": OWNER, "owner_password": "short"}],
)
def test_settings_that_cannot_make_an_owner_are_refused(fresh_house: House, settings: dict[str, str]) -> None:
    with pytest.raises(FanwheelError) as refused:
        start(fresh_house, **settings)

    assert refused.value.hint
    assert fresh_house.value("SELECT count(*) FROM login") == 0


def test_a_link_makes_the_owner_once(fresh_house: House, hook: list[int | None]) -> None:
    token = token_of(start(fresh_house))
    browser = fresh_house.browser()
    assert browser.get("/api/auth/setup").json() == {"needed": True}

    me = browser.enter(browser.post("/api/auth/setup", form(token)))

    assert me["role"] == "owner"
    assert me["workspace"]["name"] == "Ana's teas"
    assert me["workspace"]["slug"] == "ana-s-teas"
    assert hook == [me["workspace"]["id"]]
    assert browser.get("/api/auth/setup").json() == {"needed": False}
    assert browser.get("/api/workspace").status_code == 200
    again = fresh_house.browser().post("/api/auth/setup", form(token, email="eve@brand.example"))
    assert again.status_code == 409
    assert again.json()["code"] == "already_set_up"
    assert start(fresh_house) is None


def test_a_new_start_replaces_a_link_that_was_not_used(fresh_house: House) -> None:
    first, second = token_of(start(fresh_house)), token_of(start(fresh_house))

    assert fresh_house.browser().post("/api/auth/setup", form(first)).status_code == 404
    assert fresh_house.browser().post("/api/auth/setup", form(second)).status_code == 200


def test_a_link_lives_for_a_day(fresh_house: House) -> None:
    token = token_of(start(fresh_house))
    fresh_house.rows("UPDATE one_time_link SET expires_at = expires_at - interval '1 day'")

    assert fresh_house.browser().post("/api/auth/setup", form(token)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "no address"), ("password", "12345678"), ("name", "  "), ("workspace_name", "")],
)
def test_a_bad_field_is_named_and_leaves_the_link_whole(fresh_house: House, field: str, value: str) -> None:
    token = token_of(start(fresh_house))

    answer = fresh_house.browser().post("/api/auth/setup", form(token, **{field: value}))

    assert answer.status_code == 422
    assert f"“{field}”" in answer.json()["message"]
    assert answer.json()["hint"]
    assert fresh_house.browser().post("/api/auth/setup", form(token)).status_code == 200


def test_a_guessed_link_makes_no_owner(fresh_house: House) -> None:
    start(fresh_house)

    assert fresh_house.browser().post("/api/auth/setup", form("guess")).status_code == 404
    assert fresh_house.value("SELECT count(*) FROM login") == 0


def test_the_first_owner_also_owns_a_demo_that_came_before(fresh_house: House) -> None:
    demo = fresh_house.run(
        access.ensure_workspace(
            fresh_house.database, access.Draft(name="Demo", slug="demo", is_demo=True), now=_now(fresh_house)
        )
    )
    browser = fresh_house.browser()

    me = browser.enter(browser.post("/api/auth/setup", form(token_of(start(fresh_house)))))

    assert {found["slug"]: found["role"] for found in me["workspaces"]} == {"demo": "owner", "ana-s-teas": "owner"}
    assert fresh_house.browser().sign_in(OWNER, PASSWORD)["workspace"]["id"] == demo


def test_a_demo_made_later_belongs_to_the_first_owner(fresh_house: House) -> None:
    start(fresh_house, owner_email=OWNER, owner_password=PASSWORD)
    draft = access.Draft(name="Demo", slug="demo", is_demo=True)

    once = fresh_house.run(access.ensure_workspace(fresh_house.database, draft, now=_now(fresh_house)))
    twice = fresh_house.run(access.ensure_workspace(fresh_house.database, draft, now=_now(fresh_house)))

    assert once == twice
    me = fresh_house.browser().sign_in(OWNER, PASSWORD)
    assert {"id": once, "slug": "demo", "name": "Demo", "role": "owner"} in me["workspaces"]


def _now(house: House) -> datetime:
    found: datetime = house.value("SELECT now()")
    return found
