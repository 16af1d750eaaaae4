"""What must be remembered of events so that rules can be judged, whatever their windows and thresholds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.rules import filters, values, words
from fanwheel.cdp.segments.rules.walking import walk
from fanwheel.cdp.segments.rules.words import Word

KIND_NUMBERS: Final[Mapping[str, int]] = {"track": 1, "page": 3, "screen": 4}


class Metric:
    """Events of a selector and, with ``of``, the number that each has there, or with ``has_words`` its words there.

    Two metrics are equal if their JSON is: Python alone holds 1 and true to be the same.
    """

    __slots__ = ("event", "has_words", "of", "spec")

    def __init__(self, *, event: tree.Selector, of: str | None = None, has_words: bool = False) -> None:
        self.event = event
        self.of = of
        self.has_words = has_words
        told = {"event": event} if of is None else {"event": event, "of": of}
        self.spec: Final = msgspec.json.encode({**told, "words": True} if has_words else told)

    @classmethod
    def read(cls, spec: bytes | str | Mapping[str, Any]) -> "Metric":
        """The metric that ``spec`` describes, as it was stored."""
        told = msgspec.json.decode(spec) if isinstance(spec, bytes | str) else spec
        event = msgspec.convert(told["event"], tree.Selector)
        return cls(event=event, of=told.get("of"), has_words=told.get("words", False))

    @property
    def key(self) -> UUID:
        """Under which the metric is known in every version of every rule."""
        return UUID(bytes=blake2b(self.spec, digest_size=16).digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Metric) and self.spec == other.spec

    def __hash__(self) -> int:
        return hash(self.spec)

    def __repr__(self) -> str:
        return f"Metric({self.spec.decode()})"


def metrics_of(rule: tree.Rule) -> frozenset[Metric]:
    """All that ``rule`` needs to be remembered of events."""
    return frozenset(metric for _, condition in walk(rule.condition) for metric in metrics_of_condition(condition))


def metrics_of_condition(condition: tree.Condition) -> Iterator[Metric]:
    """The metrics of one condition itself, those of a sequence in the order of its steps."""
    if isinstance(condition, tree.Event):
        yield Metric(event=condition.event, of=condition.of)
    elif isinstance(condition, tree.Sequence):
        for step in condition.steps:
            yield Metric(event=step)


_Told = int | Word | None
_Words = Callable[[Mapping[str, Any]], list[Word]]
_Readers = list[tuple[int, filters.Path | None, _Words | None]]


class Matcher:
    """Tells which metrics an event belongs to; what that costs grows with the metrics of its name only."""

    def __init__(self, metrics: Mapping[int, Metric] | Iterable[tuple[int, Metric]]) -> None:
        grouped: dict[tuple[int, str], dict[bytes, tuple[filters.Filter | None, _Readers]]] = {}
        self._is_blind: dict[tuple[int, str], bool] = {}
        for number, metric in sorted(dict(metrics).items()):
            event = metric.event
            name = (KIND_NUMBERS[event.kind], event.name)
            # Metrics that differ only in what they read share the filter.
            where = grouped.setdefault(name, {})
            _, readers = where.setdefault(msgspec.json.encode(event.where), (filters.compile_where(event.where), []))
            if metric.has_words and metric.of is not None:
                readers.append((number, None, words.compile_words(metric.of)))
            else:
                readers.append((number, filters.split_path(metric.of) if metric.of else None, None))
            self._is_blind[name] = self._is_blind.get(name, True) and not event.where and metric.of is None
        self._groups = {name: list(where.values()) for name, where in grouped.items()}

    @property
    def names(self) -> frozenset[tuple[int, str]]:
        """Kind and name of every event that belongs to a metric."""
        return frozenset(self._groups)

    def needs_properties(self, kind: int, name: str) -> bool:
        """Whether the properties of such an event must be known to match it."""
        return not self._is_blind.get((kind, name), True)

    def read(self, kind: int, name: str, properties: str | bytes) -> list[tuple[int, _Told]]:
        """The metrics to remember the event for, each with the number it reads, in millionths, or a word.

        An event without a number where a metric reads one is not for that metric; for a metric of words it counts
        once for each.
        """
        groups = self._groups.get((kind, name))
        if groups is None:
            return []
        told = {} if self._is_blind[kind, name] else filters.read_properties(properties)
        found: list[tuple[int, _Told]] = []
        for passes, readers in groups:
            if passes is not None and not passes(told):
                continue
            for number, path, read in readers:
                if path is not None:
                    if (value := values.micros(filters.look_up(told, path))) is not None:
                        found.append((number, value))
                elif read is None:
                    found.append((number, None))
                else:
                    found += [(number, word) for word in read(told)]
        return found
