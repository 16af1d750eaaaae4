"""Lists in plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Origin = Literal["manual", "snapshot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList:
    """A list; ``size`` is exact up to 20,000 people, beyond that it is of the last change.

    ``segment_id`` names the segment of which it is a snapshot.
    """

    list_id: int
    name: str
    description: str
    origin: Origin
    segment_id: int | None
    schedule_id: int | None
    size: int
    created_at: datetime
    created_by: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged:
    """What became of people who were to be put on a list or taken off it; ``unknown`` ids belong to nobody."""

    added: int
    removed: int
    unknown: list[int]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file whose rows were matched with people; its report of unmatched rows is kept for seven days."""

    upload_id: int
    list_id: int
    file_name: str
    uploaded_at: datetime
    uploaded_by: str
    row_count: int
    matched: int
    added: int
    unmatched: int
    has_report: bool


class Gathered(NamedTuple):
    """What a file says: homes of people whom its rows name, and the rows that name nobody, as CSV."""

    homes: list[int]
    row_count: int
    matched: int
    unmatched: int
    report: str


class Place(NamedTuple):
    """That a person is on a list, at the home at which it is kept, and since when."""

    person_id: int
    home_id: int
    listed_at: datetime
