"""Building for everybody at once: rules are worked out in one pass over all events, then written a range at a time.

What is worked out is as of one instant. Whoever is judged after that is written down, and brought before the rules
again when their range is written; whoever only time has moved since is due at once.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fanwheel.cdp.segments.live.contracts import NOBODY_SEEN, Change, Judgment
from fanwheel.cdp.segments.live.judge import Judge
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import Clock

if TYPE_CHECKING:
    from fanwheel.cdp.segments.analytic import Build

_AT_ONCE: Final = 5_000


async def build(
    settings: Settings, db: Database, workspace: int, judge: Judge, *, group: Mapping[int, Mapping[str, Any]]
) -> None:
    """Work the rules of ``group`` out and write who is in, for everybody whom its build has not passed yet."""
    from fanwheel.cdp.segments import tree

    rules = {segment_id: msgspec.convert(rule, tree.Rule) for segment_id, rule in group.items()}
    await _write_down(db, workspace, is_building=True)
    try:
        found = await asyncio.to_thread(_work_out, settings, db.dsn, workspace, rules, judge.clock)
        while await _write_range(db, workspace, judge, found, group=group.keys()):
            pass
    finally:
        await _write_down(db, workspace, is_building=False)


class _Found:
    """What was worked out: who is in, as bitmaps of places among all people, and whom time will move when."""

    def __init__(self, build: "Build", group: Iterable[int]) -> None:
        from pyroaring import BitMap

        self.people = build.people
        self._members = {
            each: BitMap(self.people.searchsorted(build.members(each)).astype("uint32").tolist()) for each in group
        }
        self._due, self._due_us = build.due

    def ids(self, after: int, most: int) -> list[int]:
        """People after one, in the order of their ids."""
        begin = int(self.people.searchsorted(after, side="right"))
        found: list[int] = self.people[begin : begin + most].tolist()
        return found

    def members(self, low: int, high: int) -> dict[int, set[int]]:
        """Which people of a range of ids are in each segment."""
        from pyroaring import BitMap

        begin, end = (int(self.people.searchsorted(edge)) for edge in (low, high + 1))
        here, people = BitMap(range(begin, end)), self.people[begin:end].tolist()
        return {each: {people[place - begin] for place in bits & here} for each, bits in self._members.items()}

    def due(self, low: int, high: int) -> dict[int, int]:
        """When time may move the people of a range of ids."""
        here = slice(*(int(self._due.searchsorted(edge)) for edge in (low, high + 1)))
        return dict(zip(self._due[here].tolist(), self._due_us[here].tolist(), strict=True))


def _work_out(settings: Settings, dsn: str, workspace: int, rules: Mapping[int, Any], clock: Clock) -> _Found:
    # Engines are heavy, and not needed where there are few people.
    from fanwheel.cdp.segments import analytic

    return _Found(analytic.build(settings, dsn, workspace, rules, clock()), rules)


async def _write_down(db: Database, workspace: int, *, is_building: bool) -> None:
    async with db.transaction(workspace) as tx:
        live = LiveRepository(tx)
        await live.lock()
        await live.set_building(is_building=is_building)


async def _write_range(db: Database, workspace: int, judge: Judge, found: _Found, *, group: Collection[int]) -> bool:
    """Write who of the next range of people is in; whether there may be more."""
    async with db.transaction(workspace) as tx:
        live = LiveRepository(tx)
        await live.lock()
        state = await live.find_state()
        if state is None or not state.is_building or not set(group) <= state.built_to.keys():
            return False
        places = {state.built_to[segment_id] for segment_id in group}
        if len(places) > 1:
            return False
        after = places.pop()
        ids = found.ids(after, _AT_ONCE)
        if not ids:
            return False
        last = ids[-1]
        now_us = await judge.set_clock(live, state)
        rows = await live.list_between(after, last)
        known = set(ids)
        anew = [row[0] for row in rows if row[4] or row[0] not in known]
        court = await judge.court(tx, state)
        judgments = list(_judgments([row for row in rows if not row[4] and row[0] in known], found, ids, group=group))
        await court.write(live, judgments, [], now_us)
        if moved := [each.person_id for each in judgments if _touches(each, court.book.dependents)]:
            await live.add_notes(moved)
        passed: dict[int | str, int] = {**state.built_to, **dict.fromkeys(group, last)}
        if anew:
            await court.hear(tx, anew, now_us, built_to=passed, building=group)
        await live.step_build(group, built_to=last)
        await live.step_clock(now_us)
    judge.wake([workspace])
    return True


def _touches(judgment: Judgment, dependents: Mapping[int, object]) -> bool:
    return any(move.segment_id in dependents for move in judgment.moves)


def _judgments(
    rows: Iterable[tuple[Any, ...]], found: _Found, ids: Sequence[int], *, group: Collection[int]
) -> Iterable[Judgment]:
    """What is to be written of people: where they stand apart from the group, and what was worked out."""
    held, due = found.members(ids[0], ids[-1]), found.due(ids[0], ids[-1])
    for person_id, members, seen, known_us, _ in rows:
        before = set(members or ())
        after = (before - set(group)) | {segment_id for segment_id in group if person_id in held[segment_id]}
        moments = [at for at in (known_us, due.get(person_id)) if at is not None]
        next_us = min(moments) if moments else None
        if after == before and next_us == known_us:
            continue
        moves = [Change(each, person_id, each in after, "rule") for each in sorted(before ^ after)]
        yield Judgment(
            person_id=person_id, members=sorted(after), seen=seen or NOBODY_SEEN, due_us=next_us, moves=moves
        )
