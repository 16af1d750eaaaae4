"""What rules mention of one another: segments by their ids, and what other rules keep by its name, tags and layers."""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from fanwheel.cdp.segments import reading, tree
from fanwheel.cdp.segments.contracts import NamedRule
from fanwheel.cdp.segments.errors import BadSegmentError
from fanwheel.cdp.segments.layers import CLASSES
from fanwheel.cdp.segments.repository import SegmentRepository
from fanwheel.cdp.segments.rules.walking import walk
from fanwheel.infra.postgres import Transaction


class Web:
    """All rules of a workspace, and which of them lead to which.

    Parameters
    ----------
    rules : every rule, of segments, tags and layers
    deciders : by kind and name of a tag or a layer, the rules that decide about it
    """

    def __init__(self, rules: Collection[NamedRule], deciders: Mapping[tuple[str, str], Collection[int]]) -> None:
        self._told = {each.segment_id: each for each in rules}
        self._deciders = deciders

    @property
    def segments(self) -> set[int]:
        """The segments that people see and rules may mention."""
        return {segment_id for segment_id, each in self._told.items() if each.purpose == "segment"}

    def name(self, segment_id: int) -> str:
        """What a rule is of, in words."""
        told = self._told[segment_id]
        return f"“{told.name}”" if told.purpose == "segment" else f"{told.purpose} “{told.name}”"

    def require_no_circle(self, rule: tree.Rule, *, itself: int) -> None:
        """Refuse a rule that leads to itself, be it through others."""
        for path, first in self._steps(rule):
            if way := self._way(first, itself):
                through = " → ".join(self.name(each) for each in [itself, *way])
                what = self._told[itself].purpose
                raise BadSegmentError(
                    f"The {what} mentions itself: {through}.",
                    hint="Take this condition out, or copy into it what the other rule asks.",
                    path=path,
                )

    def naming(self, kind: str, name: str, classes: Collection[str] | None = None) -> list[str]:
        """In words, whose rules mention a tag or a layer, or some classes of it."""

        def is_named(condition: tree.Condition) -> bool:
            if isinstance(condition, tree.Tag):
                return kind == "tag" and condition.tag == name
            if isinstance(condition, tree.Layer) and kind == "layer" and condition.layer == name:
                return classes is None or not set(classes).isdisjoint(condition.classes)
            return False

        return [
            self.name(segment_id)
            for segment_id, told in self._told.items()
            if any(is_named(condition) for _, condition in walk(_read(told).condition))
        ]

    def asking(self, segment_id: int) -> list[str]:
        """In words, whose rules mention a segment."""
        return [
            self.name(each)
            for each, told in self._told.items()
            if each != segment_id and segment_id in reading.mentioned_segments(_read(told))
        ]

    def _steps(self, rule: tree.Rule) -> Iterator[tuple[str, int]]:
        """The rules on which one depends, with where it says so."""
        for path, condition in walk(rule.condition):
            if isinstance(condition, tree.Segment):
                yield path, condition.segment_id
            elif isinstance(condition, tree.Tag):
                yield from ((path, each) for each in sorted(self._deciders.get(("tag", condition.tag), ())))
            elif isinstance(condition, tree.Layer):
                yield from ((path, each) for each in sorted(self._deciders.get(("layer", condition.layer), ())))

    def _way(self, begin: int, end: int) -> list[int]:
        """The rules by which one leads to the other; empty if it does not."""
        came_from: dict[int, int | None] = {begin: None}
        waiting = [begin]
        while waiting:
            here: int | None = waiting.pop()
            if here == end:
                way = []
                while here is not None:
                    way.append(here)
                    here = came_from[here]
                return way[::-1]
            assert here is not None
            for _, each in self._steps(_read(self._told[here])) if here in self._told else ():
                if each not in came_from:
                    came_from[each] = here
                    waiting.append(each)
        return []


async def read_web(tx: Transaction) -> Web:
    """All rules of the workspace in hand as they stand."""
    segments = SegmentRepository(tx)
    return Web(await segments.list_named_rules(), await segments.list_deciders())


async def require_fit(tx: Transaction, rule: tree.Rule, *, itself: int | None) -> None:
    """Refuse a rule that mentions what is not there, or itself, be it through others.

    ``itself`` is the segment that it is to be the rule of; a segment that is not there yet is mentioned by nobody.
    """
    web, segments = await read_web(tx), SegmentRepository(tx)
    layers = {**CLASSES, **await segments.list_layers()}
    reading.require_known(rule, segments=web.segments, lists=await segments.list_lists(), layers=layers)
    if itself is not None and itself in web.segments:
        web.require_no_circle(rule, itself=itself)


async def require_no_circles(tx: Transaction, segments: Collection[int]) -> None:
    """Refuse what has just been written if rules lead to themselves by it."""
    web, told = await read_web(tx), {each.segment_id: each for each in await SegmentRepository(tx).list_named_rules()}
    for segment_id in sorted(segments):
        web.require_no_circle(_read(told[segment_id]), itself=segment_id)


def _read(told: NamedRule) -> tree.Rule:
    return msgspec.convert(told.rule, tree.Rule)
