"""Why a person is in a segment, or is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.cdp import persons
from fanwheel.cdp.persons.errors import PersonNotFoundError
from fanwheel.cdp.segments import explaining, service, tree
from fanwheel.cdp.segments.contracts import Membership
from fanwheel.cdp.segments.errors import SegmentStateError
from fanwheel.cdp.segments.explaining import Explained
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.live import people
from fanwheel.cdp.segments.live.contracts import RuleRow
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.cdp.segments.metrics import Metric, metrics_of
from fanwheel.cdp.segments.rules.moments import epoch_us
from fanwheel.cdp.segments.rules.walking import walk
from fanwheel.infra.postgres import Transaction

_MOST_REASONS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A condition that decides, and what the person has there."""

    path: str
    type: str
    condition: dict[str, Any]
    actual: Any
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Whether a person is in a segment as it was judged last, and how the rule holds of them now."""

    segment_id: int
    name: str
    is_in: bool
    explained: Explained


class _Witness:
    """All that rules know of one person."""

    def __init__(self, facts: Facts | None, rules: dict[int, RuleRow], numbers: dict[Metric, int]) -> None:
        self._facts = facts
        self._rules = rules
        self._numbers = numbers

    @classmethod
    async def call(cls, tx: Transaction, person_id: int) -> "_Witness":
        """The person as rules see them."""
        live = LiveRepository(tx)
        state = await live.find_state()
        if state is None:
            return cls(None, {}, {})
        rules = {row.segment_id: row for row in await live.list_rules()}
        numbers = {Metric.read(row["spec"]): row["metric_id"] for row in await live.list_metrics()}
        found = await people.load(
            live, [person_id], sources=await live.list_sources(), zone=ZoneInfo(state.time_zone), known=rules.keys()
        )
        return cls(found[0].facts if found else None, rules, numbers)

    def explain(self, segment_id: int, now: datetime) -> tuple[tree.Rule, Explained] | None:
        """How the rule that memberships follow holds; None where nothing can be said of it."""
        row = self._rules.get(segment_id)
        if self._facts is None or row is None or row.live_rule is None:
            return None
        rule = msgspec.convert(row.live_rule, tree.Rule)
        if not metrics_of(rule) <= self._numbers.keys():
            return None
        return rule, explaining.explain(rule, self._facts, epoch_us(now), numbers=self._numbers)


async def list_segments(tx: Transaction, person_id: int, *, now: datetime) -> list[tuple[Membership, list[Reason]]]:
    """The segments that a person is in, each with the conditions that decide."""
    person = await persons.get_living(tx, person_id)
    held = await service.of_person(tx, person)
    if not held:
        return []
    witness = await _Witness.call(tx, person)
    found = []
    for each in held:
        told = witness.explain(each.segment_id, now)
        # While a change waits for its judgment the rule may hold no more; then nothing tells why it did.
        found.append((each, _reasons(*told) if told is not None and told[1].holds else []))
    return found


async def explain(tx: Transaction, person_id: int, segment_id: int, *, now: datetime) -> Why:
    """Why a person is in a segment, or is not.

    Raises
    ------
    PersonNotFoundError, SegmentNotFoundError
        If there is no such person, or segment.
    SegmentStateError
        If the segment has never been built, so that what it asks of events is not known.
    """
    segment = await service.get(tx, segment_id)
    person = await persons.get_living(tx, person_id)
    witness = await _Witness.call(tx, person)
    told = witness.explain(segment_id, now)
    if told is None:
        if segment.built_at is None:
            raise SegmentStateError("The segment has not been built yet.", hint="Start it, or wait until it is live.")
        raise PersonNotFoundError("Nothing is known of this person yet but an identifier.")
    standing = {each.segment_id for each in await service.of_person(tx, person)}
    return Why(segment_id=segment_id, name=segment.name, is_in=segment_id in standing, explained=told[1])


def _reasons(rule: tree.Rule, explained: Explained) -> list[Reason]:
    conditions = dict(walk(rule.condition))
    deciding = [each for each in _leaves(explained) if each.decided]
    return [
        Reason(
            path=each.path,
            type=each.type,
            condition=msgspec.to_builtins(conditions[each.path]),
            actual=each.actual,
            until=each.until,
        )
        for each in deciding[:_MOST_REASONS]
    ]


def _leaves(explained: Explained) -> Iterator[Explained]:
    if not explained.parts:
        yield explained
    for part in explained.parts:
        yield from _leaves(part)
