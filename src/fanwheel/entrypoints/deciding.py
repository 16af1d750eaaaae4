"""Which variant of a broadcast wins: broadcasts say what each brought, and measure whether that proves one the best."""

from datetime import datetime
from typing import Final

from fanwheel.cdp import scores
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.loop.operate import broadcasts
from fanwheel.loop.operate.broadcasts import Evidence, Undecided

ALPHA: Final = 0.05


async def decide_tests(database: Database, *, now: datetime) -> bool:
    """Look at every test of variants that runs; whether one was decided."""
    found = [await _decide(database, workspace, now=now) for workspace in await scores.list_workspaces(database)]
    return any(found)


async def _decide(database: Database, workspace: int, *, now: datetime) -> bool:
    async with database.transaction(workspace) as tx:
        tests = await broadcasts.list_undecided(tx, now=now)
        return any([await _look(tx, test, now=now) for test in tests])


async def _look(tx: Transaction, test: Undecided, *, now: datetime) -> bool:
    choice = broadcasts.choose(test, judge(test), now=now)
    await broadcasts.decide(
        tx, test.broadcast_id, choice.variant, evidence=choice.evidence, by=choice.by or "", now=now
    )
    return choice.variant is not None


def judge(test: Undecided) -> Evidence:
    """What the counts of a test prove, valid at this look and all others together."""
    # numpy and scipy are wanted by few looks, and the worker is small without them.
    from fanwheel.measure import experiments
    from fanwheel.measure.errors import NotEnoughDataError

    people, successes = zip(*test.counts.values(), strict=True)
    rows = {"variant": list(test.counts), "people": list(people), "successes": list(successes)}
    try:
        found = experiments.race(rows, alpha=ALPHA)
    except NotEnoughDataError:
        return Evidence(None, None, 1.0, ALPHA)
    return Evidence(found.leader if any(successes) else None, found.winner, found.p, ALPHA)
