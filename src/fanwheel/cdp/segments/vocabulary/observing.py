"""Observing JSON objects: which paths they have, of what kind the values are, and which are frequent."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fanwheel.cdp.segments.vocabulary.contracts import Kind, Known, Scalar

_MOST_PATHS: Final = 200
_MOST_DIFFERENT: Final = 500
_MOST_VALUES: Final = 30
_LONGEST: Final = 100
_LONGEST_PATH: Final = 200
_DEEPEST: Final = 4
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?")


class Observed:
    """What was seen under each path."""

    def __init__(self) -> None:
        self._paths: dict[str, _Path] = {}

    def add(self, told: Mapping[str, Any], *, person: int) -> None:
        """One more object, of one person."""
        for path, value in _leaves(told, "", 0):
            if path not in self._paths and len(self._paths) >= _MOST_PATHS:
                continue
            self._paths.setdefault(path, _Path()).add(value, person)

    def known(self) -> list[Known]:
        """What is known of each path, by name."""
        return [Known(name, path.kind, path.values) for name, path in sorted(self._paths.items())]

    def __bool__(self) -> bool:
        return bool(self._paths)


class _Path:
    """The values under one path.

    A value is offered once a second person has it, so nothing that tells one person apart is.
    """

    def __init__(self) -> None:
        self._kinds: Counter[Kind] = Counter()
        self._seen: Counter[Scalar] = Counter()
        self._first: dict[Scalar, int] = {}
        self._shared: set[Scalar] = set()

    def add(self, value: Scalar, person: int) -> None:
        """One more value."""
        self._kinds[_kind_of(value)] += 1
        if isinstance(value, str) and not 0 < len(value) <= _LONGEST:
            return
        if value not in self._seen and len(self._seen) >= _MOST_DIFFERENT:
            return
        self._seen[value] += 1
        if self._first.setdefault(value, person) != person:
            self._shared.add(value)

    @property
    def kind(self) -> Kind:
        """The kind of most values."""
        return self._kinds.most_common(1)[0][0]

    @property
    def values(self) -> list[Scalar]:
        """The most frequent values of that kind; none of moments, nor of numbers that are nearly all different."""
        kind = self.kind
        if kind == "moment" or (kind == "number" and len(self._seen) > _MOST_VALUES):
            return []
        return [value for value, _ in self._seen.most_common() if value in self._shared and _kind_of(value) == kind][
            :_MOST_VALUES
        ]


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Scalar]]:
    """Every plain value with the path that leads to it; the items of a list stand at the list's own path."""
    if isinstance(value, Mapping):
        if depth < _DEEPEST:
            for name, inner in value.items():
                place = f"{path}.{name}" if path else name
                if name and len(place) <= _LONGEST_PATH:
                    yield from _leaves(inner, place, depth + 1)
    elif isinstance(value, list):
        for item in value[:20]:
            if not isinstance(item, Mapping | list):
                yield from _leaves(item, path, depth)
    elif isinstance(value, bool | str):
        yield path, value
    elif isinstance(value, int | float):
        yield path, float(value)


def _kind_of(value: Scalar) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "moment" if _MOMENT.fullmatch(value) else "text"
    return "number"
