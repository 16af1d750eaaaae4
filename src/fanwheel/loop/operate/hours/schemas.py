"""What the routes of business hours take and give."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.loop.operate.hours.rules import DAY_MINUTES


class OpeningBody(BaseModel):
    """A stretch of a day, in minutes since midnight."""

    model_config = ConfigDict(extra="forbid")

    opens: int = Field(ge=0, lt=DAY_MINUTES)
    closes: int = Field(gt=0, le=DAY_MINUTES)


class WeeklyBody(OpeningBody):
    """A stretch that comes every week; day 1 is Monday."""

    day: int = Field(ge=1, le=7)


class SpecialBody(BaseModel):
    """A date with hours of its own; without any it is closed all day."""

    model_config = ConfigDict(extra="forbid")

    date: date
    spans: list[OpeningBody] = Field(default=[], max_length=10)


class HoursIn(BaseModel):
    """Business hours; without any the workspace is always open."""

    model_config = ConfigDict(extra="forbid")

    weekly: list[WeeklyBody] = Field(default=[], max_length=70)
    special: list[SpecialBody] = Field(default=[], max_length=400)


class HoursOut(HoursIn):
    """Business hours, on which clock they are, and whether the workspace is open now."""

    time_zone: str
    is_open: bool
