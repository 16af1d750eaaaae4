"""Definitions of traits in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, get_args

Type = Literal["text", "number", "bool", "date", "option", "options"]
TYPES: Final[tuple[Type, ...]] = get_args(Type)
Origin = Literal["declared", "computed", "score", "observed"]
Status = Literal["ready", "building", "failed"]


class Option(NamedTuple):
    """A value that a trait may have, and what people read instead of it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A trait as it was declared, or as the measurement writes it.

    ``people`` and ``misfits`` say how many have it, and have a value that does not fit; None where nobody counted.
    """

    name: str
    label: str = ""
    description: str = ""
    type: Type
    unit: str = ""
    options: Sequence[Option] = ()
    origin: Origin
    formula: Mapping[str, Any] | None = None
    status: Status = "ready"
    error: str | None = None
    keeps_history: bool = True
    position: int = 0
    people: int | None = None
    misfits: int | None = None
    updated_at: datetime | None = None


class Catalog(NamedTuple):
    """Every trait, and how many people there are; the counts may be estimates."""

    items: Sequence[Definition]
    everybody: int
    is_estimate: bool


class Change(NamedTuple):
    """A change of a portrait: what a trait, a tag or the class in a layer was before, and is from then on."""

    change_id: int
    kind: Literal["trait", "tag", "layer"]
    name: str
    old: Any
    new: Any
    changed_at: datetime


class Template(NamedTuple):
    """A definition to begin with; the web app has its words by its id."""

    id: str
    name: str
    type: Type
    unit: str = ""
    options: tuple[Option, ...] = ()
    formula: Mapping[str, Any] | None = None
