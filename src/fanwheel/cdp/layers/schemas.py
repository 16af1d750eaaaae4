"""What the layer routes take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from fanwheel.cdp.segments.describing import RuleJson

Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[\w-]+$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Status = Literal["ready", "building", "failed"]


class LayerClass(BaseModel):
    """A class; ``position`` 1 is the lowest. A built-in one has no rule and no name of its own."""

    key: str
    name: str
    position: int
    rule: RuleJson | None
    people: int


class Layer(BaseModel):
    """A layer with its classes, the lowest first.

    Everybody is in the highest class whose rule holds of them, or in none; if the layer's people may not fall, in the
    highest that they have ever reached. ``status`` tells whether the rules have been brought before everybody.
    """

    key: str
    name: str
    description: str
    may_fall: bool
    is_built_in: bool
    classes: list[LayerClass]
    status: Status
    error: str | None


class Layers(BaseModel):
    """Every layer, the built-in ones first."""

    items: list[Layer]


class NewClass(BaseModel):
    """A class as it is to be."""

    key: Key
    name: Name
    rule: RuleJson


class LayerBody(BaseModel):
    """A layer as it is to be; of its classes the lowest comes first."""

    name: Name
    description: Text = ""
    may_fall: bool = True
    classes: list[NewClass] = Field(min_length=1, max_length=50)


class NewLayer(LayerBody):
    """A layer to be made; its key is what rules call it."""

    key: Key


class LayerOfPerson(BaseModel):
    """The class of a person in a layer; a built-in layer, and its classes, have no names of their own."""

    key: str
    name: str
    class_key: str
    class_name: str
    since: datetime | None


class LayerMove(BaseModel):
    """A person went from one class of a layer to another; null is none."""

    key: str
    old: str | None
    new: str | None
    changed_at: datetime


class LayersOfPerson(BaseModel):
    """The classes of a person, and how they went through them, newest first."""

    items: list[LayerOfPerson]
    history: list[LayerMove]
