"""What layers hand around."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class NewClass(NamedTuple):
    """A class as it is to be; of several the lowest comes first."""

    key: str
    name: str
    rule: Mapping[str, Any]


class ClassInfo(NamedTuple):
    """A class; ``position`` 1 is the lowest. Built-in ones have no rule that could be read."""

    key: str
    name: str
    position: int
    rule: Mapping[str, Any] | None
    people: int


class LayerInfo(NamedTuple):
    """A layer with its classes, the lowest first."""

    key: str
    name: str
    description: str
    may_fall: bool
    is_built_in: bool
    classes: Sequence[ClassInfo]
    status: str
    error: str | None
