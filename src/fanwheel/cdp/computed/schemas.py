"""What the routes of formulas take and answer."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from fanwheel.cdp.computed.formula import TraitType

Scalar = bool | int | float | str


class NewSample(BaseModel):
    """A formula to be tried, and the type of the trait that it is for."""

    formula: dict[str, Any]
    type: TraitType | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class SampleItem(BaseModel):
    """What the formula comes to for a person; null where it comes to nothing."""

    person_id: int
    display_name: str | None
    value: Scalar | list[Scalar] | None


class Sample(BaseModel):
    """Some of the people who were seen last, and of how many; ``type`` is that of the trait which the formula gives."""

    type: TraitType
    looked_at: int
    sample: list[SampleItem]
