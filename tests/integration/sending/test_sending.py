"""What is wished goes out once, and what becomes of it is written down."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.support.reach import ACCOUNT, HELLO, NOON, Town

from fanwheel.domains.private.channels.contracts import Receipt, Text
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.reach import settling
from fanwheel.loop.operate.reach.settling import Account

DAY = timedelta(days=1)


def test_a_message_goes_out_to_everybody_once_and_becomes_a_fact(town: Town) -> None:
    homes = town.people(30)

    first = town.wish(homes)
    again = town.wish(homes)
    town.send()
    town.send()

    assert None not in first
    assert again == [None] * 30
    assert sorted(town.sink.taken.values()) == [1] * 30
    assert town.states() == {("sent", None): 30}
    assert len(town.facts("Message Sent")) == 30


def test_a_fact_names_what_it_belongs_to_and_goes_by_the_address(town: Town) -> None:
    home = town.people(1)[0]
    (intent_id,) = town.wish([home])
    town.send()

    ((refs, properties),) = town.facts("Message Sent")

    assert refs == [["email", town.value("SELECT value FROM identifier WHERE home_id = %s", home)]]
    assert properties == {
        "channel": "email",
        "account_id": ACCOUNT,
        "intent_id": intent_id,
        "step": "broadcast:1",
        "purpose": "marketing",
        "campaign": "broadcast:1",
    }


def test_the_same_is_said_to_many_without_keeping_it_for_each(town: Town) -> None:
    homes = town.people(40)
    wish = reach.Wish(
        home_id=homes[0], step="broadcast:9", channel="email", account_id=ACCOUNT, purpose="marketing", parts=HELLO
    )

    async def intend(tx: Transaction) -> list[int]:
        wording = await reach.word(tx, wish)
        return [await reach.intend_many(tx, wish, homes, wording_id=wording, now=NOON) for _ in range(2)]

    assert town.do(intend) == [40, 0]
    town.send()
    assert town.states() == {("sent", None): 40}


def test_templates_are_written_at_once_for_all_and_who_cannot_be_written_to_is_told_why(town: Town) -> None:
    good, bad = town.people(2)
    asked: list[list[int]] = []

    async def write(_: Transaction, writings: Sequence[reach.Writing]) -> list[reach.Written]:
        asked.append([writing.version_id for writing in writings])
        return [
            reach.Written((), {"why": "unknown_variable", "name": "coupon"})
            if writing.person_id == bad
            else reach.Written((Text("hi"),), note={"variant": "a"})
            for writing in writings
        ]

    town.wish([good, bad], parts=None, template_version_id=5)
    town.send(write)

    assert asked == [[5, 5]]
    assert town.states() == {("sent", None): 1, ("skipped", "content"): 1}
    assert town.facts("Message Sent")[0][1]["variant"] == "a"


@pytest.mark.parametrize(
    ("says", "purpose", "expected"),
    [
        (None, "marketing", ("skipped", "consent")),
        (False, "marketing", ("skipped", "consent")),
        (None, "transactional", ("sent", None)),
        (True, "marketing", ("sent", None)),
    ],
)
def test_marketing_needs_a_yes(town: Town, says: bool | None, purpose: str, expected: tuple[str, str | None]) -> None:
    town.wish(town.people(1, says=says), purpose=purpose)

    town.send()

    assert town.states() == {expected: 1}


def test_who_has_no_address_on_the_channel_is_skipped(town: Town) -> None:
    homes = town.people(1)
    town.add_account(ACCOUNT, address="phone")

    town.wish(homes, purpose="service")
    town.send()

    assert town.states() == {("skipped", "address"): 1}


def test_two_who_turn_out_to_be_one_get_a_message_once(town: Town) -> None:
    one, other = town.people(2)
    town.wish([one, other])
    town.rows("UPDATE identifier SET person_id = %s WHERE home_id = %s", one, other)

    town.send()

    assert town.states() == {("sent", None): 1, ("skipped", "repeated"): 1}


def test_nobody_who_was_erased_is_written_to(town: Town) -> None:
    homes = town.people(1)
    town.wish(homes)
    town.rows("DELETE FROM identifier WHERE home_id = %s", homes[0])

    town.send()

    assert town.states() == {("skipped", "erased"): 1}
    assert not town.sink.taken


# ---------------------------------------------------------------- by time
def test_quiet_hours_are_those_of_the_person_and_the_message_follows_in_the_morning(town: Town) -> None:
    town.rule(quiet=({"begins": 22 * 60, "ends": 8 * 60},), holdouts={"universal": 0, "channel": 0})
    town.wish(town.people(1, zone="America/Los_Angeles"), expires_at=NOON + DAY)  # four in the morning there
    town.wish(town.people(1, zone="Asia/Tokyo"), expires_at=NOON + DAY)  # nine in the evening
    town.send()
    before = town.states()

    town.now = NOON + timedelta(hours=4)
    town.send()

    assert before == {("waiting", "quiet_hours"): 1, ("sent", None): 1}
    assert town.states() == {("sent", None): 2}


def test_caps_hold_over_all_channels_and_let_go_what_can_wait(town: Town) -> None:
    town.rule(caps=({"name": "day", "most": 1, "window_s": 86_400},), holdouts={"universal": 0, "channel": 0})
    homes = town.people(5)
    town.add_account(8)
    for step, account in (("broadcast:1", ACCOUNT), ("broadcast:2", 8), ("broadcast:3", 8)):
        town.wish(homes, step=step, account_id=account, expires_at=NOON + 3 * DAY)

    for _ in range(4):
        town.send()
        town.now += DAY

    assert town.states() == {("sent", None): 15}
    days = [intent["due_at"].date() for intent in town.intents()]
    assert sorted(days) == sorted([NOON.date()] * 5 + [(NOON + DAY).date()] * 5 + [(NOON + 2 * DAY).date()] * 5)


def test_what_waited_too_long_says_what_it_waited_for(town: Town) -> None:
    town.rule(caps=({"name": "never", "most": 0, "window_s": 86_400},), holdouts={"universal": 0, "channel": 0})
    (intent_id,) = town.wish(town.people(1), expires_at=NOON + timedelta(hours=30))
    assert intent_id is not None
    for hours in (0, 24, 30):
        town.now = NOON + timedelta(hours=hours)
        town.send()

    told = town.do(lambda tx: reach.trace(tx, intent_id))

    assert (told.state, told.rule) == ("skipped", "expired")
    assert told.steps[-1].detail["waited_for"] == "cap"
    assert [step.rule for step in told.steps if step.outcome == "postponed"] == ["cap"]


# ---------------------------------------------------------------- holdouts
def test_who_is_held_out_leaves_a_ghost_and_hears_nothing(town: Town) -> None:
    town.rule(holdouts={"universal": 0.5, "channel": 0})
    homes = town.people(200)
    for step in ("broadcast:1", "broadcast:2"):
        town.wish(homes, step=step)
    town.send()

    ghosts = town.facts("Message Held Out")
    held_out = {
        step: {
            intent["home_id"] for intent in town.intents() if intent["state"] == "held_out" and intent["step"] == step
        }
        for step in ("broadcast:1", "broadcast:2")
    }

    assert held_out["broadcast:1"] == held_out["broadcast:2"]
    assert 60 < len(held_out["broadcast:1"]) < 140
    assert len(ghosts) == 2 * len(held_out["broadcast:1"])
    assert {ghost[1]["holdout"] for ghost in ghosts} == {"universal"}
    assert sum(town.sink.taken.values()) == 400 - len(ghosts)
    assert set(town.do(lambda tx: reach.list_held_out(tx, homes))) == held_out["broadcast:1"]


def test_a_step_can_hold_out_of_itself_and_says_so_as_a_campaign(town: Town) -> None:
    town.do(lambda tx: reach.hold_out(tx, "broadcast:1", 0.5))
    town.wish(town.people(60))
    town.send()

    ghosts = [properties for _, properties in town.facts("Message Held Out")]

    assert 10 < len(ghosts) < 50
    assert {(ghost["campaign"], ghost["holdout"]) for ghost in ghosts} == {("broadcast:1", "broadcast:1")}


# ---------------------------------------------------------------- what platforms say
def test_a_task_counts_as_sent_when_somebody_has_confirmed_it(town: Town) -> None:
    async def answer(key: str) -> tuple[int, str]:
        town.sink.take(key)
        return 200, "task"

    town.sink.answer = answer
    (intent_id,) = town.wish(town.people(1))
    town.send()
    before = (town.states(), town.facts("Message Sent"))
    key = next(iter(town.sink.taken))
    receipt = Receipt(key="r1", at=NOON, state="confirmed", platform_id=f"sink-{key}")

    def take(tx: Transaction) -> Any:
        return reach.take_receipts(tx, account_id=ACCOUNT, receipts=[receipt], hasher=town.hasher, now=NOON)

    assert [town.do(take), town.do(take)] == [1, 0]
    assert before == ({("task", None): 1}, [])
    assert town.states() == {("sent", None): 1}
    assert [properties["intent_id"] for _, properties in town.facts("Message Sent")] == [intent_id]


def test_receipts_are_found_by_our_key_and_become_facts_that_tell_machines_apart(town: Town) -> None:
    town.wish(town.people(1))
    town.send()
    key = next(iter(town.sink.taken))
    receipts = [
        Receipt(key="1", at=NOON, state="delivered", message=key),
        Receipt(key="2", at=NOON, state="opened", message=key, is_machine=True),
        Receipt(key="3", at=NOON, state="opened", message=key),
        Receipt(key="4", at=NOON, state="opened", message="fw-999-1-zz"),
    ]

    taken = town.do(
        lambda tx: reach.take_receipts(tx, account_id=ACCOUNT, receipts=receipts, hasher=town.hasher, now=NOON)
    )

    assert taken == 3
    assert len(town.facts("Message Delivered")) == 1
    assert sorted(fact[1].get("is_machine", False) for fact in town.facts("Message Opened")) == [False, True]


@pytest.mark.parametrize(
    "receipt",
    [
        {"state": "bounced", "is_permanent": True},
        {"state": "complained"},
    ],
)
def test_who_bounces_for_good_or_complains_is_written_to_no_more(town: Town, receipt: dict[str, Any]) -> None:
    homes = town.people(1)
    town.wish(homes)
    town.send()
    told = [Receipt(key="1", at=NOON, message=next(iter(town.sink.taken)), **receipt)]
    town.do(lambda tx: reach.take_receipts(tx, account_id=ACCOUNT, receipts=told, hasher=town.hasher, now=NOON))

    town.wish(homes, step="broadcast:2")
    town.send()

    assert town.states()["skipped", "suppressed"] == 1
    assert sum(town.sink.taken.values()) == 1


# ---------------------------------------------------------------- why, or why not
def test_a_trace_tells_every_rule_in_its_order(town: Town) -> None:
    (intent_id,) = town.wish(town.people(1))
    assert intent_id is not None
    town.send()

    told = town.do(lambda tx: reach.trace(tx, intent_id))

    assert [step.rule for step in told.steps] == [
        *("expired", "erased", "repeated", "address", "suppressed", "consent", "window", "quota", "cap"),
        *("quiet_hours", "content", "holdout", "provider"),
    ]
    assert {step.outcome for step in told.steps} == {"passed"}


def test_a_trace_ends_with_the_rule_that_refused(town: Town) -> None:
    (intent_id,) = town.wish(town.people(1, says=False))
    assert intent_id is not None
    town.send()

    told = town.do(lambda tx: reach.trace(tx, intent_id))

    assert [step.rule for step in told.steps][-2:] == ["suppressed", "consent"]
    assert told.steps[-1].outcome == "refused"
    assert told.steps[-1].detail == {"why": "withdrawn"}


def test_what_was_taken_back_does_not_go_out(town: Town) -> None:
    town.wish(town.people(3))
    assert town.do(lambda tx: reach.cancel(tx, "broadcast:1", now=NOON)) == 3

    town.send()

    assert not town.sink.taken
    assert town.states() == {("canceled", None): 3}


def test_a_sender_that_listens_sends_as_soon_as_something_is_wished(town: Town) -> None:
    homes = town.people(1)
    stop = asyncio.Event()

    async def listen_and_wish() -> None:
        running = asyncio.create_task(town.sender().run(stop))
        await asyncio.sleep(0.2)
        async with town.database.transaction(town.workspace) as tx:
            wish = reach.Wish(
                home_id=homes[0], step="agent:1", channel="email", account_id=ACCOUNT, purpose="service", parts=HELLO
            )
            await reach.intend(tx, [wish], now=NOON)
        while not town.sink.taken:
            await asyncio.sleep(0.01)
        stop.set()
        await running

    town.runner.run(asyncio.wait_for(listen_and_wish(), 30))

    assert town.states() == {("sent", None): 1}


def test_nothing_is_lost_of_a_sender_that_had_only_claimed(town: Town) -> None:
    town.wish(town.people(3))
    town.rows("UPDATE intent SET state = 'claimed', leased_until = %s WHERE workspace_id = %s", NOON, town.workspace)
    town.now = NOON + timedelta(minutes=5)

    lost = town.do(lambda tx: settling.find_lost(tx, Account(ACCOUNT, "not_at_all"), now=town.now))
    town.send()

    assert lost == 3
    assert town.states() == {("sent", None): 3}


@pytest.mark.parametrize(
    ("about", "text", "figures"),
    [
        ({"text_limit": 10}, "x" * 11, {"count": 11, "most": 10, "unit": "characters"}),
        ({"text_limit": 3, "text_bytes": 9}, "春茶上新", {"count": 12, "most": 9, "unit": "bytes"}),
    ],
)
def test_a_text_too_long_for_the_channel_is_refused_before_it_is_claimed(
    town: Town, about: dict[str, int], text: str, figures: dict[str, Any]
) -> None:
    town.add_account(ACCOUNT, **about)
    one, other = town.people(2)
    town.wish([one], parts=(Text("x" * 9),))
    town.wish([other], parts=(Text("fine"), Text(text)))

    town.send()

    assert [(row["state"], row["rule"], row["attempts"]) for row in town.intents()] == [
        ("sent", None, 1),
        ("skipped", "content", 0),
    ]
    note = town.intents()[1]["notes"][-1]
    assert {name: note[name] for name in ("why", "part", *figures)} == {"why": "too_long", "part": 2, **figures}


def test_a_claim_reads_what_it_takes_and_not_all_that_waits(town: Town) -> None:
    statement = sqlfile.load("fanwheel.loop.operate.reach", "gate.sql")["claim"]
    asked = {"account_id": ACCOUNT, "now": NOON, "most": 100, "least": 0}
    town.rows(
        """INSERT INTO intent (workspace_id, home_id, step, channel, account_id, purpose, due_at)
           SELECT %s, home_id, 'broadcast:1', 'email', %s, 'marketing', %s FROM generate_series(1, 20000) AS home_id""",
        *(town.workspace, ACCOUNT, NOON - DAY),
    )
    town.rows("ANALYZE intent")

    plan = town.do(lambda tx: tx.all("EXPLAIN " + statement, **asked))

    town.rows("DELETE FROM intent WHERE workspace_id = %s", town.workspace)
    assert "Sort" not in "\n".join(row["QUERY PLAN"] for row in plan)
