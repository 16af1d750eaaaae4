"""The worker: reads committed events, keeps what is derived from them, moves them to the lake, scores people."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Final

from fanwheel.cdp import carrying, segments
from fanwheel.entrypoints.keeping import change_people, forget_changes, keep_lists, tell_webhooks
from fanwheel.entrypoints.pacing import Pace
from fanwheel.entrypoints.reaching import Reach
from fanwheel.entrypoints.scoring import score_all
from fanwheel.entrypoints.steps import Step, every, pause, run_all
from fanwheel.infra import webhooks
from fanwheel.infra.lake import Exporter
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.waking import Waking
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop import wheel
from fanwheel.measure import ledger

_TIDY_SECONDS: Final = 5.0
_UPKEEP_SECONDS: Final = 60.0
_SCORE_SECONDS: Final = 60.0
_JUDGE_SECONDS: Final = 0.1
_LOOK_SECONDS: Final = 0.3
_BUILD_SECONDS: Final = 1.0
_TELL_SECONDS: Final = 0.5
_CHANGE_SECONDS: Final = 1.0
_NICENESS: Final = 10
# While nothing is written they look only so often: for what was missed, and for what time alone makes due.
_STREAM_NET_S: Final = 2.0
_CHANGE_NET_S: Final = 10.0
_TELL_NET_S: Final = 2.0
_JUDGE_NET_S: Final = 5.0


async def run(settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """Work until ``stop`` is set; messages on their way are waited for, a step that takes long is given up."""
    # What is derived may lag behind for a moment; who sends events waits for the answer.
    os.nice(_NICENESS)
    async with (
        await Database.open(dsn, max_size=8, niceness=_NICENESS, plans_once=True) as database,
        Reach(settings, database) as reach,
    ):
        exporter = Exporter(settings, dsn)
        history = ledger.History(settings, dsn)
        courier = webhooks.Courier(settings, clock=utc_now)
        export, upkeep = _lake_steps(settings, database, exporter)
        keep, tell, change = _keeping_steps(settings, database, courier)
        projector = wheel.projector()
        waking = Waking(dsn)
        waking.call(reach.sender.channel, reach.sender.wake)

        async def tidy() -> bool:
            return await wheel.tidy(database) > 0

        async def score() -> bool:
            await score_all(settings, database, now=utc_now())
            return False

        async def judge() -> bool:
            # Orders that wait to be taken in would be missing from the verdict.
            if not projector.consumer.is_behind:
                await history.write_due(database, now=utc_now())
            return False

        steps = [
            waking.run(stop),
            *_stream(settings, database, projector, waking=waking, stop=stop),
            every(settings.lake_seconds, export, stop),
            every(_TIDY_SECONDS, tidy, stop),
            every(_UPKEEP_SECONDS, upkeep, stop),
            every(_UPKEEP_SECONDS, judge, stop),
            every(_SCORE_SECONDS, score, stop),
            every(_UPKEEP_SECONDS, keep, stop),
            every(_TELL_SECONDS, tell, stop, bell=waking.bell(), most_s=_TELL_NET_S),
            every(_CHANGE_SECONDS, change, stop, bell=waking.bell(), most_s=_CHANGE_NET_S),
            *reach.run(waking, stop),
        ]
        try:
            has_ended = await run_all(steps, stop, patiently=reach.sender.run(stop))
        finally:
            await courier.close()
        # A thread that was given up may use its connection still; the lead ends with the process as well.
        if has_ended:
            exporter.close()


def _stream(
    settings: Settings, database: Database, projector: wheel.Projector, *, waking: Waking, stop: asyncio.Event
) -> list[Coroutine[None, None, None]]:
    """What follows the stream of events: portraits, the segments that people are in, and their tags and layers."""
    judge = segments.Judge(look_every_s=_JUDGE_NET_S)
    builder = segments.Builder(settings, judge)
    follower = carrying.Follower(look_every_s=_JUDGE_NET_S)
    pace = Pace(projector.consumer)
    arrived, changed, entered = waking.bell(), waking.bell(), waking.bell()

    async def project() -> bool:
        arrived.hush()
        pace.begin()
        found = bool(await projector.run_once(database))
        judge.wake(projector.take_folded())
        await pause(await pace.rest(database, found=found), stop)
        if not pace.is_lively:
            await arrived.wait(_STREAM_NET_S)
        return True  # it has rested already

    async def sort_people() -> bool:
        if await judge.run_once(database):
            follower.wake()
            entered.ring()
        else:
            await judge.rest(_JUDGE_NET_S)
        return True  # it has rested already, and begins as soon as it is woken

    async def look_for_people() -> bool:
        judge.look_again()
        return False

    async def carry_rules_out() -> bool:
        follower.wake()
        found = await follower.run_once(database)
        judge.wake(found)
        return bool(found)

    async def build_segments() -> bool:
        return judge.is_building and await builder.run_once(database)

    return [
        _wake_at_the_end(judge, stop),
        every(0, project, stop),
        every(0, sort_people, stop),
        every(_LOOK_SECONDS, look_for_people, stop, bell=changed, most_s=_JUDGE_NET_S),
        every(_JUDGE_SECONDS, carry_rules_out, stop, bell=entered, most_s=follower.rests_s),
        every(_BUILD_SECONDS, build_segments, stop),
    ]


async def _wake_at_the_end(judge: segments.Judge, stop: asyncio.Event) -> None:
    await stop.wait()
    judge.look_again()


def _lake_steps(settings: Settings, database: Database, exporter: Exporter) -> tuple[Step, Step]:
    """What moves events to the lake and keeps it in order."""

    async def export() -> bool:
        await asyncio.to_thread(exporter.run_once)
        return False

    async def upkeep() -> bool:
        await asyncio.to_thread(_upkeep, exporter)
        await forget_changes(database, days=settings.segment_history_days)
        return False

    return export, upkeep


def _keeping_steps(settings: Settings, database: Database, courier: webhooks.Courier) -> tuple[Step, Step, Step]:
    """What takes snapshots that are due and old things away, tells other programs, and goes on with bulk actions."""

    async def keep() -> bool:
        await keep_lists(settings, database)
        return False

    async def tell() -> bool:
        return await tell_webhooks(database, courier)

    async def change() -> bool:
        return await change_people(database)

    return keep, tell, change


def _upkeep(exporter: Exporter) -> None:
    exporter.erase_once()
    exporter.compact_once()
    exporter.drop_partitions_once()
