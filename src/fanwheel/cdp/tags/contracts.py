"""What tags hand around."""

from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

Origin: TypeAlias = Literal["user", "api", "import", "channel", "bulk"]
AnyOrigin: TypeAlias = Literal["user", "api", "rule", "import", "channel", "bulk"]


class Given(Struct, frozen=True, kw_only=True):
    """A tag that was put on a home; not new if the person had it by hand already, and it was renewed."""

    home_id: int
    person_id: int
    tag: str
    tagged_at: datetime
    is_new: bool


class Taken(Struct, frozen=True, kw_only=True):
    """A tag that was taken off a home, as it was there."""

    home_id: int
    person_id: int
    tag: str
    tagged_at: datetime
    tagged_by: str
    origin: AnyOrigin
    reason: str
    expires_at: datetime | None


class Outcome(Struct, frozen=True, kw_only=True):
    """What was really changed, so that it can be undone."""

    given: list[Given] = []
    taken: list[Taken] = []

    @property
    def people(self) -> set[int]:
        """Whom the change concerns."""
        return {each.person_id for each in self.given} | {each.person_id for each in self.taken}


class Wanted(NamedTuple):
    """A tag to be put on one person."""

    tag: str
    expires_at: datetime | None = None
    reason: str = ""


class TagInfo(NamedTuple):
    """A tag that is defined or that people carry. ``status`` is that of its rule."""

    tag: str
    label: str
    description: str
    color: str
    group_id: int | None
    people: int
    expires_after_s: int | None
    rule: dict[str, Any] | None
    keeps_after_exit: bool
    status: str
    error: str | None
    is_defined: bool


class GroupInfo(NamedTuple):
    """A group of tags."""

    group_id: int
    name: str
    is_exclusive: bool
