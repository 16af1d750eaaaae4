"""Lists in plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Origin = Literal["manual", "snapshot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList:
    """A list; ``size`` is exact up to 20,000 people, beyond that it is of the last change."""

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
class Change:
    """What became of people who were to be put on a list or taken off it."""

    added: int
    removed: int
    unknown: list[int]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file whose rows were matched with people; the report is kept for a week."""

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
