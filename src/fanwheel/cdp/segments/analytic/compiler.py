"""From conditions to statements: one for people's rows, one that gathers events, and one for each name of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import sequences
from fanwheel.cdp.segments.analytic.events import Counting, Window
from fanwheel.cdp.segments.analytic.gathering import Gathering, Since
from fanwheel.cdp.segments.analytic.leaves import Leaf
from fanwheel.cdp.segments.analytic.params import Params
from fanwheel.cdp.segments.analytic.people import Profiles, Wants
from fanwheel.cdp.segments.analytic.selecting import named
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.rules import windows

_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement and what it answers.

    Its columns are ``person_id``, ``l0``, ``l1`` … for whether each of ``leaves`` holds, and ``due_us``: the first
    instant, in epoch microseconds, from which one of these may no longer be so; NULL for never. ``idle`` are the
    answers for a person without a row; ``wants`` is what the table ``person`` must have.
    """

    sql: str
    params: Mapping[str, object]
    leaves: Sequence[Leaf]
    idle: Sequence[bool]
    wants: Wants | None = None


class Plan(NamedTuple):
    """How leaves are answered: by a statement over people, and by others over the events that are gathered first."""

    people: Statement | None
    gathering: Gathering | None
    asked: Sequence[Statement]


def compile_people(conditions: Sequence[Leaf], place: Place, *, engine: str) -> Statement:
    """The statement over the rows of people."""
    params = Params(engine)
    profiles = Profiles(conditions, params, place)
    return Statement(
        sql=profiles.sql,
        params=params.values,
        leaves=conditions,
        idle=[False] * len(conditions),
        wants=profiles.wants,
    )


def compile_events(conditions: Sequence[tree.Event], place: Place, gathering: Gathering) -> Statement:
    """The statement that counts and sums events."""
    params = gathering.params
    counting = Counting(conditions, params, place, selection=gathering.selection)
    idle = [windows.compile_event(condition)(None, place.now, place.zone)[0] for condition in conditions]
    return Statement(sql=counting.sql, params=params.values, leaves=conditions, idle=idle)


def compile_sequences(conditions: Sequence[tree.Sequence], place: Place, gathering: Gathering) -> Statement:
    """The statement that looks for sequences of the same steps."""
    params = gathering.params
    sql = sequences.statement(conditions, params, place, selection=gathering.selection)
    return Statement(sql=sql, params=params.values, leaves=conditions, idle=[False] * len(conditions))


def compile_gathering(leaves: Iterable[Leaf], places: Sequence[Place], *, engine: str) -> Gathering | None:
    """How to gather the events that leaves ask for at any of some instants; None if they ask for none."""
    wanted: list[Since] = []
    for leaf in leaves:
        for place in places:
            if isinstance(leaf, tree.Event):
                window = Window.of(leaf, place.now)
                wanted.append((window.metric, window.begin))
            elif isinstance(leaf, tree.Sequence):
                begin = sequences.begin(leaf, place.now)
                wanted += [(Metric(event=step), begin) for step in leaf.steps]
    return Gathering(wanted, Params(engine), places[0]) if wanted else None


def compile_leaves(leaves: Iterable[Leaf], place: Place, *, engine: str) -> Plan:
    """Statements for all leaves but those that other segments answer."""
    every = list(leaves)
    told = [leaf for leaf in every if not isinstance(leaf, tree.Event | tree.Sequence | tree.Segment)]
    people = compile_people(told, place, engine=engine) if told else None
    gathering = compile_gathering(every, [place], engine=engine)
    if gathering is None:
        return Plan(people, None, [])
    return Plan(people, gathering, compile_asked(every, place, gathering))


def compile_asked(leaves: Sequence[Leaf], place: Place, gathering: Gathering) -> list[Statement]:
    """The statements over events that are gathered: some for each name, one for the sequences of the same steps."""
    names: dict[tuple[int, str], list[tree.Event]] = {}
    chains: dict[bytes, list[tree.Sequence]] = {}
    for leaf in leaves:
        if isinstance(leaf, tree.Event):
            names.setdefault(named(leaf.event), []).append(leaf)
        elif isinstance(leaf, tree.Sequence):
            chains.setdefault(msgspec.json.encode(leaf.steps), []).append(leaf)
    parts = [held[start : start + _AT_ONCE] for held in names.values() for start in range(0, len(held), _AT_ONCE)]
    return [
        *(compile_events(part, place, gathering) for part in parts),
        *(compile_sequences(alike, place, gathering) for alike in chains.values()),
    ]
