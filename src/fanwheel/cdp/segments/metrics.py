"""What must be remembered of events so that rules can be judged, whatever their windows and thresholds."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.rules import filters, values
from fanwheel.cdp.segments.rules.walking import walk

KIND_NUMBERS: Final[Mapping[str, int]] = {"track": 1, "page": 3, "screen": 4}


class Metric:
    """Events of a selector and, with ``of``, the number that each has there.

    Two metrics are equal if their JSON is: Python alone holds 1 and true to be the same.
    """

    __slots__ = ("event", "of", "spec")

    def __init__(self, *, event: tree.Selector, of: str | None = None) -> None:
        self.event = event
        self.of = of
        self.spec: Final = msgspec.json.encode({"event": event} if of is None else {"event": event, "of": of})

    @classmethod
    def read(cls, spec: bytes | str | Mapping[str, Any]) -> "Metric":
        """The metric that ``spec`` describes, as it was stored."""
        told = msgspec.json.decode(spec) if isinstance(spec, bytes | str) else spec
        return cls(event=msgspec.convert(told["event"], tree.Selector), of=told.get("of"))

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


_Readers = list[tuple[int, filters.Path | None]]


class Matcher:
    """Tells which metrics an event belongs to; what that costs grows with the metrics of its name only."""

    def __init__(self, metrics: Mapping[int, Metric] | Iterable[tuple[int, Metric]]) -> None:
        grouped: dict[tuple[int, str], dict[bytes, tuple[filters.Filter | None, _Readers]]] = {}
        self._is_blind: dict[tuple[int, str], bool] = {}
        for number, metric in sorted(dict(metrics).items()):
            event = metric.event
            name = (KIND_NUMBERS[event.kind], event.name)
            # Metrics that differ only in the number they read share the filter.
            where = grouped.setdefault(name, {})
            _, readers = where.setdefault(msgspec.json.encode(event.where), (filters.compile_where(event.where), []))
            readers.append((number, filters.split_path(metric.of) if metric.of else None))
            self._is_blind[name] = self._is_blind.get(name, True) and not event.where and metric.of is None
        self._groups = {name: list(where.values()) for name, where in grouped.items()}

    @property
    def names(self) -> frozenset[tuple[int, str]]:
        """Kind and name of every event that belongs to a metric."""
        return frozenset(self._groups)

    def needs_properties(self, kind: int, name: str) -> bool:
        """Whether the properties of such an event must be known to match it."""
        return not self._is_blind.get((kind, name), True)

    def read(self, kind: int, name: str, properties: str | bytes) -> list[tuple[int, int | None]]:
        """The metrics to remember the event for, each with the number it reads, in millionths.

        An event without a number where a metric reads one is not for that metric.
        """
        groups = self._groups.get((kind, name))
        if groups is None:
            return []
        told = {} if self._is_blind[kind, name] else filters.read_properties(properties)
        found: list[tuple[int, int | None]] = []
        for passes, readers in groups:
            if passes is not None and not passes(told):
                continue
            for number, path in readers:
                if path is None:
                    found.append((number, None))
                elif (value := values.micros(filters.look_up(told, path))) is not None:
                    found.append((number, value))
        return found
