"""Broadcasts over HTTP: drafts, what is wrong with them, and who must agree before they go out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from tests.support.broadcasts import Square
from tests.support.house import Browser, House
from tests.support.reach import ACCOUNT


class Desk(NamedTuple):
    """A brand with an owner, who writes here, and an operator, who agrees."""

    square: Square
    owner: Browser
    operator: Browser

    def draft(self, **more: Any) -> dict[str, Any]:
        values = {
            "name": "Tea",
            "audience": {"list_id": self.square.list_of(self.square.people(3))},
            "routes": [{"channel": "email", "account_id": ACCOUNT, "template_id": self.square.template()}],
        }
        made = self.owner.post("/api/broadcasts", values | more)
        assert made.status_code == 201, made.text
        return dict(made.json())

    def do(self, what: str, found: dict[str, Any], *, by: Browser | None = None, **body: Any) -> Any:
        return (by or self.owner).post(f"/api/broadcasts/{found['broadcast_id']}/{what}", body)

    def above(self, people: int | None) -> None:
        assert self.owner.ask("PUT", "/api/broadcasts/settings", json={"approval_above": people}).status_code == 200


@pytest.fixture(scope="session")
def broadcasting_house(squares_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(squares_dsn, tmp_path_factory.mktemp("broadcasts")) as house:
        yield house


@pytest.fixture
def desk(broadcasting_house: House, square: Square) -> Desk:
    house = broadcasting_house
    return Desk(square, house.member(square.workspace, "owner"), house.member(square.workspace, "operator"))


def test_a_second_person_must_agree_to_what_goes_to_many(desk: Desk) -> None:
    desk.above(2)
    found = desk.draft()
    assert (found["approval"]["state"], found["may"]) == (
        "needed",
        {"approve": False, "why_not": "is_author", "alone": False},
    )
    assert desk.do("launch", found).json()["code"] == "needs_approval"

    seen = {"version": found["version"]}
    assert desk.do("submit", found, **seen).json()["state"] == "in_review"
    refused = desk.do("approve", found, **seen)
    assert (refused.status_code, refused.json()["code"]) == (403, "own_broadcast")
    assert desk.operator.get(f"/api/broadcasts/{found['broadcast_id']}").json()["may"]["approve"]
    approved = desk.do("approve", found, by=desk.operator, **seen, note="Fine")
    assert (approved.json()["state"], approved.json()["approval"]["note"]) == ("approved", "Fine")
    launched = desk.do("launch", found)
    assert (launched.json()["state"], launched.json()["people"]) == ("scheduled", 3)

    said = [entry["action"] for entry in desk.owner.get("/api/audit").json()["items"]]
    assert [each for each in said if each.startswith("broadcast.")] == [
        "broadcast.launch", "broadcast.approve", "broadcast.submit", "broadcast.create", "broadcast.settings",
    ]  # fmt: skip


def test_a_change_takes_back_what_somebody_agreed_to_and_so_does_another_text(desk: Desk) -> None:
    desk.above(0)
    found = desk.draft()
    where = f"/api/broadcasts/{found['broadcast_id']}"
    for name in ("Green tea", "Black tea"):
        found = desk.owner.ask("PATCH", where, json={"version": found["version"], "name": name}).json()
        assert (found["state"], found["approval"]["state"]) == ("draft", "needed")
        desk.do("submit", found, version=found["version"])
        assert desk.do("approve", found, by=desk.operator, version=found["version"]).json()["state"] == "approved"

    desk.square.publish(found["routes"][0]["template_id"])
    assert desk.do("launch", found).json()["code"] == "needs_approval"
    stale = desk.owner.ask("PATCH", where, json={"version": found["version"] - 1, "name": "Milk"})
    assert (stale.status_code, stale.json()["code"]) == (409, "broadcast_changed")


def test_whoever_writes_at_it_as_the_second_cannot_agree_either(desk: Desk) -> None:
    desk.above(0)
    found = desk.draft()
    where = f"/api/broadcasts/{found['broadcast_id']}"
    found = desk.operator.ask("PATCH", where, json={"version": found["version"], "name": "Mine"}).json()
    desk.do("submit", found, version=found["version"])

    assert desk.operator.get(where).json()["may"] == {"approve": False, "why_not": "is_author", "alone": True}
    assert desk.do("approve", found, by=desk.operator, version=found["version"]).status_code == 403
    rejected = desk.do("reject", found, by=desk.operator, version=found["version"], note="Too long")
    assert (rejected.json()["state"], rejected.json()["approval"]["state"]) == ("draft", "rejected")
    desk.above(None)
    assert desk.do("launch", found).json()["state"] == "scheduled"


def test_a_check_names_a_list_or_segment_that_is_gone(desk: Desk) -> None:
    found = desk.draft(audience={"segment_id": 999_999, "without": [{"list_id": 888_888}]})

    told = desk.do("check", found)

    assert told.status_code == 200, told.text
    errors = {(each["code"], each["detail"]["id"]) for each in told.json()["issues"] if each["severity"] == "error"}
    assert errors == {("no_segment", 999_999), ("no_list", 888_888)}
    assert told.json()["audience"]["people"] == 0


def test_a_check_says_what_is_wrong_and_whom_it_would_reach(desk: Desk) -> None:
    people = [*desk.square.people(3), *desk.square.people(2, says=False)]
    second = {"channel": "webhook", "account_id": 8, "template_id": desk.square.template("webhook")}
    found = desk.draft(
        audience={"list_id": desk.square.list_of(people)},
        schedule={"kind": "at", "at": "2020-01-01T00:00:00Z"},
        per_minute=1,
        experiment={"share": 0.2},
    )
    routes = [*found["routes"], second]
    changed = desk.owner.ask(
        "PATCH", f"/api/broadcasts/{found['broadcast_id']}", json={"version": found["version"], "routes": routes}
    )
    assert changed.status_code == 200, changed.text

    told = desk.do("check", found).json()

    assert {(issue["field"], issue["severity"], issue["code"]) for issue in told["issues"]} == {
        ("schedule", "error", "is_past"),
        ("experiment", "error", "one_variant"),
    }
    assert told["audience"] | {"first_at": "", "last_at": ""} == {
        "people": 5,
        "held_out": 0,
        "by_route": [
            {"channel": "email", "people": 3, "why_not": {"consent": 2}},
            {"channel": "webhook", "people": 0, "why_not": {"address": 2}},  # it writes to user ids
        ],
        "unreachable": 2,
        "is_estimate": False,
        "first_at": "",
        "last_at": "",
    }
    assert desk.do("launch", found).status_code == 422


def test_drafts_are_listed_copied_and_thrown_away_and_what_goes_out_is_not(desk: Desk) -> None:
    found = desk.draft(schedule={"kind": "at", "at": "2999-01-01T00:00:00Z"})
    copy = desk.do("duplicate", found).json()
    assert (copy["name"], copy["routes"]) == ("Tea (2)", found["routes"])
    desk.do("launch", found)

    listed = desk.owner.get("/api/broadcasts", params={"limit": 1}).json()
    more = desk.owner.get("/api/broadcasts", params={"limit": 1, "cursor": listed["next"]}).json()
    states = [(item["name"], item["state"]) for item in listed["items"] + more["items"]]
    assert states == [("Tea (2)", "draft"), ("Tea", "scheduled")]
    assert more["items"][0]["next_at"].startswith("2999-01-01")
    assert desk.owner.ask("DELETE", f"/api/broadcasts/{copy['broadcast_id']}").status_code == 204
    assert desk.owner.ask("DELETE", f"/api/broadcasts/{found['broadcast_id']}").status_code == 409
    assert [desk.do(what, found).json()["state"] for what in ("pause", "resume", "cancel")] == [
        "paused", "scheduled", "canceled",
    ]  # fmt: skip
    assert desk.do("resume", found).json()["code"] == "wrong_state"


def test_a_test_goes_to_those_who_are_named(desk: Desk) -> None:
    found = desk.draft()
    person = desk.square.people(1)[0]
    address = desk.square.value("SELECT value FROM identifier WHERE home_id = %s", person)

    sent = desk.do("test", found, emails=[address.upper(), "nobody@brand.example"])

    assert sent.status_code == 201, sent.text
    assert [item["person_id"] for item in sent.json()["items"]] == [person]
    assert sent.json()["unknown"] == ["nobody@brand.example"]
    trace = desk.owner.get(f"/api/intents/{sent.json()['items'][0]['intent_id']}").json()
    assert trace["step"] == f"broadcast-test:{found['broadcast_id']}"
