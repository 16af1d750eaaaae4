"""Segments as callers see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

Status = Literal["draft", "building", "live", "paused", "failed"]
# Rules of tags and layers are segments that nobody sees.
Purpose = Literal["segment", "tag", "layer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentInfo:
    """A segment; ``rule`` is the one that was saved last, ``size`` how many are in it now."""

    segment_id: int
    name: str
    description: str
    rule: Mapping[str, Any]
    version: int
    status: Status
    size: int
    built_at: datetime | None
    error: str | None
    created_at: datetime
    created_by: str
    updated_at: datetime


class NamedRule(NamedTuple):
    """A rule with what it is of."""

    segment_id: int
    purpose: Purpose
    name: str
    rule: Mapping[str, Any]


class Membership(NamedTuple):
    """A segment that a person is in; ``since`` is None if they were in it when it was first built."""

    segment_id: int
    name: str
    status: Status
    since: datetime | None


class TrendDay(NamedTuple):
    """What became of a segment in one day; ``size`` is at the day's end."""

    day: date
    size: int
    entries: int
    exits: int


class ChangeRow(NamedTuple):
    """An entry or an exit as it was written; person 0 is somebody who was erased."""

    change_id: int
    segment_id: int
    person_id: int
    is_entry: bool
    changed_at: datetime
    cause: Literal["change", "time", "rule", "merge", "erasure"]
