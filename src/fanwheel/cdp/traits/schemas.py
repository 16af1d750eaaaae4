"""What the trait routes take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from fanwheel.cdp.traits.contracts import Origin, Status, Type

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)]
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Option(BaseModel):
    """A value that the trait may have, and what people read instead of it."""

    value: Value
    label: Label = ""


Options = Annotated[list[Option], Field(max_length=500)]
Formula = dict[str, Any]


class TraitDef(BaseModel):
    """A trait: declared, worked out from events (``computed``), written by the measurement (``score``), or only seen.

    ``people`` have a value, ``misfits`` of them one that does not fit. Beyond 20,000 people both are estimated.
    """

    name: str
    label: str
    description: str
    type: Type
    unit: str
    options: list[Option]
    origin: Origin
    formula: Formula | None
    status: Status
    error: str | None
    keeps_history: bool
    position: int
    people: int | None
    misfits: int | None
    updated_at: datetime | None


class TraitDefs(BaseModel):
    """Every trait: those declared in their order, then the others by name; ``everybody``: how many people."""

    items: list[TraitDef]
    everybody: int
    is_estimate: bool


class NewTrait(BaseModel):
    """A trait to be declared; with a ``formula`` it is worked out from events.

    ``keeps_history``: whether changes are facts; unless said so, of declared traits only.
    """

    name: Name
    label: Label = ""
    description: Description = ""
    type: Type
    unit: Unit = ""
    options: Options = []
    formula: Formula | None = None
    keeps_history: bool | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None


class TraitPatch(BaseModel):
    """What is to change; what is left out stays."""

    label: Label | None = None
    description: Description | None = None
    type: Type | None = None
    unit: Unit | None = None
    options: Options | None = None
    formula: Formula | None = None
    keeps_history: bool | None = None
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None


class Template(BaseModel):
    """A definition to begin with."""

    id: str
    name: str
    type: Type
    unit: str
    options: list[Option]
    formula: Formula | None


class Templates(BaseModel):
    """Definitions to begin with, in the order in which they are offered."""

    items: list[Template]


class PersonTrait(BaseModel):
    """A trait of a person.

    ``source``: ``event``, ``measure``, ``computed``, ``api:…`` (a key), ``user:…`` (an e-mail address) or
    ``import:…`` (a file).
    """

    name: str
    label: str
    type: Type
    unit: str
    value: Any
    origin: Origin
    source: str
    at: datetime | None


class PersonTraits(BaseModel):
    """The traits of a person, those declared in their order, then the others by name."""

    items: list[PersonTrait]


PersonTraitValues = Annotated[dict[Name, Any], Field(max_length=100)]


class Change(BaseModel):
    """A trait, a tag or the class in a layer has changed; null is none, and of a tag it is true where it is on."""

    change_id: int
    kind: Literal["trait", "tag", "layer"]
    name: str
    old: Any
    new: Any
    changed_at: datetime


class RefusedCell(BaseModel):
    """A cell that was not taken, or a row that matches nobody, and what to do about it; rows count from 1."""

    row: int
    column: str | None
    message: str


class Imported(BaseModel):
    """What became of a file: ``changed`` people have at least one other value than before.

    ``refused`` shows the first 1,000 of ``refused_count`` cells and rows; columns that are worked out are ``ignored``.
    """

    rows: int
    matched: int
    unmatched: int
    changed: int
    created: int
    refused: list[RefusedCell]
    refused_count: int
    traits: list[str]
    ignored: list[str]
    is_dry_run: bool
