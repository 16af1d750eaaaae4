"""A broadcast while worker, API, database and platform are hurt at random: nobody is lost, nobody bothered twice."""

import json
from pathlib import Path

import pytest
from tests.support.ordeal import FATES, REACHABLE, STEP, Ordeal, Plan
from tests.support.product import Product

from fanwheel.entrypoints.simulator import Simulator

SMALL = Plan(people=1_000, quota=850, per_second=150, at_once=4, kills=("worker", "database"), ends_leases=True)
LARGE = Plan(
    people=50_000,
    quota=48_000,
    per_second=400,
    at_once=16,
    kills=("worker", "worker", "worker", "worker", "api", "api", "database", "database", "product"),
)


@pytest.fixture(autouse=True)
def several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes that answer, so that one can be killed alone."""
    monkeypatch.setattr(Product, "api_processes", 2)


@pytest.mark.embedded
@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(SMALL, id="of a thousand"),
        pytest.param(LARGE, id="of fifty thousand", marks=[pytest.mark.faults, pytest.mark.timeout(900)]),
    ],
)
def test_a_broadcast_loses_nobody_whatever_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], plan: Plan
) -> None:
    with Simulator.started() as simulator, Product.started(tmp_path) as product:
        ordeal = Ordeal(product, simulator, plan)
        ordeal.prepare()

        ordeal.endure()

        with capsys.disabled():
            print(f"\n{json.dumps(vars(ordeal.told))}")
        assert_everybody_is_accounted_for(ordeal)
        assert_the_platform_was_respected(ordeal)
        assert_what_was_told_is_known(ordeal)
        for (intent_id,) in ordeal.rows("SELECT intent_id FROM intent WHERE state = 'skipped' ORDER BY 1 LIMIT 20"):
            trace = product.get(f"/api/intents/{intent_id}")
            assert trace["steps"][-1]["rule"] == trace["rule"]
            assert trace["steps"][-1]["outcome"] == "refused"


def assert_everybody_is_accounted_for(ordeal: Ordeal) -> None:
    """Each person has one message in a final state; who was kept from it was so by the rule that had to."""
    found = ordeal.rows("SELECT home_id, state, rule, notes -> -1 ->> 'rule' FROM intent WHERE step = %s", STEP)

    assert sorted(home_id for home_id, *_ in found) == sorted(ordeal.fates)
    strange = [
        (home_id, ordeal.fates[home_id], state, rule)
        for home_id, state, rule, _ in found
        if (state, rule) not in ({FATES[ordeal.fates[home_id]]} if ordeal.fates[home_id] in FATES else REACHABLE)
    ]
    assert strange == []
    unexplained = [
        (home_id, rule, noted) for home_id, state, rule, noted in found if state == "skipped" and rule != noted
    ]
    assert unexplained == []


def assert_the_platform_was_respected(ordeal: Ordeal) -> None:
    """It took each message that counts as sent, none else, and none again but where its answer was lost."""
    sent = {row[0] for row in ordeal.rows("SELECT intent_id FROM intent WHERE step = %s AND state = 'sent'", STEP)}
    unclear = {row[0] for row in ordeal.rows("SELECT intent_id FROM intent WHERE state = 'unclear'")}
    takes = ordeal.takes()

    assert ordeal.platform.violations == {}
    assert sent <= set(takes) <= sent | unclear
    assert 0.9 * min(ordeal.plan.quota, ordeal.plan.people) < len(sent) <= ordeal.plan.quota
    too_often = {intent: count for intent, count in takes.items() if count - 1 > ordeal.losses[intent]}
    assert too_often == {}
    assert ordeal.told.duplicates <= ordeal.told.dropped + ordeal.told.cut_off
    assert ordeal.told.dropped > 0


def assert_what_was_told_is_known(ordeal: Ordeal) -> None:
    """Every message is one event, and every receipt, however often it came, is known once."""
    events = ordeal.rows("SELECT count(*), count(DISTINCT message_key) FROM event WHERE name = 'Message Sent'")
    receipts = ordeal.rows("SELECT count(*) FROM receipt WHERE state = 'delivered'")

    assert events == [(ordeal.told.states["sent"],) * 2]
    assert receipts == [(ordeal.told.reported,)]
    assert ordeal.told.reported > 0
