"""A court: one revision of a workspace's rules and formulas, before which people are brought."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from fanwheel.cdp.segments.live import bitmaps, judging, people
from fanwheel.cdp.segments.live.book import Book
from fanwheel.cdp.segments.live.contracts import Cause, Change, Judgment, Person
from fanwheel.cdp.segments.live.newcomers import Blank, judge_blank
from fanwheel.cdp.segments.live.reckoning import ReckoningRepository
from fanwheel.cdp.segments.live.repository import Absent, LiveRepository, State
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.infra.postgres import Transaction

# Far instants cannot be told apart to the microsecond; who is to be judged then is judged a little early.
_LATEST_US = 1 << 52
_NOBODY: Final[Mapping[int, Collection[str | int]]] = MappingProxyType({})


@dataclass(slots=True, kw_only=True)
class Court:
    """The rules of one workspace, as of one revision."""

    revision: Final[int]
    zone: Final[ZoneInfo]
    book: Final[Book]
    _blank: Blank | None = None

    @classmethod
    async def open(cls, tx: Transaction, state: State) -> "Court":
        """The rules as they are now."""
        live = LiveRepository(tx)
        metrics = {Metric.read(row["spec"]): row["metric_id"] for row in await live.list_metrics()}
        book = Book(await live.list_rules(), metrics, await ReckoningRepository(tx).list_formulas())
        return cls(revision=state.revision, zone=ZoneInfo(state.time_zone), book=book)

    async def load(self, tx: Transaction, asked: Collection[int]) -> list[Person]:
        """Those of ``asked`` who live."""
        live = LiveRepository(tx)
        sources = await live.list_sources() if "touch" in self.book.place else {}
        return await people.load(live, asked, sources=sources, zone=self.zone, known=self.book.known)

    def blank(self, now_us: int) -> Blank:
        """Where somebody of whom nothing is known stands; worked out anew only if the clock was set back."""
        if self._blank is None or now_us < self._blank.at_us:
            self._blank = judge_blank(self.book, self.zone, now_us)
        return self._blank

    async def hear(
        self,
        tx: Transaction,
        asked: Collection[int],
        now_us: int,
        *,
        built_to: Mapping[int | str, int],
        building: Collection[int | str] = (),
        grew: Mapping[int, Collection[str | int]] = _NOBODY,
    ) -> int | None:
        """Judge people and write what follows; the next instant at which time alone will ask for one of them.

        Of those in ``grew`` nothing has changed since they were judged or built but what is named there, and the hour.
        """
        live = LiveRepository(tx)
        heard = await self.load(tx, asked)
        blank = None if building or built_to else self.blank(now_us)
        judgments = [
            judgment
            for person in heard
            if (
                judgment := judging.judge(
                    self.book,
                    person,
                    now_us,
                    built_to=built_to,
                    building=building,
                    grew=grew.get(person.facts.person_id),
                    blank=blank,
                )
            )
        ]
        absent = set(asked) - {person.facts.person_id for person in heard}
        gone = await live.load_absent(absent)
        if self.book.reckoned:
            reckoning = ReckoningRepository(tx)
            await reckoning.put_values(judgments, now_us=now_us, is_told=not building)
            await reckoning.delete_values(absent)
        await self.write(live, judgments, gone, now_us)
        return min((each.due_us for each in judgments if each.due_us is not None), default=None)

    async def write(self, live: LiveRepository, judgments: list[Judgment], gone: list[Absent], now_us: int) -> None:
        """Write where people stand, let those who are gone leave, and tell of it."""
        left = [change for each in gone for change in self._leave(each)]
        moves = [*left, *(move for each in judgments for move in each.moves)]
        if judgments:
            for each in judgments:
                each.due_us = None if each.due_us is None else min(each.due_us, _LATEST_US)
            await live.put_people(judgments, now_us=now_us)
        if gone:
            await live.delete_people([each.person_id for each in gone])
        if moves:
            await bitmaps.move(live, moves)
        if facts := [move for move in moves if move.segment_id in self.book.told]:
            await live.put_changes(facts, now_us=now_us)

    def _leave(self, gone: Absent) -> list[Change]:
        cause: Cause = "merge" if gone.is_known else "erasure"
        return [
            Change(segment_id, gone.person_id, False, cause)
            for segment_id in sorted(gone.members)
            if segment_id in self.book.known
        ]
