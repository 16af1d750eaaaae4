"""Platforms that refuse, throttle, break and fall silent: who waits, who is told, and who must not notice."""

import asyncio
from datetime import timedelta

import pytest
from tests.support.reach import ACCOUNT, NOON, Town

from fanwheel.domains.private.channels.contracts import Receipt
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.reach.rules import retrying
from fanwheel.loop.operate.reach.settings import CapRule, HoldoutRules

OTHER = 8


def answering(town: Town, *statuses: int, takes: bool = False) -> None:
    """Let the sink give these answers, one after the other, and then only the last."""
    left = list(statuses)

    async def answer(key: str) -> tuple[int, str]:
        status = left.pop(0) if len(left) > 1 else left[0]
        if status == 200 or takes:
            town.sink.take(key)
        return status, ""

    town.sink.answer = answer


def later(town: Town, **by: float) -> None:
    town.now += timedelta(**by)
    town.send()


def test_a_platform_that_is_busy_is_asked_again_later_with_the_same_key(town: Town) -> None:
    answering(town, 503, 503, 200)
    town.wish(town.people(1))

    town.send()
    first = town.states()
    later(town, seconds=1)
    second = town.sink.taken.total()
    later(town, minutes=1)
    later(town, minutes=1)

    assert first == {("waiting", "unavailable"): 1}
    assert second == 0
    assert town.states() == {("sent", None): 1}
    assert town.intents()[0]["attempts"] == 3


def test_a_refusal_is_final_and_says_what_the_platform_said(town: Town) -> None:
    answering(town, 422)
    (intent_id,) = town.wish(town.people(1))
    assert intent_id is not None
    town.send()

    told = town.do(lambda tx: reach.trace(tx, intent_id))

    assert (told.state, told.rule) == ("failed", "refused")
    assert told.steps[-1].detail["code"] == "words"


def test_an_address_where_nobody_is_any_more_is_suppressed(town: Town) -> None:
    answering(town, 404)
    homes = town.people(1)
    town.wish(homes)
    town.send()

    town.wish(homes, step="broadcast:2")
    town.send()

    assert town.states() == {("failed", "recipient_gone"): 1, ("skipped", "suppressed"): 1}


def test_who_told_the_platform_to_take_no_marketing_is_still_answered(town: Town) -> None:
    answering(town, 451, 200)
    homes = town.people(1)
    town.wish(homes)
    town.send()

    town.wish(homes, step="broadcast:2")
    town.wish(homes, step="agent:1", purpose="service")
    town.send()

    assert town.states() == {("failed", "opted_out"): 1, ("skipped", "suppressed"): 1, ("sent", None): 1}


def test_an_account_whose_password_is_refused_stops_until_somebody_mends_it(town: Town) -> None:
    answering(town, 403)
    town.wish(town.people(300))
    town.send()

    later(town, hours=2)

    sent, paused = town.rows(
        "SELECT (SELECT sum(attempts) FROM intent WHERE workspace_id = %s), paused_reason FROM sender"
        " WHERE workspace_id = %s",
        town.workspace,
        town.workspace,
    )[0]
    assert paused == "the password is refused"
    assert sent <= 64  # those that were on their way when it was found out
    assert town.states().total() == 300
    assert {state for state, _ in town.states()} == {"waiting"}


def test_an_account_that_was_mended_goes_on_by_itself(town: Town) -> None:
    town.rows(
        """INSERT INTO channel_account (workspace_id, account_id, channel, key, name, created_by, updated_at)
           OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'email', %s, 'Mail', 'test', %s)""",
        town.workspace,
        ACCOUNT,
        f"key-{town.workspace}",
        NOON,
    )
    answering(town, 403)
    town.wish(town.people(2))
    town.send()
    error = town.value("SELECT error FROM channel_account WHERE workspace_id = %s", town.workspace)
    later(town, hours=1)
    before = town.states()

    town.sink.answer = town.sink._fine
    town.now += timedelta(hours=1)
    town.rows("UPDATE channel_account SET updated_at = %s WHERE workspace_id = %s", town.now, town.workspace)
    town.send()

    assert error == "the password is refused"
    assert before.total() == before["waiting", "bad_account"] == 2
    assert town.states() == {("sent", None): 2}


def test_an_account_that_is_paused_while_it_sends_stops_and_goes_on_as_it_was_changed(town: Town) -> None:
    town.rows(
        """INSERT INTO channel_account (workspace_id, account_id, channel, key, name, created_by)
           OVERRIDING SYSTEM VALUE VALUES (%s, %s, 'email', %s, 'Mail', 'test')""",
        town.workspace,
        ACCOUNT,
        f"key-{town.workspace}",
    )
    activate = "UPDATE channel_account SET is_active = %s WHERE workspace_id = %s"

    async def pause(key: str) -> tuple[int, str]:
        town.sink.take(key)
        if town.sink.taken.total() == 10:
            town.rows(activate, False, town.workspace)
            town.add_account(ACCOUNT)  # opened anew, as it is whenever it was changed
            town.now += timedelta(seconds=6)
        return 200, ""

    town.sink.answer = pause
    town.wish(town.people(60))
    town.rows("UPDATE sender SET at_once = 2 WHERE workspace_id = %s", town.workspace)
    town.send()
    while_paused = town.states()
    # A worker that died had claimed one of them: that is put right, and goes out no more than the others.
    town.rows(
        "UPDATE intent SET state = 'claimed', leased_until = %s WHERE intent_id ="
        " (SELECT max(intent_id) FROM intent WHERE workspace_id = %s AND state = 'waiting')",
        town.now - timedelta(minutes=1),
        town.workspace,
    )
    town.send()
    still_paused = town.states()

    town.rows(activate, True, town.workspace)
    town.send()

    assert 10 <= while_paused["sent", None] < 20
    assert while_paused["waiting", None] == 60 - while_paused["sent", None]
    assert still_paused == while_paused
    assert town.states() == {("sent", None): 60}
    assert town.sink.taken.total() == 60


def test_a_platform_that_is_away_is_left_alone_for_a_while(town: Town) -> None:
    answering(town, 503)
    town.wish(town.people(200))
    for _ in range(20):
        later(town, seconds=1)
    asked = town.value("SELECT sum(attempts) FROM intent WHERE workspace_id = %s", town.workspace)
    town.sink.answer = town.sink._fine
    for _ in range(10):
        later(town, minutes=20)

    assert asked < 100  # 20 s without a circuit breaker would have been ten times that
    assert town.states() == {("sent", None): 200}


def test_who_asks_for_a_slower_pace_gets_it(town: Town) -> None:
    answering(town, 429, 200)
    town.wish(town.people(3))
    town.send()
    first = town.states()

    later(town, minutes=1)
    later(town, minutes=1)

    assert first["waiting", "throttled"] == 1
    assert town.states() == {("sent", None): 3}


def test_one_full_mailbox_keeps_nobody_else_waiting(town: Town) -> None:
    answering(town, 452, 200)
    town.wish(town.people(3))
    town.rows("UPDATE sender SET at_once = 1 WHERE workspace_id = %s", town.workspace)

    town.send()

    assert town.states() == {("sent", None): 2, ("waiting", "recipient_busy"): 1}


@pytest.mark.parametrize(
    ("choice", "expected", "taken"),
    [
        ("not_at_all", ("unclear", "unclear"), 1),
        ("twice", ("sent", None), 2),
    ],
)
def test_where_nobody_knows_the_operator_decides(
    town: Town, choice: str, expected: tuple[str, str | None], taken: int
) -> None:
    answering(town, 0, 200, takes=True)  # it takes the message and says nothing
    town.wish(town.people(1))
    town.rows("UPDATE sender SET when_unclear = %s WHERE workspace_id = %s", choice, town.workspace)

    town.send()
    later(town, minutes=1)

    assert town.states() == {expected: 1}
    assert town.sink.taken.total() == taken
    assert town.intents()[0]["doubts"] == 1


def test_a_platform_that_knows_our_keys_is_simply_asked_again(town: Town) -> None:
    town.add_account(ACCOUNT, capabilities=frozenset({"text", "idempotent"}))
    answering(town, 0, 200, takes=True)
    town.wish(town.people(1))

    town.send()
    later(town, minutes=1)

    assert town.states() == {("sent", None): 1}
    assert len(town.sink.taken) == 1  # under one key


def test_a_slow_platform_delays_nobody_else(town: Town) -> None:
    release = asyncio.Event()
    quick = [0]

    async def answer(key: str) -> tuple[int, str]:
        town.sink.take(key)
        if key in slow_keys:
            await release.wait()
        else:
            quick[0] += 1
        return 200, ""

    slow_keys: set[str] = set()
    town.add_account(OTHER)
    town.wish(town.people(100))
    town.wish(town.people(100), account_id=OTHER, step="broadcast:2")
    rows = town.rows(
        "SELECT intent_id, made_at FROM intent WHERE workspace_id = %s AND account_id = %s", town.workspace, ACCOUNT
    )
    from fanwheel.loop.operate.reach.keys import key_of

    slow_keys.update(key_of(town.workspace, intent_id, made_at) for intent_id, made_at in rows)
    town.sink.answer = answer

    async def both() -> None:
        sending = asyncio.create_task(town.sender().drain())
        while quick[0] < 100:
            await asyncio.sleep(0.01)
        release.set()
        await sending

    town.runner.run(asyncio.wait_for(both(), 60))

    assert town.states() == {("sent", None): 200}


def test_no_more_are_on_their_way_at_once_than_the_account_may_have(town: Town) -> None:
    async def answer(key: str) -> tuple[int, str]:
        town.sink.take(key)
        await asyncio.sleep(0.003)
        return 200, ""

    town.sink.answer = answer
    town.wish(town.people(120))
    town.rows("UPDATE sender SET at_once = 5 WHERE workspace_id = %s", town.workspace)

    town.send()

    assert town.states() == {("sent", None): 120}
    assert town.sink.most_at_once == 5


def test_a_pace_holds_for_all_workers_together(town: Town) -> None:
    town.add_account(ACCOUNT, per_second=100.0)  # and ten at once
    town.wish(town.people(100))
    stop = asyncio.Event()

    async def two_workers() -> list[int]:
        running = [asyncio.create_task(town.sender().run(stop)) for _ in range(2)]
        seen: list[int] = []
        for second in range(4):
            least = 1 if second == 0 else seen[-1] + 1
            while town.sink.taken.total() < least:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.4)
            seen.append(town.sink.taken.total())
            town.now += timedelta(seconds=1)
        stop.set()
        await asyncio.gather(*running)
        return seen

    seen = town.runner.run(asyncio.wait_for(two_workers(), 60))

    assert all(count <= 1 + 10 * second for second, count in enumerate(seen))


def test_who_may_have_got_it_and_is_refused_later_is_in_doubt_and_not_left_out(town: Town) -> None:
    async def answer(key: str) -> tuple[int, str]:
        town.sink.take(key)
        return 0, ""

    town.sink.answer = answer
    homes = town.people(1)
    town.wish(homes)
    town.rows("UPDATE sender SET when_unclear = 'twice' WHERE workspace_id = %s", town.workspace)
    town.send()
    before = town.states()

    town.say(homes, is_granted=False, at=town.now)
    town.now += timedelta(minutes=1)
    town.send()

    assert before == {("waiting", "unclear"): 1}
    assert town.states() == {("unclear", "consent"): 1}
    assert town.sink.taken.total() == 1


def test_what_a_receipt_proves_is_not_said_again_though_nobody_answered(town: Town) -> None:
    answering(town, 0, takes=True)
    town.wish(town.people(1))
    town.rows("UPDATE sender SET when_unclear = 'twice' WHERE workspace_id = %s", town.workspace)
    town.send()

    told = [Receipt(key="1", at=town.now, state="delivered", message=next(iter(town.sink.taken)))]
    town.do(lambda tx: reach.take_receipts(tx, account_id=ACCOUNT, receipts=told, hasher=town.hasher, now=town.now))
    later(town, minutes=1)

    assert town.states() == {("sent", None): 1}
    assert town.sink.taken.total() == 1
    assert len(town.facts("Message Sent")) == 1


def test_a_message_that_is_tried_again_is_not_kept_back_by_itself(town: Town) -> None:
    town.rule(caps=(CapRule("day", 1, 86_400),), holdouts=HoldoutRules(universal=0, channel=0))
    answering(town, 0, 200, takes=True)
    town.wish(town.people(1), expires_at=NOON + timedelta(days=3))
    town.rows("UPDATE sender SET when_unclear = 'twice' WHERE workspace_id = %s", town.workspace)

    town.send()
    later(town, minutes=1)

    assert town.states() == {("sent", None): 1}


def test_a_trace_tells_what_followed_an_attempt_after_what_led_to_it(town: Town) -> None:
    answering(town, 503)
    homes = town.people(1)
    (intent_id,) = town.wish(homes)
    assert intent_id is not None
    town.send()
    town.say(homes, is_granted=False, at=town.now)
    later(town, minutes=1)

    told = town.do(lambda tx: reach.trace(tx, intent_id))

    assert [(step.rule, step.outcome) for step in told.steps][-3:] == [
        ("holdout", "passed"),
        ("unavailable", "postponed"),
        ("consent", "refused"),
    ]


def test_backoff_grows_and_believes_the_platform() -> None:
    waits = [retrying.backoff(attempt, None) for attempt in range(1, 13)]

    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=2)
    assert waits[-1] <= timedelta(hours=2)
    assert retrying.backoff(1, 90.0) == timedelta(seconds=90)
    assert NOON + sum(waits, timedelta()) > NOON + timedelta(hours=1)
