"""The values of a statement: they travel as parameters, never in its text."""

from collections.abc import Mapping, Sequence
from typing import Final

from fanwheel.infra.engine.dialect import DUCKDB, SPARK, Dialect

_DIALECTS: Final[Mapping[str, Dialect]] = {dialect.name: dialect for dialect in (DUCKDB, SPARK)}


class Params:
    """Collects values for one engine and says how a statement names each."""

    def __init__(self, engine: str) -> None:
        self._dialect = _DIALECTS[engine]
        self._names: dict[tuple[type, object], str] = {}
        self.values: dict[str, object] = {}

    def add(self, value: float | str | bool) -> str:
        """The placeholder of ``value``; equal values share one."""
        key = (type(value), value)
        if key not in self._names:
            self._names[key] = self._put(value)
        return self._names[key]

    def add_list(self, items: Sequence[float | str | bool]) -> str:
        """The placeholder of a list."""
        return self._put(list(items))

    def add_path(self, steps: Sequence[str]) -> str:
        """The placeholder of a path through the keys of objects."""
        return self.add(self._dialect.path(steps))

    def _put(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return "%(" + name + ")s"


def either(conditions: Sequence[str], word: str) -> str:
    """Conditions joined by AND or OR."""
    return conditions[0] if len(conditions) == 1 else "(" + f" {word} ".join(conditions) + ")"


def listed(columns: Sequence[str]) -> str:
    """Columns or tables below each other."""
    return ",\n       ".join(columns)


def select(columns: Sequence[str], source: str, *where: str) -> str:
    """A statement over a table or what stands in its place."""
    conditions = [" WHERE " + "\n   AND ".join(where)] if where else []
    return "\n".join(["SELECT " + listed(columns), f"  FROM {source}", *conditions])
