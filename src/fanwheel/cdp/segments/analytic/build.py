"""Everybody who is in each of many segments, worked out anew from all that is known."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Protocol

import numpy as np
import pyarrow as pa

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import datasets
from fanwheel.cdp.segments.analytic.answers import Answers, Bits, Ids
from fanwheel.cdp.segments.analytic.compiler import compile_leaves
from fanwheel.cdp.segments.analytic.leaves import Leaf, combine, key_of, leaves_of
from fanwheel.cdp.segments.analytic.passes import ask
from fanwheel.cdp.segments.analytic.people import Wants
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.errors import BadSegmentError
from fanwheel.cdp.segments.rules.moments import NEVER, epoch_us
from fanwheel.infra.engine import Engine, open_engine
from fanwheel.infra.settings import Settings

_NOTHING: Final = Wants(frozenset(), (), ())
NOBODY: Final[Ids] = np.zeros(0, dtype=np.int64)


class Build:
    """Segments with their members as of one instant.

    Iterating gives (segment_id, ids of its members, ascending), one segment at a time.
    """

    def __init__(self, answers: Answers, rules: Mapping[int, tree.Rule]) -> None:
        self._answers = answers
        self._rules = rules
        self._done: dict[int, Bits | None] = {}

    @property
    def people(self) -> Ids:
        """Everybody, whether in a segment or not."""
        return self._answers.people

    @property
    def due(self) -> tuple[Ids, Ids]:
        """Who may enter or leave some segment by the mere passing of time, and when first, in epoch microseconds.

        That may be early, when nothing changes after all, but never late.
        """
        is_due = self._answers.due_us < NEVER
        return self._answers.people[is_due], self._answers.due_us[is_due]

    def members(self, segment_id: int) -> Ids:
        """The ids of the members of one segment, ascending."""
        return self._answers.ids(self._bits(segment_id))

    def __iter__(self) -> Iterator[tuple[int, Ids]]:
        for segment_id in self._rules:
            yield segment_id, self.members(segment_id)

    def _bits(self, segment_id: int) -> Bits:
        if segment_id in self._done:
            known = self._done[segment_id]
            if known is None:
                raise BadSegmentError(f"Segment {segment_id} asks, in the end, who is in itself.")
            return known
        self._done[segment_id] = None
        answers = self._answers
        found = combine(self._rules[segment_id].condition, self._held, everybody=answers.everybody)
        self._done[segment_id] = found
        return found

    def _held(self, leaf: Leaf) -> Bits:
        if isinstance(leaf, tree.Segment) and leaf.segment_id in self._rules:
            return self._bits(leaf.segment_id)
        return self._answers.held(key_of(leaf))


def build(settings: Settings, dsn: str, workspace: int, rules: Mapping[int, tree.Rule], now: datetime) -> Build:
    """Who is in each segment at ``now``; segments that rules mention are built with them, or read as they stand."""
    leaves = leaves_of(rules.values())
    events = None
    if any(isinstance(leaf, tree.Event | tree.Sequence) for leaf in leaves.values()):
        events = datasets.take_snapshot(settings, dsn, workspace)
    with datasets.read_workspace(dsn, workspace, leaves.values()) as people, open_engine(settings) as engine:
        if events is not None:
            datasets.fill(engine, events, people.reader, workspace)
        place = datasets.read_place(people.reader, epoch_us(now), events=events)
        return work_out(engine, place, people, rules)


class Rows(Protocol):
    """What is known of people beside events."""

    def read_people(self, wants: Wants) -> pa.Table:
        """The table ``person``."""
        ...

    def read_members(self) -> Mapping[int, Ids]:
        """The members of segments that the rules mention."""
        ...


def work_out(engine: Engine, place: Place, rows: Rows, rules: Mapping[int, tree.Rule]) -> Build:
    """Who is in each segment, from tables that are at hand."""
    leaves = leaves_of(rules.values())
    plan = compile_leaves(leaves.values(), place, engine=engine.name)
    person = rows.read_people(_NOTHING if plan.people is None or plan.people.wants is None else plan.people.wants)
    engine.table("person", person)
    answers = Answers(np.sort(person["person_id"].to_numpy()))
    ask(engine, plan, place, answers)
    members = rows.read_members()
    for key, leaf in leaves.items():
        if isinstance(leaf, tree.Segment):
            answers.put(key, members.get(leaf.segment_id, NOBODY))
    return Build(answers, rules)
