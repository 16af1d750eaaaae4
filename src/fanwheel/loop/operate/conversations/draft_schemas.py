"""What the routes of drafts take and answer."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

Trait = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class _Drafting(BaseModel):
    is_on: bool = False
    base_url: str = Field(max_length=500)
    model: str = Field(max_length=200)
    traits: list[Trait] = Field(default=[], max_length=50)
    instructions: str = Field(default="", max_length=4_000)


class Drafting(_Drafting):
    """How answers are drafted; ``traits`` may leave (``name``: what the person is called), nothing else."""

    has_key: bool


class NewDrafting(_Drafting):
    """How answers are to be drafted. A key that is left out stays; an empty one takes it away."""

    base_url: str = Field(min_length=1, max_length=500)
    model: str = Field(min_length=1, max_length=200)
    key: str | None = Field(default=None, max_length=1_000)


class Draft(BaseModel):
    """A draft; nobody was sent anything."""

    text: str
