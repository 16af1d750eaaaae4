"""From conditions to statements: one for people's rows, one for each name of event, one for each kind of sequence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import sequences
from fanwheel.cdp.segments.analytic.events import Counting
from fanwheel.cdp.segments.analytic.leaves import Leaf
from fanwheel.cdp.segments.analytic.params import Params
from fanwheel.cdp.segments.analytic.people import Profiles, Wants
from fanwheel.cdp.segments.analytic.values import Place
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


def compile_events(conditions: Sequence[tree.Event], place: Place, *, engine: str) -> Statement:
    """The statement that counts and sums events."""
    params = Params(engine)
    counting = Counting(conditions, params, place)
    idle = [windows.compile_event(condition)(None, place.now, place.zone)[0] for condition in conditions]
    return Statement(sql=counting.sql, params=params.values, leaves=conditions, idle=idle)


def compile_sequences(conditions: Sequence[tree.Sequence], place: Place, *, engine: str) -> Statement:
    """The statement that looks for sequences of the same steps."""
    params = Params(engine)
    sql = sequences.statement(conditions, params, place)
    return Statement(sql=sql, params=params.values, leaves=conditions, idle=[False] * len(conditions))


def compile_leaves(
    leaves: Iterable[Leaf], place: Place, *, engine: str, events_at_once: int = _AT_ONCE
) -> list[Statement]:
    """Statements for all leaves but those that other segments answer."""
    every = list(leaves)
    events = [leaf for leaf in every if isinstance(leaf, tree.Event)]
    # A statement for each name reads the names of all events, but only asks of those of its own what is asked of them.
    names: dict[tuple[str, str], list[tree.Event]] = {}
    for leaf in events:
        names.setdefault((leaf.event.kind, leaf.event.name), []).append(leaf)
    told = [leaf for leaf in every if not isinstance(leaf, tree.Event | tree.Sequence | tree.Segment)]
    statements = [compile_people(told, place, engine=engine)] if told else []
    parts = [
        held[start : start + events_at_once] for held in names.values() for start in range(0, len(held), events_at_once)
    ]
    statements += [compile_events(part, place, engine=engine) for part in parts]
    chains: dict[bytes, list[tree.Sequence]] = {}
    for each in every:
        if isinstance(each, tree.Sequence):
            chains.setdefault(msgspec.json.encode(each.steps), []).append(each)
    statements += [compile_sequences(alike, place, engine=engine) for alike in chains.values()]
    return statements
