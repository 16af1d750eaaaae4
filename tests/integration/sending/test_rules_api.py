"""Sending rules over HTTP: read, changed, dated, and refused where they cannot be."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import Browser, House


@pytest.fixture(scope="module")
def house(towns_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("rules")
    with House.open(towns_dsn, home) as opened:
        yield opened


def add_account(house: House, workspace: int, channel: str) -> int:
    """An account of a channel; its number."""
    return int(
        house.value(
            "INSERT INTO channel_account (workspace_id, channel, key, name, created_by)"
            " VALUES (%s, %s, %s, 'An account', 'x') RETURNING account_id",
            workspace,
            channel,
            f"rules-{workspace}",
        )
    )


def test_a_workspace_begins_with_rules_and_keeps_others(house: House) -> None:
    browser = house.member(house.workspace(), "operator")
    first = browser.get("/api/reach/rules").json()
    rules = {
        "caps": [{"name": "week", "most": 3, "window_s": 604_800, "channels": ["sms"], "kept": 1}],
        "quiet": [],
        "holdouts": {"universal": 0.02, "channel": 0.1, "channels": {"sms": 0.2}},
    }

    changed = browser.ask("PUT", "/api/reach/rules", json=rules)

    assert first["holdouts"] == {"universal": 0.05, "channel": 0.1, "channels": {}}
    assert changed.status_code == 200, changed.text
    assert browser.get("/api/reach/rules").json() == rules


@pytest.mark.parametrize(
    "rules",
    [
        {"holdouts": {"universal": 0.95}},
        {"caps": [{"name": "a", "most": 1, "window_s": 60}, {"name": "a", "most": 2, "window_s": 90}]},
        {"quiet": [{"begins": 1_500, "ends": 0}]},
    ],
)
def test_rules_that_cannot_be_are_refused(house: House, rules: dict[str, object]) -> None:
    browser = house.member(house.workspace(), "operator")

    assert browser.ask("PUT", "/api/reach/rules", json=rules).status_code == 422


def test_platforms_allowances_are_shown_with_their_source_and_can_be_changed(house: House) -> None:
    workspace = house.workspace()
    browser = house.member(workspace, "operator")
    add_account(house, workspace, "tiktok")
    found = browser.get("/api/reach/allowances").json()["items"]
    limited = next(each for each in found if each["most"] is not None)

    changed = browser.ask("PATCH", f"/api/reach/allowances/{limited['allowance_id']}", json={"most": 3})
    after = browser.get("/api/reach/allowances").json()["items"]

    assert all(each["cite"] for each in found)
    assert changed.status_code == 200, changed.text
    assert [each["most"] for each in after if each["name"] == limited["name"]] == [3]
    again = browser.ask("PATCH", f"/api/reach/allowances/{limited['allowance_id']}", json={"most": 4})
    assert again.status_code == 404


def test_figures_that_are_changed_again_never_hold_beside_one_another(house: House) -> None:
    workspace = house.workspace()
    browser = house.member(workspace, "operator")
    account = add_account(house, workspace, "tiktok")
    first = next(each for each in _allowances(browser) if each["most"] is not None)
    soon, later = "2125-01-01T00:00:00Z", "2126-01-01T00:00:00Z"

    def change(number: int, **figures: object) -> int:
        answer = browser.ask("PATCH", f"/api/reach/allowances/{number}", json=figures)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["allowance_id"])

    def dated(account_id: int | None) -> list[tuple[int, str | None]]:
        kept = [
            each for each in _allowances(browser) if (each["name"], each["account_id"]) == (first["name"], account_id)
        ]
        return [(each["most"], each["until"]) for each in sorted(kept, key=lambda each: each["since"])]

    ahead = change(first["allowance_id"], most=2, since=later)
    change(ahead, most=3)  # before it ever held
    held = change(first["allowance_id"], most=4)  # until then
    own = change(held, most=5, account_id=account)
    change(held, most=6, since=soon, account_id=account)

    assert dated(None) == [(4, later), (3, None)]
    assert dated(account) == [(5, soon), (6, later), (3, None)]
    names = Counter((each["account_id"], each["name"]) for each in _allowances(browser) if each["until"] is None)
    assert {name for of, name in names if of} == {name for of, name in names if not of}
    assert set(names.values()) == {1}
    for bad, status in (({"since": "2026-01-01T00:00:00"}, 422), ({"account_id": 10**9}, 404)):
        assert browser.ask("PATCH", f"/api/reach/allowances/{own}", json={"most": 1, **bad}).status_code == status


def _allowances(browser: Browser) -> list[dict[str, Any]]:
    return list(browser.get("/api/reach/allowances").json()["items"])


def test_an_operator_decides_how_an_account_sends(house: House) -> None:
    workspace = house.workspace()
    browser = house.member(workspace, "operator")
    account = add_account(house, workspace, "sms")

    changed = browser.ask("PATCH", f"/api/reach/senders/{account}", json={"when_unclear": "twice", "per_second": 5})

    assert changed.status_code == 200, changed.text
    (sender,) = changed.json()["items"]
    assert (sender["when_unclear"], sender["per_second"], sender["at_once"]) == ("twice", 5, 32)
    assert browser.post(f"/api/reach/senders/{account}/resume").status_code == 204
    assert browser.post("/api/reach/senders/999999/resume").status_code == 404


def test_an_analyst_reads_the_rules_and_a_viewer_does_not(house: House) -> None:
    workspace = house.workspace()

    assert house.member(workspace, "analyst").get("/api/reach/rules").status_code == 200
    assert house.member(workspace, "viewer").get("/api/reach/rules").status_code == 403


def test_prices_are_kept_as_they_were_written_and_bad_ones_refused(house: House) -> None:
    browser = house.member(house.workspace(), "operator")
    price = {"channel": "whatsapp", "account_id": None, "purpose": "marketing", "opens": "", "currency": "EUR"}
    whole = {"channel": "sms", "account_id": 4, "purpose": "", "opens": "message", "currency": "CNY", "price": "12"}

    put = browser.ask("PUT", "/api/reach/prices", json={"items": [price | {"price": "0.004500"}, whole]})

    assert put.status_code == 200, put.text
    assert browser.get("/api/reach/prices").json() == {"items": [whole, price | {"price": "0.0045"}]}
    for bad in ([price | {"price": "-1"}], [price | {"price": "1"}] * 2, [price | {"price": "1", "currency": "ZZZ"}]):
        assert browser.ask("PUT", "/api/reach/prices", json={"items": bad}).status_code == 422
