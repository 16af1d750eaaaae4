"""Workspaces: several per installation and per user, their settings and rates."""

from collections.abc import Iterator

import pytest
from tests.support.house import Browser, House

from fanwheel.infra.access import workspaces
from fanwheel.infra.postgres import Transaction


@pytest.fixture
def owner(house: House, workspace: int) -> Browser:
    return house.member(workspace, "owner")


@pytest.fixture
def recounted() -> Iterator[list[int | None]]:
    """Workspaces whose sums a slice above was told to make again."""
    told: list[int | None] = []

    async def tell(tx: Transaction) -> None:
        told.append(tx.workspace)

    workspaces.on_money_changed.append(tell)
    yield told
    workspaces.on_money_changed.remove(tell)


def test_an_owner_makes_another_workspace_and_goes_there(house: House, workspace: int, owner: Browser) -> None:
    slug = f"tea-{workspace}"
    body = {
        "slug": slug,
        "name": "Tea",
        "time_zone": "Asia/Shanghai",
        "default_region": "CN",
        "reporting_currency": "CNY",
    }

    made = owner.post("/api/workspaces", body)
    there = owner.post("/api/auth/workspace", {"workspace_id": made.json()["id"]}).json()

    assert made.status_code == 201
    assert there["workspace"] == made.json() == body | {"id": made.json()["id"], "margin": 0.4, "is_demo": False}
    assert there["role"] == "owner"
    assert owner.get("/api/workspace").json()["slug"] == slug
    assert {found["id"] for found in there["workspaces"]} == {workspace, made.json()["id"]}


def test_a_session_begins_where_the_last_one_was(house: House, workspace: int) -> None:
    user_id, email = house.user(workspace, "viewer")
    second = house.workspace()
    house.user(second, "analyst", email)
    browser = house.session(workspace, user_id)

    switched = browser.post("/api/auth/workspace", {"workspace_id": second}).json()

    assert switched["role"] == "analyst"
    assert house.browser().sign_in(email)["workspace"]["id"] == second


def test_no_one_goes_where_they_do_not_belong(house: House, owner: Browser) -> None:
    foreign = owner.post("/api/auth/workspace", {"workspace_id": house.workspace()})
    absent = owner.post("/api/auth/workspace", {"workspace_id": 2_000_000_000})

    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()


def test_a_taken_slug_is_refused(house: House, owner: Browser) -> None:
    taken = house.value("SELECT slug FROM workspace ORDER BY workspace_id DESC LIMIT 1")

    answer = owner.post("/api/workspaces", {"slug": taken, "name": "Copy"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "slug_taken"


def test_slugs_that_nobody_chose_are_numbered(owner: Browser) -> None:
    slugs = [owner.post("/api/workspaces", {"name": "茶"}).json()["slug"] for _ in range(2)]

    assert slugs[0].startswith("workspace")
    assert slugs[1].startswith("workspace-")
    assert slugs[0] != slugs[1]


def test_settings_change_one_by_one(owner: Browser) -> None:
    before = owner.get("/api/workspace").json()

    after = owner.ask("PATCH", "/api/workspace", json={"time_zone": "Asia/Shanghai"}).json()

    assert after == before | {"time_zone": "Asia/Shanghai"}
    assert owner.get("/api/workspace").json() == after
    assert owner.get("/api/audit").json()["items"][0]["detail"] == {"time_zone": "Asia/Shanghai"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("default_region", "XX"),
        ("reporting_currency", "usd"),
        ("name", " "),
        ("slug", "new-slug"),  # addresses that people have kept must go on working
    ],
)
def test_a_setting_that_cannot_be_used_is_named(owner: Browser, field: str, value: str) -> None:
    before = owner.get("/api/workspace").json()

    answer = owner.ask("PATCH", "/api/workspace", json={field: value})

    assert answer.status_code == 422
    assert f"“{field}”" in answer.json()["message"]
    assert answer.json()["hint"]
    assert owner.get("/api/workspace").json() == before


def test_rates_are_kept_exactly(owner: Browser, recounted: list[int | None], workspace: int) -> None:
    items = [
        {"currency": "CNY", "valid_from": "2026-01-01", "rate": "0.139271833333"},
        {"currency": "CNY", "valid_from": "2026-02-01", "rate": "0.14"},
        {"currency": "JPY", "valid_from": "2026-01-01", "rate": "0.0064"},
    ]

    put = owner.ask("PUT", "/api/currency-rates", json={"items": items})

    assert put.status_code == 200, put.text
    assert put.json() == owner.get("/api/currency-rates").json() == {"items": items}
    assert recounted == [workspace]


def test_new_rates_replace_the_old(owner: Browser) -> None:
    for rate in ("0.1", "0.2"):
        items = [{"currency": "CNY", "valid_from": "2026-01-01", "rate": rate}]
        owner.ask("PUT", "/api/currency-rates", json={"items": items})

    assert [rate["rate"] for rate in owner.get("/api/currency-rates").json()["items"]] == ["0.2"]


@pytest.mark.parametrize(
    "item",
    [
        {"currency": "USD", "valid_from": "2026-01-01", "rate": 1},  # the reporting currency
        {"currency": "XXZ", "valid_from": "2026-01-01", "rate": 1},
        {"currency": "CNY", "valid_from": "2026-01-01", "rate": 0},
        {"currency": "CNY", "valid_from": "2026-01-01", "rate": "NaN"},
        {"currency": "CNY", "valid_from": "2026-13-01", "rate": 1},
    ],
)
def test_a_rate_that_cannot_be_is_named_and_changes_nothing(owner: Browser, item: dict[str, object]) -> None:
    good = {"currency": "EUR", "valid_from": "2026-01-01", "rate": "1.1"}
    owner.ask("PUT", "/api/currency-rates", json={"items": [good]})

    answer = owner.ask("PUT", "/api/currency-rates", json={"items": [good, item]})

    assert answer.status_code == 422
    assert "items.1" in answer.json()["message"]
    assert owner.get("/api/currency-rates").json() == {"items": [good]}


def test_two_rates_for_one_day_are_refused(owner: Browser) -> None:
    item = {"currency": "EUR", "valid_from": "2026-01-01", "rate": "1.1"}

    assert owner.ask("PUT", "/api/currency-rates", json={"items": [item, item]}).status_code == 422


def test_another_reporting_currency_makes_sums_be_made_again(
    owner: Browser, recounted: list[int | None], workspace: int
) -> None:
    owner.ask("PATCH", "/api/workspace", json={"name": "New name"})
    assert recounted == []

    owner.ask("PATCH", "/api/workspace", json={"reporting_currency": "CNY"})

    assert recounted == [workspace]
