"""The lift of a broadcast by HTTP, from the ledger of the send path, orders and events, person by person."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.integration.ledger.brand import send
from tests.support.house import Browser, House

from fanwheel.measure import experiments

PEOPLE = 160
DAY = timedelta(days=1)
ARMS = ("treated", "broadcast", "channel", "universal")


class Story:
    """People, when each was reached or kept from it, and what they did: on paper and in the product."""

    def __init__(self, house: House) -> None:
        rng = random.Random(3)
        self.house, self.workspace = house, house.workspace("Lift")
        self.met_at = datetime.now(UTC).replace(microsecond=0) - 20 * DAY
        self.arm = {n: rng.choices(ARMS, [60, 20, 10, 10])[0] for n in range(PEOPLE)}
        self.orders = {n: [(rng.choice([-40, -9, 0.5, 2, 30]), rng.randint(1, 90)) for _ in range(rng.randint(0, 3))]
                       for n in range(PEOPLE)}  # fmt: skip
        self.taps = {n: [rng.choice([-3, 1, 6.9, 7.1])] for n in range(PEOPLE) if rng.random() < 0.5}
        calls = [self._call(n, "Page Viewed", -60) for n in range(PEOPLE)]
        for n, orders in self.orders.items():
            calls += [self._call(n, "Order Completed", day, order_id=f"o{n}-{place}", total=total, currency="USD")
                      for place, (day, total) in enumerate(orders)]  # fmt: skip
        calls += [self._call(n, "Coupon Used", day) for n, days in self.taps.items() for day in days]
        send(house, self.workspace, calls)
        self._write_down()

    def _call(self, n: int, name: str, day: float, **properties: Any) -> dict[str, Any]:
        at = (self.met_at + day * DAY).isoformat()
        return {"type": "track", "event": name, "userId": f"u{n}", "timestamp": at, "properties": properties}

    def _write_down(self) -> None:
        (made,) = self.house.rows(
            "INSERT INTO broadcast (workspace_id, name, state, holdout_share, starts_at, created_by, updated_by)"
            " VALUES (%s, 'May', 'done', 0.25, %s, 'user:1', 'user:1') RETURNING broadcast_id",
            self.workspace,
            self.met_at,
        )
        self.broadcast_id = made["broadcast_id"]
        known = self.house.rows(
            "SELECT value, home_id FROM identifier WHERE workspace_id = %s AND kind = 'user_id'", self.workspace
        )
        homes = {row["value"]: row["home_id"] for row in known}
        self.home = {n: homes[f"u{n}"] for n in range(PEOPLE)}
        for n, arm in self.arm.items():
            self.intend(self.home[n], "sent" if arm == "treated" else "held_out", arm)

    def intend(self, home: int, state: str, arm: str = "", **more: Any) -> None:
        holdout = {"broadcast": f"broadcast:{self.broadcast_id}", "channel": "channel:email"}.get(arm, arm)
        note = {"rule": "holdout", "outcome": "held_out", "holdout": holdout, "share": 0.25}
        row: dict[str, Any] = {
            "workspace_id": self.workspace, "home_id": home, "step": f"broadcast:{self.broadcast_id}",
            "occurrence": "0", "channel": "email", "account_id": 1, "purpose": "marketing", "state": state,
            "due_at": self.met_at, "passed_at": self.met_at, "done_at": self.met_at,
            "attempts": 0 if state == "held_out" else 1,
            "notes": json.dumps([note] if state == "held_out" else []),
        } | more  # fmt: skip
        names = ", ".join(row)
        self.house.rows(
            f"INSERT INTO intent ({names}) VALUES ({', '.join(['%s'] * len(row))}) RETURNING 1",
            *row.values(),
        )

    def did(self, deeds: list[float], *, days: int = 7) -> bool:
        return any(0 <= day < days for day in deeds)


@pytest.fixture(scope="module")
def story(house: House) -> Story:
    told = Story(house)
    # None of these may count: skipped before the holdout was asked, still waiting, and of another broadcast.
    told.intend(told.home[0] + 10**6, "skipped", passed_at=None, attempts=0, occurrence="1")
    told.intend(told.home[1], "waiting", passed_at=None, done_at=None, attempts=0, occurrence="1")
    told.intend(told.home[2], "held_out", "universal", step="broadcast:999999")
    return told


@pytest.fixture(scope="module")
def analyst(house: House, story: Story) -> Browser:
    return house.member(story.workspace, "analyst")


def ask(analyst: Browser, story: Story, **params: Any) -> Any:
    answer = analyst.get(f"/api/measure/broadcasts/{story.broadcast_id}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def side(story: Story, arm: str) -> dict[str, int]:
    """One arm, person by person: an order counts within seven days of the message."""
    mine = [n for n, its in story.arm.items() if its == arm]
    orders = {n: [(day, total) for day, total in story.orders[n] if 0 <= day < 7] for n in mine}
    value = 100 * sum(total for each in orders.values() for _, total in each)
    return {"people": len(mine), "converted": sum(bool(each) for each in orders.values()), "value": value}


def test_each_holdout_is_compared_with_the_people_who_were_reached(analyst: Browser, story: Story) -> None:
    found = ask(analyst, story)

    assert [each["holdout"] for each in found["comparisons"]] == ["broadcast", "channel", "universal"]
    for each in found["comparisons"]:
        assert each["treated"] == side(story, "treated")
        assert each["held_out"] == side(story, each["holdout"])
    assert (found["holdout"], found["held_out"]) == ("broadcast", side(story, "broadcast"))
    assert (found["currency"], found["elapsed"]) == ("USD", 1.0)


def test_the_effect_is_that_of_the_library_on_one_row_per_person(analyst: Browser, story: Story) -> None:
    people = [n for n, arm in story.arm.items() if arm in ("treated", "broadcast")]
    within = {n: [(day, total) for day, total in story.orders[n] if -28 <= day < 7] for n in people}
    rows = {
        "arm": ["treated" if story.arm[n] == "treated" else "control" for n in people],
        "bought": [float(any(day >= 0 for day, _ in within[n])) for n in people],
        "bought_before": [float(any(day < 0 for day, _ in within[n])) for n in people],
        "value": [100.0 * sum(total for day, total in within[n] if day >= 0) for n in people],
        "value_before": [100.0 * sum(total for day, total in within[n] if day < 0) for n in people],
    }

    found = ask(analyst, story)

    for outcome, estimate in (("bought", found["lift"]["absolute"]), ("value", found["value"]["estimate"])):
        by_rows = experiments.compare(rows, outcome=outcome, arm="arm", control="control", pre=f"{outcome}_before")
        assert estimate == pytest.approx(by_rows.estimate, rel=1e-9)
    assert found["value"]["gained"] == pytest.approx(found["value"]["estimate"] * found["treated"]["people"])
    # Planned: a quarter held out of everything, a quarter of the rest of the channel, a quarter of the rest of this.
    sizes = [found["treated"]["people"], found["held_out"]["people"]]
    ratio = experiments.kernels.sample_ratio_p(sizes, [0.75, 0.25])
    assert found["sample_ratio"] == {"ok": True, "p": pytest.approx(float(ratio))}


def test_any_event_can_be_the_goal_within_days_of_ones_choice(analyst: Browser, story: Story) -> None:
    seven = ask(analyst, story, goal="Coupon Used")
    eight = ask(analyst, story, goal="Coupon Used", days=8)

    for found, days in ((seven, 7), (eight, 8)):
        for arm, key in (("treated", "treated"), ("broadcast", "held_out")):
            mine = [n for n, its in story.arm.items() if its == arm]
            taps = sum(story.did(story.taps.get(n, []), days=days) for n in mine)
            assert found[key] == {"people": len(mine), "converted": taps, "value": 0}
    assert seven["value"] is None
    assert seven["treated"] != eight["treated"]


def test_a_broadcast_that_held_nobody_out_claims_nothing(house: House, analyst: Browser, story: Story) -> None:
    (made,) = house.rows(
        "INSERT INTO broadcast (workspace_id, name, created_by, updated_by) VALUES (%s, 'x', 'a', 'a')"
        " RETURNING broadcast_id",
        story.workspace,
    )
    step = f"broadcast:{made['broadcast_id']}"
    story.intend(story.home[3], "sent", step=step)

    found = analyst.get(f"/api/measure/broadcasts/{made['broadcast_id']}").json()

    assert (found["state"], found["holdout"], found["lift"]) == ("unknown", None, None)
    assert (found["treated"]["people"], found["held_out"]["people"]) == (1, 0)


def test_a_broadcast_that_is_not_there_has_no_lift(analyst: Browser) -> None:
    assert analyst.get("/api/measure/broadcasts/999999999").status_code == 404
