"""What the list routes take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from fanwheel.cdp.lists.contracts import Origin

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
PersonId = Annotated[int, Field(ge=1, le=2**63 - 1)]
People = Annotated[list[PersonId], Field(max_length=5_000)]


class PeopleList(BaseModel):
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


class Use(BaseModel):
    """A segment whose rule asks who is on a list."""

    segment_id: int
    name: str


class Uses(BaseModel):
    """The segments whose rules ask who is on a list; while there are any it cannot be deleted."""

    items: list[Use]


class NewList(BaseModel):
    """A list to be made, and the people to begin with."""

    name: Name
    description: Description = ""
    person_ids: People = []


class ListPatch(BaseModel):
    """What is to change; what is left out stays."""

    name: Name | None = None
    description: Description | None = None


class MemberChange(BaseModel):
    """People to put on the list and to take off it; any of a person's home ids stands for the person."""

    add: People = []
    remove: People = []


class MembersChanged(BaseModel):
    """What became of them; ``unknown`` ids belong to nobody."""

    added: int
    removed: int
    unknown: list[int]
    size: int


class Upload(BaseModel):
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


class Uploads(BaseModel):
    """The newest files that filled a list."""

    items: list[Upload]
