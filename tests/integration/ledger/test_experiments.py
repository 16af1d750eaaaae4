"""Experiments by HTTP: from the people of a segment to what a treatment of some of them caused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.integration.ledger.brand import send
from tests.support.house import Browser, House

from fanwheel.cdp import segments

PATH = "/api/experiments"
PEOPLE = 120
RULE = {"version": 1, "condition": {"type": "trait", "name": "city", "test": {"op": "is", "value": "杭州"}}}


def track(number: int, name: str, at: datetime, **properties: Any) -> dict[str, Any]:
    return {
        "type": "track", "event": name, "userId": f"u{number}", "timestamp": at.isoformat(), "properties": properties,
    }  # fmt: skip


def order(number: int, order_id: str, at: datetime, total: float) -> dict[str, Any]:
    return track(number, "Order Completed", at, order_id=order_id, total=total, currency="USD")


@pytest.fixture(scope="module")
def workspace(house: House) -> int:
    """People in Hangzhou, and one elsewhere, some of whom bought before."""
    made = house.workspace("Trial")
    now = datetime.now(UTC)
    calls = [
        {"type": "identify", "userId": f"u{n}", "traits": {"city": "杭州" if n else "Berlin"},
         "timestamp": (now - timedelta(days=30)).isoformat()}
        for n in range(PEOPLE + 1)
    ]  # fmt: skip
    calls += [order(n, f"before-{n}", now - timedelta(days=5), 10.0 + n) for n in range(1, PEOPLE + 1, 2)]
    send(house, made, calls)
    return made


@pytest.fixture(scope="module")
def segment(house: House, workspace: int) -> int:
    answer = house.member(workspace, "operator").post("/api/segments", {"name": "Hangzhou", "rule": RULE})
    assert answer.status_code == 201, answer.text

    async def build() -> None:
        judge = segments.Judge()
        builder = segments.Builder(house.settings, judge)
        await judge.run_once(house.database)
        while await builder.run_once(house.database):
            pass

    house.run(build())
    return int(answer.json()["segment_id"])


@pytest.fixture
def operator(house: House, workspace: int) -> Browser:
    return house.member(workspace, "operator")


@pytest.fixture
def started(house: House, workspace: int, segment: int, operator: Browser) -> Iterator[dict[str, Any]]:
    body = {"name": "A call", "segment_id": segment, "treated_share": 0.5, "days": 10, "days_before": 20}
    answer = operator.post(PATH, body)
    assert answer.status_code == 201, answer.text
    yield answer.json()
    house.rows("DELETE FROM experiment_person WHERE workspace_id = %s", workspace)
    house.rows("DELETE FROM experiment WHERE workspace_id = %s", workspace)
    house.rows("DELETE FROM person_list WHERE workspace_id = %s", workspace)
    house.rows("DELETE FROM list WHERE workspace_id = %s", workspace)


def dealt(house: House, one: int) -> dict[str, bool]:
    rows = house.rows(
        "SELECT known.value, dealt.is_treated FROM experiment_person AS dealt"
        " JOIN identifier AS known USING (workspace_id, home_id) WHERE experiment_id = %s",
        one,
    )
    return {row["value"]: row["is_treated"] for row in rows}


def test_everybody_in_the_segment_is_dealt_and_either_arm_is_a_list(
    house: House, operator: Browser, started: dict[str, Any]
) -> None:
    arms = dealt(house, started["experiment_id"])

    assert sorted(arms) == sorted(f"u{n}" for n in range(1, PEOPLE + 1))
    assert sum(arms.values()) == PEOPLE // 2
    for name, is_treated in (("treated", True), ("control", False)):
        list_id = started[f"{name}_list_id"]
        assert operator.get(f"/api/lists/{list_id}").json()["name"] == f"A call · {name}"
        items = operator.get(f"/api/lists/{list_id}/members", params={"limit": 200}).json()["items"]
        on_it = house.rows("SELECT value FROM identifier WHERE person_id = ANY (%s)", [item["id"] for item in items])
        assert {row["value"] for row in on_it} == {who for who, arm in arms.items() if arm is is_treated}
    assert operator.get(PATH).json()["items"] == [started]


def test_orders_since_the_dealing_show_what_the_treatment_caused(
    house: House, workspace: int, operator: Browser, started: dict[str, Any]
) -> None:
    one, arms = started["experiment_id"], dealt(house, started["experiment_id"])
    now = datetime.now(UTC)
    # Let it have run for ten days: who was treated bought for 30 more.
    house.rows(
        "UPDATE experiment SET started_at = %s WHERE experiment_id = %s", now - timedelta(days=10, minutes=1), one
    )
    house.rows("UPDATE shop_order SET placed_at = %s WHERE workspace_id = %s", now - timedelta(days=15), workspace)
    calls = []
    for who, is_treated in arms.items():
        n = int(who[1:])
        total = 20.0 + n % 5 + (30.0 if is_treated else 0.0)
        calls.append(order(n, f"after-{n}", now - timedelta(days=4), total))
        if n % 10 == 0:
            calls.append(track(n, "Order Refunded", now - timedelta(days=3), order_id=f"after-{n}", total=5.0))
    send(house, workspace, calls)

    found = operator.get(f"{PATH}/{one}").json()["finding"]

    assert (found["state"], found["people_treated"], found["people_control"]) == ("helps", 60, 60)
    by_hand = {
        arm: [
            2000 + 100 * (int(who[1:]) % 5) + 3000 * arm - 500 * (int(who[1:]) % 10 == 0)
            for who, is_treated in arms.items()
            if is_treated is arm
        ]
        for arm in (True, False)
    }
    assert found["mean_treated"] == pytest.approx(sum(by_hand[True]) / 60)
    assert found["mean_control"] == pytest.approx(sum(by_hand[False]) / 60)
    assert found["lower"] < 3000 < found["upper"]
    assert found["gained"] == pytest.approx(found["estimate"] * 60)
    assert found["cautions"] == []

    # What happens after the planned end does not count.
    calls = [order(int(who[1:]), f"late-{who}", now, 500.0) for who, is_treated in arms.items() if not is_treated]
    send(house, workspace, calls)
    assert operator.get(f"{PATH}/{one}").json()["finding"] == found


def test_who_turns_out_to_be_in_both_arms_is_in_neither_and_erasure_leaves_no_trace(
    house: House, workspace: int, operator: Browser, started: dict[str, Any]
) -> None:
    one, arms = started["experiment_id"], dealt(house, started["experiment_id"])
    home = {row["value"]: row["home_id"] for row in house.rows("SELECT value, home_id FROM identifier")}
    treated = next(who for who, arm in sorted(arms.items()) if arm)
    control = next(who for who, arm in sorted(arms.items()) if not arm)
    assert operator.post(f"/api/people/{home[treated]}/merge", {"person_id": home[control]}).status_code == 200

    found = operator.get(f"{PATH}/{one}").json()["finding"]
    assert (found["people_treated"], found["people_control"], found["people_in_both"]) == (59, 59, 1)
    assert "people_in_both" in found["cautions"]

    both = min(home[treated], home[control])
    assert house.member(workspace, "owner").ask("DELETE", f"/api/people/{both}").status_code == 200
    assert operator.get(f"{PATH}/{one}").json()["finding"]["people_in_both"] == 0
    left = house.rows("SELECT FROM experiment_person WHERE home_id = ANY (%s)", [home[treated], home[control]])
    assert left == []


def test_it_ends_once_and_is_deleted_without_its_lists(operator: Browser, started: dict[str, Any]) -> None:
    path = f"{PATH}/{started['experiment_id']}"

    assert operator.post(f"{path}/end").json()["ended_at"] is not None
    again = operator.post(f"{path}/end")
    assert (again.status_code, again.json()["code"]) == (409, "experiment_ended")
    assert operator.ask("DELETE", path).status_code == 204
    assert operator.get(path).json()["code"] == "experiment_not_found"
    assert operator.get(f"/api/lists/{started['treated_list_id']}").status_code == 200


def test_a_plan_tells_the_smallest_effect_from_the_people_s_own_past(operator: Browser, segment: int) -> None:
    asked = {"segment_id": segment, "days": 28, "days_before": 28, "treated_share": 0.5}

    plan = operator.get(f"{PATH}/plan", params=asked).json()

    assert plan["control"] == plan["people"] - plan["treated"] > 50
    assert plan["mean"] > 0
    assert plan["difference"] == pytest.approx(plan["lift"] * plan["mean"])
    assert plan["held_back"] == pytest.approx(plan["difference"] * plan["control"])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"segment_id": 99_999}, 404, "segment_not_found"),
        ({"treated_share": 0}, 422, "invalid_request"),
        ({"days": 0}, 422, "invalid_request"),
        ({"name": "  "}, 422, "invalid_request"),
        ({"treated_share": 0.01, "name": "Too small"}, 422, "too_few_people"),
    ],
)
def test_what_cannot_be_started_is_refused(
    operator: Browser, segment: int, change: dict[str, Any], status: int, code: str
) -> None:
    answer = operator.post(PATH, {"name": "Bad", "segment_id": segment, **change})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert operator.get("/api/lists").json()["items"] == []


def test_a_name_is_taken_once(operator: Browser, segment: int, started: dict[str, Any]) -> None:
    answer = operator.post(PATH, {"name": started["name"], "segment_id": segment})

    assert (answer.status_code, answer.json()["code"]) == (409, "list_name_taken")
