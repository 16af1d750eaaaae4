"""What the geo test routes take and answer."""

from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fanwheel.measure.ledger.geo_tests.contracts import Draft
from fanwheel.measure.ledger.geo_tests.rules import DEFAULT_DAYS_BEFORE

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]


class GeoTestOut(BaseModel):
    """A source, or one campaign of it, that is off in some regions; ``ended_on`` is its last day, null while it runs.

    ``trait`` is the trait of persons that says where they live; regions are compared from ``before_on``.
    """

    geo_test_id: int
    source: str
    name: str
    campaign: str | None
    trait: str
    regions: list[str]
    before_on: date
    started_on: date
    ended_on: date | None
    note: str
    created_at: datetime
    created_by: str


class GeoTestsOut(BaseModel):
    """Every geo test, the newest first."""

    items: list[GeoTestOut]


class GeoTestIn(BaseModel):
    """A geo test to be noted; without ``before_on`` regions are compared from eight weeks before it."""

    model_config = ConfigDict(extra="forbid")

    source: Word
    campaign: Word | None = None
    trait: Word = "region"
    regions: list[Word] = Field(min_length=1, max_length=500)
    before_on: date | None = None
    started_on: date
    ended_on: date | None = None
    note: Remark = ""

    def draft(self) -> Draft:
        """The same in plain values."""
        days_before = min(timedelta(days=DEFAULT_DAYS_BEFORE), self.started_on - date.min)
        return Draft(
            source=self.source, campaign=self.campaign, trait=self.trait, regions=tuple(dict.fromkeys(self.regions)),
            before_on=self.before_on or self.started_on - days_before, started_on=self.started_on,
            ended_on=self.ended_on, note=self.note,
        )  # fmt: skip


class GeoTestChange(BaseModel):
    """What to change; what is left out stays. A test that has ended cannot be ended anew."""

    model_config = ConfigDict(extra="forbid")

    ended_on: date | None = None
    note: Remark | None = None


class RegionOut(BaseModel):
    """A value of the trait, and how many people have it."""

    region: str
    people: int


class RegionsOut(BaseModel):
    """Where people live, the regions with most people first."""

    items: list[RegionOut]
