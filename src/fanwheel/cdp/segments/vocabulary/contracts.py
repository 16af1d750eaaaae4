"""What there is to choose from, in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from fanwheel.cdp.traits.contracts import Option, Origin, Type

Kind = Literal["number", "moment", "text", "boolean", "unknown"]
EventKind = Literal["track", "page", "screen"]
Scalar = bool | float | str


class Known(NamedTuple):
    """A trait, or a property of an event: of what kind it is, and frequent values that several people share."""

    name: str
    kind: Kind
    values: Sequence[Scalar]


class KnownTrait(NamedTuple):
    """A trait with what was declared of it; no ``type`` where nothing was."""

    name: str
    kind: Kind
    values: Sequence[Scalar]
    label: str = ""
    type: Type | None = None
    unit: str = ""
    options: Sequence[Option] = ()
    origin: Origin = "observed"


class Event(NamedTuple):
    """Events of a kind and name: how many there are, and what they say."""

    kind: EventKind
    name: str
    event_count: int
    properties: Sequence[Known]
    product_properties: Sequence[Known]


class Layer(NamedTuple):
    """A layer and its classes, with the words for them; built in ones have none of their own."""

    name: str
    classes: Sequence[str]
    label: str = ""
    class_labels: Mapping[str, str] = MappingProxyType({})


class Defined(NamedTuple):
    """What users have defined: the labels of tags, and layers."""

    tags: Mapping[str, str]
    layers: Sequence[Layer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a workspace has to choose from; what is not here may be written all the same."""

    events: Sequence[Event]
    traits: Sequence[Known]
    tags: Sequence[str]
    layers: Sequence[Layer]
    channels: Sequence[str]
    sources: Sequence[tuple[str, str]]
