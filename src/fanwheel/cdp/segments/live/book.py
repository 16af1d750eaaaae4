"""The rules of a workspace, made ready to judge people by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple, cast

import msgspec

from fanwheel.cdp.computed import formula
from fanwheel.cdp.computed.aggregates import Compiled as Formula
from fanwheel.cdp.computed.aggregates import compile_formula
from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.evaluator import Compiled, compile_rule
from fanwheel.cdp.segments.live.contracts import FormulaRow, RuleRow
from fanwheel.cdp.segments.metrics import Metric, metrics_of
from fanwheel.cdp.segments.rules.walking import walk

LATER: Final = ("field:last_seen_at", "field:event_count")  # what grows with every event
_SEGMENT: Final = "segment:"
_TRAIT: Final = "trait:"
_RELATIVE: Final = tree.WithinLast | tree.LongerAgo | tree.ExactlyAgo | tree.WithinNext | tree.Anniversary


class Reckoned(NamedTuple):
    """A computed trait; ``fresh`` is a formula that is being built, for persons whom the build has passed."""

    name: str
    key: str
    live: Formula | None
    fresh: Formula | None
    places: frozenset[int]  # of the prints that it depends on, its own among them
    place: int

    def formula_for(self, person_id: int, built_to: int) -> Formula | None:
        """What decides about a person; None: nothing yet."""
        return self.fresh if self.fresh is not None and person_id <= built_to else self.live


class Ruled(NamedTuple):
    """A segment to be judged; ``fresh`` is a rule that is being built, for persons whom the build has passed."""

    segment_id: int
    live: Compiled | None
    fresh: Compiled | None
    is_timed: bool

    def rule_for(self, person_id: int, built_to: int) -> Compiled | None:
        """What decides about a person; None: nothing yet."""
        return self.fresh if self.fresh is not None and person_id <= built_to else self.live


class Book:
    """All segments that are judged, in an order in which each comes after those that it mentions.

    Parameters
    ----------
    rows : the workspace's segments, whatever their state
    metrics : the numbers under which digests keep what metrics remember
    formulas : its computed traits, which are worked out before any rule is asked
    """

    def __init__(
        self, rows: Iterable[RuleRow], metrics: Mapping[Metric, int], formulas: Iterable[FormulaRow] = ()
    ) -> None:
        told = list(rows)
        self.known: Final = frozenset(row.segment_id for row in told)
        made = {row.segment_id: _ruled(row, metrics) for row in told if row.status in ("live", "building", "failed")}
        # Of a first build nobody is told: its people do not enter, they were there. Nor while a segment is paused.
        self.told: Final = frozenset(segment_id for segment_id, ruled in made.items() if ruled.live is not None)
        self.order: Final = [made[segment_id] for segment_id in _sorted(made)]
        self.timed: Final = [rank for rank, ruled in enumerate(self.order) if ruled.is_timed]
        self.dependents: defaultdict[int, list[int]] = defaultdict(list)
        mentions: defaultdict[str | int, list[int]] = defaultdict(list)
        for rank, ruled in enumerate(self.order):
            for key in sorted({str(key) if isinstance(key, str) else str(metrics[key]) for key in _keys(ruled)}):
                if key.startswith(_SEGMENT):
                    self.dependents[int(key.removeprefix(_SEGMENT))].append(rank)
                mentions[int(key) if key.isdigit() else key].append(rank)
        reckoned = [_reckoned(row, metrics) for row in formulas if row.status != "retiring"]
        for key, live, fresh in reckoned:
            # What a formula depends on is watched even if no rule mentions it, and so is what it came to.
            for each in _watched(key, live, fresh):
                mentions[each] += ()
        # Words first, then the numbers of metrics, each in order: the place of a key is where its print stands.
        self.keys: Final = sorted(mentions, key=lambda key: (isinstance(key, int), key))
        self.mentions: Final = [mentions[key] for key in self.keys]
        self.place: Final[dict[str | int, int]] = {key: place for place, key in enumerate(self.keys)}
        # The same under the names that people's facts have for it.
        words = {key: place for key, place in self.place.items() if isinstance(key, str)}
        self.traits, self.fields, self.layers, self.tags, lists, segments = (
            {key.removeprefix(kind): place for key, place in words.items() if key.startswith(kind)}
            for kind in (_TRAIT, "field:", "layer:", "tag:", "list:", _SEGMENT)
        )
        self.lists: Final = {int(list_id): place for list_id, place in lists.items()}
        self.segments: Final = {int(segment_id): place for segment_id, place in segments.items()}
        self.reckoned: Final = [self._placed(*each) for each in reckoned]
        self.stamp: Final = blake2b(msgspec.json.encode(self.keys), digest_size=8).digest()

    def _placed(self, key: str, live: Formula | None, fresh: Formula | None) -> Reckoned:
        places = frozenset(self.place[each] for each in _watched(key, live, fresh))
        return Reckoned(key.removeprefix(_TRAIT), key, live, fresh, places, self.place[key])


def _reckoned(row: FormulaRow, metrics: Mapping[Metric, int]) -> tuple[str, Formula | None, Formula | None]:
    live = None if row.live_formula is None else _formula(row.live_formula, metrics)
    fresh = _formula(row.formula, metrics) if row.status == "building" else None
    return f"{_TRAIT}{row.name}", live, fresh


def _formula(told: Mapping[str, object], metrics: Mapping[Metric, int]) -> Formula:
    return compile_formula(msgspec.convert(told, formula.Formula), numbers=metrics)


def _watched(key: str, *formulas: Formula | None) -> list[str | int]:
    """What changes where a computed trait may: itself, and the metrics that its formulas depend on."""
    numbers = [number for each in formulas if each is not None for number in cast("Sequence[int]", each.keys)]
    return [key, *numbers]


def _ruled(row: RuleRow, metrics: Mapping[Metric, int]) -> Ruled:
    live = None if row.live_rule is None else _compiled(row.live_rule, metrics)
    fresh = _compiled(row.rule, metrics) if row.status == "building" else None
    rules = [each.rule for each in (live, fresh) if each is not None]
    return Ruled(row.segment_id, live, fresh, any(_is_timed(rule) for rule in rules))


def _compiled(rule: Mapping[str, object], metrics: Mapping[Metric, int]) -> Compiled:
    read = msgspec.convert(rule, tree.Rule)
    numbers = {metric: metrics[metric] for metric in metrics_of(read)}
    return compile_rule(read, numbers=numbers)


def _keys(ruled: Ruled) -> Iterator[str | Metric]:
    for each in (ruled.live, ruled.fresh):
        if each is not None:
            yield from each.keys


def _is_timed(rule: tree.Rule) -> bool:
    """Whether time alone may change who is in."""
    return any(
        isinstance(condition, tree.Event | tree.Sequence)
        or (isinstance(condition, tree.Trait | tree.Field) and isinstance(condition.test, _RELATIVE))
        for _, condition in walk(rule.condition)
    )


def _sorted(made: Mapping[int, Ruled]) -> list[int]:
    """Segments after those that they mention; rules that mention themselves cannot be saved."""
    needs = {
        segment_id: sorted(
            int(key.removeprefix(_SEGMENT)) for key in _keys(ruled) if isinstance(key, str) and key.startswith(_SEGMENT)
        )
        for segment_id, ruled in made.items()
    }
    placed: dict[int, None] = {}

    def place(segment_id: int, *, above: frozenset[int]) -> None:
        if segment_id in placed or segment_id not in made or segment_id in above:
            return
        for needed in needs[segment_id]:
            place(needed, above=above | {segment_id})
        placed[segment_id] = None

    for segment_id in sorted(made):
        place(segment_id, above=frozenset())
    return list(placed)
