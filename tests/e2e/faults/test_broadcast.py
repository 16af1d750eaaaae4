"""A broadcast while worker, API, database and platforms are hurt at random: nobody is lost, nobody bothered twice."""

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.support.ordeal import Ordeal
from tests.support.ordeal_stage import FATES, HELD_OUT, TRIED, UNIVERSAL, VARIANTS, WINNER, Plan
from tests.support.product import Product

from fanwheel.entrypoints.simulator import Simulator
from fanwheel.loop.operate.broadcasts import sampling
from fanwheel.loop.operate.reach.rules.case import Holdout
from fanwheel.loop.operate.reach.rules.holdouts import is_held_out

SMALL = Plan(
    people=1_000,
    quota=750,
    per_second=150,
    per_minute=9_000,
    at_once=4,
    kills=("worker amid a portion", "database amid a portion"),
    ends_leases=True,
)
LARGE = Plan(
    people=50_000,
    quota=40_000,
    per_second=400,
    per_minute=24_000,
    at_once=16,
    kills=(
        *("worker amid a portion",) * 6,
        *("database amid a portion",) * 2,
        *("worker", "api", "api", "database", "product"),
    ),
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
        assert_the_platforms_were_respected(ordeal)
        assert_each_heard_one_variant_on_one_channel(ordeal)
        assert_the_api_tells_the_same(ordeal)
        assert_what_was_told_is_known(ordeal)


def assert_everybody_is_accounted_for(ordeal: Ordeal) -> None:
    """Each person has one last message in a final state; who was kept from it was so by the rule that had to."""
    fates = ordeal.stage.fates
    found = ordeal.rows(
        "SELECT occurrence::int, home_id, state, rule, notes -> -1 ->> 'rule', fallback = 'did' IS TRUE FROM intent"
        " WHERE step = %s", ordeal.step
    )  # fmt: skip
    last = [row for row in found if not row[-1]]

    assert sorted(home_id for _, home_id, *_ in last) == sorted(fates)
    assert [
        (home_id, fates[home_id], route, state, rule)
        for route, home_id, state, rule, *_ in last
        if (route, state, rule) not in FATES[fates[home_id]]
    ] == []
    assert [row for row in found if row[2] == "skipped" and row[3] != row[4]] == []
    ((salt,),) = ordeal.rows("SELECT salt FROM reach_setting")
    shares = (Holdout("universal", UNIVERSAL), Holdout(ordeal.step, HELD_OUT))
    kept_out = {person for person in fates if any(is_held_out(each, person, salt=salt) for each in shares)}
    assert {home_id for _, home_id, state, *_ in last if state == "held_out"} <= kept_out
    assert not kept_out & {home_id for _, home_id, state, *_ in last if state == "sent"}


def assert_the_platforms_were_respected(ordeal: Ordeal) -> None:
    """They took each message that counts as sent, none else, and none again but where an answer was lost."""
    sent, unclear = _intents(ordeal, "sent"), _intents(ordeal, "unclear")
    takes = ordeal.takes()

    assert {name: platform.violations for name, platform in ordeal.platforms.items() if platform.violations} == {}
    assert sent <= set(takes) <= sent | unclear
    by_whatsapp = len({taken.to for taken in ordeal.platforms["whatsapp"].messages})
    assert 0.9 * ordeal.plan.quota < by_whatsapp <= ordeal.plan.quota
    assert {intent: count for intent, count in takes.items() if count - 1 > ordeal.losses[intent]} == {}
    assert ordeal.told.duplicates <= ordeal.told.dropped + ordeal.told.cut_off
    assert min(ordeal.told.dropped, ordeal.told.lost_portions) > 0


def assert_each_heard_one_variant_on_one_channel(ordeal: Ordeal) -> None:
    """Those on whom variants were tried heard the one that was drawn for them, the rest the one that was chosen."""
    ((salt,),) = ordeal.rows("SELECT salt FROM broadcast WHERE broadcast_id = %s", ordeal.broadcast_id)
    heard = ordeal.heard()

    meant = {
        each.person: sampling.variant_of(each.person, salt=salt, variants=VARIANTS)
        if sampling.is_sampled(each.person, salt=salt, share=TRIED)
        else WINNER
        for each in heard
    }
    assert [person for person, times in Counter(each.person for each in heard).items() if times > 1] == []
    assert {each.person: each.variant for each in heard} == meant
    assert {each[2:] for each in heard} == {(channel, variant) for channel in ordeal.platforms for variant in VARIANTS}


def assert_the_api_tells_the_same(ordeal: Ordeal) -> None:
    """The broadcast, its report and its people say of everybody what the platforms say."""
    path = f"/api/broadcasts/{ordeal.broadcast_id}"
    found = ordeal.product.get(path)
    told = ordeal.product.get(f"{path}/report", days=1)  # counted now, and not told from what is kept
    people = list(ordeal.list_people())
    by_state = Counter(each["state"] for each in people)
    unclear = _intents(ordeal, "unclear")
    arrived = [each for each in ordeal.heard() if each.intent not in unclear]

    assert (found["state"], found["people"]) == ("done", ordeal.plan.people)
    assert sorted(each["person_id"] for each in people) == sorted(ordeal.stage.fates)
    assert told["progress"] == dict.fromkeys(told["progress"], 0) | by_state | {
        "audience": ordeal.plan.people,
        "released": ordeal.plan.people,
    }
    assert found["progress"] == told["progress"]
    refused = Counter((each["rule"], each["state"]) for each in people if each["state"] != "sent")
    assert {(each["rule"], each["state"]): each["people"] for each in told["why_not"]} == refused
    assert {each["channel"]: each["sent"] for each in told["by_route"]} == Counter(each.channel for each in arrived)
    assert {each["variant"]: each["sent"] for each in told["by_variant"]} == Counter(each.variant for each in arrived)
    assert sum(each["sent"] for each in told["series"]) == by_state["sent"] == len(arrived)
    assert (told["experiment"]["winner"], told["experiment"]["decided_by"]) == (WINNER, "hand")
    for each in [each for each in people if each["state"] == "skipped"][:20]:
        trace = ordeal.product.get(f"/api/intents/{each['intent_id']}")
        assert (trace["steps"][-1]["rule"], trace["steps"][-1]["outcome"]) == (each["rule"], "refused")


def assert_what_was_told_is_known(ordeal: Ordeal) -> None:
    """Every message is one event, and every receipt, however often it came, is known once."""
    events = ordeal.rows("SELECT count(*), count(DISTINCT message_key) FROM event WHERE name = 'Message Sent'")
    receipts = ordeal.rows("SELECT count(*) FROM receipt WHERE state = 'delivered'")

    assert events == [(len(_intents(ordeal, "sent")),) * 2]
    assert receipts == [(ordeal.told.reported,)]
    assert ordeal.told.reported > 0


def _intents(ordeal: Ordeal, state: str) -> set[int]:
    found = ordeal.rows("SELECT intent_id FROM intent WHERE step = %s AND state = %s", ordeal.step, state)
    return {intent_id for (intent_id,) in found}
