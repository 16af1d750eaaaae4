"""Rights that people give are used up, and quotas are never exceeded, however many send at once."""

import asyncio
from datetime import datetime, timedelta

from tests.support.reach import ACCOUNT, NOON, Town

from fanwheel.domains.private.channels.adapter import Allowance
from fanwheel.domains.private.channels.contracts import Address
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.reach.contracts import Opener

REPLIES = Allowance("reply", "message", 48 * 3600, 5)
DAY = timedelta(days=1)


def address_of(town: Town, home: int) -> Address:
    return Address("email", town.value("SELECT value FROM identifier WHERE home_id = %s", home))


def open_for(
    town: Town, home: int, by: Opener, *, at: datetime | None = None, allowance: str = "", times: int = 1
) -> None:
    opening = reach.Opening(ACCOUNT, address_of(town, home), by, at or town.now, allowance, times)
    town.do(lambda tx: reach.open_windows(tx, [opening], now=town.now))


def say(town: Town, home: int, count: int, *, begin: int = 0, expires_at: datetime | None = None) -> None:
    for number in range(begin, begin + count):
        town.wish([home], step=f"agent:{number}", purpose="service", expires_at=expires_at)


def test_without_a_right_nothing_is_said(town: Town) -> None:
    town.allow(REPLIES)
    (home,) = town.people(1)

    say(town, home, 1)
    town.send()

    assert town.states() == {("skipped", "window"): 1}


def test_a_right_is_used_up_and_given_anew_with_the_next_message(town: Town) -> None:
    town.allow(REPLIES)
    (home,) = town.people(1)
    open_for(town, home, "message")
    say(town, home, 7)
    town.send()
    first = town.states()

    town.now += timedelta(hours=1)
    open_for(town, home, "message")
    say(town, home, 2, begin=7)
    town.send()

    assert first == {("sent", None): 5, ("skipped", "window"): 2}
    assert town.states() == {("sent", None): 7, ("skipped", "window"): 2}


def test_what_may_wait_goes_as_soon_as_the_person_writes(town: Town) -> None:
    town.allow(REPLIES)
    (home,) = town.people(1)
    say(town, home, 1, expires_at=NOON + 5 * DAY)
    town.send()
    before = town.states()

    town.now += DAY
    open_for(town, home, "message")
    town.send()

    assert before == {("waiting", "window"): 1}
    assert town.states() == {("sent", None): 1}


def test_grants_add_up_and_are_used_one_by_one(town: Town) -> None:
    town.allow(Allowance("greeting", "grant", None, None))
    (home,) = town.people(1)
    open_for(town, home, "grant", allowance="greeting", times=2)
    open_for(town, home, "grant", allowance="greeting")

    say(town, home, 5)
    town.send()

    assert town.states() == {("sent", None): 3, ("skipped", "window"): 2}


def test_a_right_that_was_taken_back_is_none(town: Town) -> None:
    town.allow(REPLIES)
    (home,) = town.people(1)
    open_for(town, home, "message")
    town.do(lambda tx: reach.close_windows(tx, ACCOUNT, [address_of(town, home)]))

    say(town, home, 1)
    town.send()

    assert town.states() == {("skipped", "window"): 1}


def test_a_message_that_surely_did_not_go_out_gives_its_right_back(town: Town) -> None:
    town.allow(REPLIES)
    (home,) = town.people(1)
    open_for(town, home, "message")

    async def refuse(_: str) -> tuple[int, str]:
        return 422, ""

    town.sink.answer = refuse
    say(town, home, 5)
    town.send()
    town.sink.answer = town.sink._fine
    say(town, home, 6, begin=5)
    town.send()

    assert town.states() == {("failed", "refused"): 5, ("sent", None): 5, ("skipped", "window"): 1}


def test_a_quota_holds_though_several_workers_send_at_once(town: Town) -> None:
    town.allow(Allowance("a day", "always", 86_400, 120, "account"))
    homes = town.people(400)
    town.wish(homes, expires_at=NOON + 10 * DAY)

    async def together() -> None:
        await asyncio.gather(*(town.sender().drain() for _ in range(4)))

    per_day: list[int] = []
    for _ in range(5):
        before = sum(town.sink.taken.values())
        town.runner.run(together())
        per_day.append(sum(town.sink.taken.values()) - before)
        town.now += DAY + timedelta(hours=2)

    assert per_day == [120, 120, 120, 40, 0]
    assert town.states() == {("sent", None): 400}


def test_a_quota_of_each_person_is_counted_for_each(town: Town) -> None:
    town.allow(Allowance("a month", "always", 30 * 86_400, 2, "person"))
    homes = town.people(10)
    for number in range(3):
        town.wish(homes, step=f"broadcast:{number}")

    town.send()

    assert town.states() == {("sent", None): 20, ("skipped", "quota"): 10}


def test_allowances_are_rows_that_can_be_changed_and_dated(town: Town) -> None:
    town.allow(Allowance("a day", "always", 86_400, 2, "account"))
    town.wish(town.people(1))
    town.send()
    town.rows(
        """WITH ended AS (UPDATE allowance SET until = %s WHERE workspace_id = %s)
           INSERT INTO allowance (workspace_id, channel, name, opens, lasts_s, most, per, since)
           VALUES (%s, 'email', 'a day', 'always', 86400, 5, 'account', %s)""",
        NOON + DAY,
        town.workspace,
        town.workspace,
        NOON + DAY,
    )

    town.wish(town.people(3), step="broadcast:2")
    town.send()
    first = town.states()
    town.now = NOON + DAY
    town.wish(town.people(9), step="broadcast:3")
    town.send()

    assert first == {("sent", None): 2, ("skipped", "quota"): 2}
    # What went out under the old figures a day ago still counts.
    assert town.states() == {("sent", None): 5, ("skipped", "quota"): 8}


def test_what_is_on_its_way_counts_as_said_in_a_window_that_opens_meanwhile(town: Town) -> None:
    town.allow(REPLIES)
    (home,) = town.people(1)
    open_for(town, home, "message")
    say(town, home, 2)
    release = asyncio.Event()

    async def wait(key: str) -> tuple[int, str]:
        town.sink.take(key)
        await release.wait()
        return 200, ""

    town.sink.answer = wait

    async def meanwhile() -> None:
        sending = asyncio.create_task(town.sender().drain())
        while sum(town.sink.taken.values()) < 2:
            await asyncio.sleep(0.01)
        town.now += timedelta(hours=1)
        opening = reach.Opening(ACCOUNT, address_of(town, home), "message", town.now)

        async with town.database.transaction(town.workspace) as tx:
            await _open(tx, opening)
        release.set()
        await sending

    async def _open(tx: Transaction, opening: reach.Opening) -> None:
        await reach.open_windows(tx, [opening], now=town.now)

    town.runner.run(asyncio.wait_for(meanwhile(), 60))

    assert town.value("SELECT used FROM contact_window WHERE workspace_id = %s", town.workspace) == 2
