"""What the list routes take and answer."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from fanwheel.cdp.lists.contracts import Upload

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
PersonId = Annotated[int, Field(ge=1, le=2**63 - 1)]
People = Annotated[list[PersonId], Field(max_length=5_000)]


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


class Uploads(BaseModel):
    """The newest files that filled a list."""

    items: list[Upload]
