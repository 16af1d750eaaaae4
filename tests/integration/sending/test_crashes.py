"""Workers are killed amid a broadcast to a platform that loses answers: who is written to, and how often."""

import asyncio
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.reach import HELLO, Town

PEOPLE = 210
AT_ONCE = 16
KILLS = 2


@pytest.mark.once
@pytest.mark.parametrize("choice", ["twice", "not_at_all"])
def test_nobody_is_lost_and_only_what_was_on_its_way_is_in_doubt(town: Town, towns_home: Path, choice: str) -> None:
    rng = random.Random(11)
    lost_answers: set[str] = set()

    async def answer(key: str) -> tuple[int, str]:
        await asyncio.sleep(rng.uniform(0, 0.02))
        if rng.random() < 0.03:
            return 503, ""
        town.sink.take(key)
        if rng.random() < 0.02:
            lost_answers.add(key)
            return 0, ""
        return 200, ""

    town.sink.answer = answer
    town.now = datetime.now(UTC)
    town.wish(town.people(PEOPLE), parts=HELLO)
    town.rows(
        "UPDATE sender SET when_unclear = %s, at_once = %s WHERE workspace_id = %s", choice, AT_ONCE, town.workspace
    )

    town.runner.run(asyncio.wait_for(_send_with_kills(town, towns_home, rng), 200))

    states = town.states()
    doubts = sum(intent["doubts"] for intent in town.intents())
    twice = sum(count - 1 for count in town.sink.taken.values())
    assert states.total() == PEOPLE
    assert {state for state, _ in states} <= {"sent", "unclear"}
    if choice == "twice":
        assert states == {("sent", None): PEOPLE}
        assert len(town.sink.taken) == PEOPLE  # nobody is lost
        assert twice <= doubts  # nobody gets it again but where it was in doubt
        assert doubts <= len(lost_answers) + KILLS * AT_ONCE
    else:
        assert twice == 0
        unclear = sum(count for (state, _), count in states.items() if state == "unclear")
        assert unclear == doubts <= len(lost_answers) + KILLS * AT_ONCE
        assert len(town.sink.taken) >= PEOPLE - unclear
    assert len(town.facts("Message Sent")) == sum(count for (state, _), count in states.items() if state == "sent")


async def _send_with_kills(town: Town, home: Path, rng: random.Random) -> None:
    """Kill a worker again and again, and let the last one finish; leases end at once instead of in a minute."""
    command = [sys.executable, "-m", "tests.integration.sending.child", town.dsn, town.sink.url, str(home)]
    goals = [(number + 1) * PEOPLE // (KILLS + 1) for number in range(KILLS)]
    for goal in goals:
        process = await asyncio.to_thread(subprocess.Popen, command)
        try:
            while town.sink.taken.total() < goal:
                await asyncio.sleep(rng.uniform(0.005, 0.03))
        finally:
            process.kill()
            process.wait()
        await _end_leases(town)
    process = await asyncio.to_thread(subprocess.Popen, command)
    try:
        while any(state in ("waiting", "claimed", "sending") for state, _ in await asyncio.to_thread(town.states)):
            town.rows("UPDATE intent SET due_at = now() WHERE workspace_id = %s AND state = 'waiting'", town.workspace)
            town.rows("UPDATE sender SET broken_until = NULL WHERE workspace_id = %s", town.workspace)
            await asyncio.sleep(0.2)
    finally:
        process.kill()
        process.wait()


async def _end_leases(town: Town) -> None:
    await asyncio.to_thread(
        town.rows,
        "UPDATE intent SET leased_until = now() - interval '1 second' WHERE workspace_id = %s"
        " AND state IN ('claimed', 'sending')",
        town.workspace,
    )
