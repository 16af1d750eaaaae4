"""What the bulk routes take and answer."""

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from fanwheel.cdp.bulk.contracts import What
from fanwheel.cdp.lists.schemas import Name, PersonId
from fanwheel.cdp.persons.choosing import PeopleFilters
from fanwheel.cdp.persons.schemas import Tag

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Choice(_Strict):
    """Some people: by their ids, or all that the filters of the people list show but those under ``except``."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    ids: list[PersonId] | None = Field(default=None, max_length=10_000)
    filters: PeopleFilters | None = None
    but: list[PersonId] = Field(default=[], max_length=1_000, alias="except")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ids is None) == (self.filters is None):
            raise ValueError("choose by “ids” or by “filters”, not by both")
        return self


class TagPeople(_Strict):
    """Put tags on, until an instant if one is given."""

    what: Literal["tag"]
    tags: list[Tag] = Field(min_length=1, max_length=20)
    expires_at: AwareDatetime | None = None
    reason: str = Field(default="", max_length=500)


class UntagPeople(_Strict):
    """Take tags off, whoever put them on."""

    what: Literal["untag"]
    tags: list[Tag] = Field(min_length=1, max_length=20)
    reason: str = Field(default="", max_length=500)


class AddToList(_Strict):
    """Put on a list, or on a new one of a name."""

    what: Literal["add_to_list"]
    list_id: Number | None = None
    new_list: Name | None = None

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if (self.list_id is None) == (self.new_list is None):
            raise ValueError("name one list: “list_id” or “new_list”")
        return self


class RemoveFromList(_Strict):
    """Take off a list."""

    what: Literal["remove_from_list"]
    list_id: Number


class SetTrait(_Strict):
    """Give a declared trait a value; null takes it away."""

    what: Literal["set_trait"]
    trait: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    value: Any


class NewAction(_Strict):
    """Something to be done to people."""

    choose: Choice
    do: Annotated[TagPeople | UntagPeople | AddToList | RemoveFromList | SetTrait, Field(discriminator="what")]

    @property
    def what(self) -> What:
        """What is to be done."""
        return self.do.what


class Export(_Strict):
    """People to be written to a file."""

    choose: Choice
