"""What the tag routes take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from fanwheel.cdp.segments.describing import RuleJson

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Color = Literal["slate", "blue", "teal", "green", "amber", "orange", "red", "pink", "purple", "brown"]
Seconds = Annotated[int, Field(ge=1, le=10 * 366 * 86_400)]
Origin = Literal["user", "api", "rule", "import", "channel", "bulk"]
Status = Literal["ready", "building", "failed"]


class TagItem(BaseModel):
    """A tag that is defined, or that people carry though nobody has.

    ``expires_after_s`` is how long it lasts once it is given by hand, or, with ``keeps_after_exit``, once its rule
    holds no more. ``status`` tells whether the rule has been brought before everybody.
    """

    tag: str
    label: str
    description: str
    color: Color | None
    group_id: int | None
    people: int
    expires_after_s: int | None
    rule: RuleJson | None
    keeps_after_exit: bool
    status: Status
    error: str | None
    is_defined: bool


class TagGroup(BaseModel):
    """A group of tags; of an exclusive one everybody has one tag at a time, the one given last."""

    group_id: int
    name: str
    is_exclusive: bool


class Tags(BaseModel):
    """Every tag, those of most people first, and the groups."""

    items: list[TagItem]
    groups: list[TagGroup]


class TagPatch(BaseModel):
    """What is to change about a tag; what is left out stays, null takes it away."""

    label: Label | None = None
    description: Text | None = None
    color: Color | None = None
    group_id: int | None = None
    expires_after_s: Seconds | None = None
    rule: RuleJson | None = None
    keeps_after_exit: bool = False


class NewTag(TagPatch):
    """A tag to be defined."""

    tag: Tag


class Rename(BaseModel):
    """Another name for a tag."""

    to: Tag


class NewTagGroup(BaseModel):
    """A group to be made."""

    name: Name
    is_exclusive: bool = False


class TagGroupPatch(BaseModel):
    """What is to change about a group; what is left out stays."""

    name: Name | None = None
    is_exclusive: bool | None = None


class WantedTag(BaseModel):
    """A tag to put on a person, until when, and why."""

    tag: Tag
    expires_at: AwareDatetime | None = None
    reason: Reason = ""


class TagChange(BaseModel):
    """Tags to put on a person and to take off, and why."""

    add: list[Tag | WantedTag] = Field(default=[], max_length=50)
    remove: list[Tag] = Field(default=[], max_length=50)
    reason: Reason = ""


class PersonTags(BaseModel):
    """The tags of a person now."""

    tags: list[str]


class GivenTag(BaseModel):
    """A tag of a person: who put it on, why, and until when."""

    tag: str
    label: str
    color: Color | None
    group_id: int | None
    tagged_at: datetime
    tagged_by: str
    origin: Origin
    reason: str
    expires_at: datetime | None


class TagLogEntry(BaseModel):
    """A tag was put on or taken off; by ``group`` if another of its exclusive group was given."""

    tag: str
    is_added: bool
    at: datetime
    by: str
    origin: Literal["user", "api", "rule", "import", "channel", "bulk", "expiry", "group", "undo"]
    reason: str
    expires_at: datetime | None


class TagsOfPerson(BaseModel):
    """The tags of a person, and who put which on and took which off, newest first."""

    items: list[GivenTag]
    history: list[TagLogEntry]
