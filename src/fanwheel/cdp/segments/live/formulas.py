"""Formulas of computed traits: brought before everybody, taken away, and what nobody asks for forgotten.

Each step is a transaction, so whatever was cut short goes on where it stood.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fanwheel.cdp.segments.live import taking
from fanwheel.cdp.segments.live.contracts import Part
from fanwheel.cdp.segments.live.judge import Judge
from fanwheel.cdp.segments.live.reckoning import ReckoningRepository
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Database

if TYPE_CHECKING:
    from fanwheel.cdp.segments.metrics import Metric

_TRAIT: Final = "trait:"
_TAKEN_AT_ONCE: Final = 5_000
_SWEPT_AT_ONCE: Final = 2_000


async def build(db: Database, workspace: int, judge: Judge, *, at_once: int) -> bool:
    """Bring everybody before the formulas that are being built; whether there were any."""
    found = False
    while await _pass(db, workspace, judge, at_once=at_once):
        found = True
    return found


async def _pass(db: Database, workspace: int, judge: Judge, *, at_once: int) -> bool:
    """Work the formulas out that have come least far, for the next people; whether there are any."""
    from fanwheel.cdp.segments import service  # rules are read there, which an idle worker need not

    async with db.transaction(workspace) as tx:
        live, reckoning = LiveRepository(tx), ReckoningRepository(tx)
        await live.lock()
        state = await live.find_state()
        places = {} if state is None else {key: at for key, at in state.built_to.items() if isinstance(key, str)}
        if state is None or not places or not all(row["is_ready"] for row in await live.list_metrics()):
            return False
        least = min(places.values())
        group = [key for key, place in places.items() if place == least]
        names = [key.removeprefix(_TRAIT) for key in group]
        now_us = await judge.set_clock(live, state)
        asked = await live.list_next(least, most=at_once)
        if not asked:
            await reckoning.finish_formulas(names, now_us=now_us)
            await service.turn_page(tx)
            return True
        court = await judge.court(tx, state)
        passed: dict[int | str, int] = {**state.built_to, **dict.fromkeys(group, asked[-1])}
        next_us = await court.hear(tx, asked, now_us, built_to=passed, building=group)
        await reckoning.step_formulas(names, built_to=asked[-1])
        await live.step_clock(now_us)
    judge.expect(workspace, next_us)
    return True


async def retire(db: Database, workspace: int) -> bool:
    """Take the values of formulas that were deleted from everybody; whether there were any."""
    found = False
    while await _take_away(db, workspace):
        found = True
    return found


async def _take_away(db: Database, workspace: int) -> bool:
    async with db.transaction(workspace) as tx:
        reckoning = ReckoningRepository(tx)
        await LiveRepository(tx).lock()
        places = {row.name: row.built_to for row in await reckoning.list_formulas() if row.status == "retiring"}
        if not places:
            return False
        names = list(places)
        persons = await reckoning.take_values_away(names, after=min(places.values()), most=_TAKEN_AT_ONCE)
        if persons:
            await reckoning.add_stale(persons)
            await reckoning.step_formulas(names, built_to=persons[-1])
        else:
            await reckoning.delete_retired(names)
    return True


async def sweep(db: Database, workspace: int) -> bool:
    """Take what no metric asks for any more out of what is remembered of homes; whether there was anything to do."""
    found = False
    while await _sweep_some(db, workspace):
        found = True
    return found


async def _sweep_some(db: Database, workspace: int) -> bool:
    from fanwheel.cdp.segments.metrics import Metric

    async with db.transaction(workspace) as tx:
        live, reckoning = LiveRepository(tx), ReckoningRepository(tx)
        after = await reckoning.find_sweep()
        if after is None:
            return False
        await live.lock_parts()
        metrics = {row["metric_id"]: Metric.read(row["spec"]) for row in await live.list_metrics()}
        known = await reckoning.list_swept(after, most=_SWEPT_AT_ONCE)
        fresh = {home: _swept(part, metrics) for home, part in known.items()}
        await reckoning.delete_parts([home for home, part in fresh.items() if part is None])
        if changed := {home: part for home, part in fresh.items() if part is not None and part != known[home]}:
            await live.put_parts(changed)
        await reckoning.step_sweep(max(known) if len(known) == _SWEPT_AT_ONCE else None)
    return True


def _swept(part: Part, metrics: "Mapping[int, Metric]") -> Part | None:
    """What metrics remember of a home; None if that is nothing."""
    from fanwheel.cdp.segments import digest

    packed = digest.only(part.digest, metrics)
    if packed == digest.EMPTY:
        return None
    if part.words is None:
        return Part(packed)
    said = [series.values or () for number, series in digest.decode(packed).items() if metrics[number].has_words]
    bits = {each for some in said for each in some}
    words = taking.read_words(part.words)
    return Part(packed, taking.with_words(None, {each: word for each, word in words.items() if each in bits}))
