"""What the experiment routes take and answer."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from fanwheel.measure.ledger.experiments.contracts import Draft, Experiment, Finding, Outcome

# A list carries the name with the arm's behind it.
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=180)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
Share = Annotated[float, Field(ge=0.01, le=0.99)]
Days = Annotated[int, Field(ge=1, le=365)]
DaysBefore = Annotated[int, Field(ge=0, le=365)]


class Experiments(BaseModel):
    """Every experiment, the newest first."""

    items: list[Experiment]


class ExperimentIn(BaseModel):
    """An experiment to be started now, with everybody who is in the segment.

    ``treated_share`` of them, dealt at random, are to be treated. What they do in ``days`` days from now counts; what
    they did in the ``days_before`` days before narrows the interval.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name
    hypothesis: Remark = ""
    segment_id: int = Field(ge=1, le=2**31 - 1)
    treated_share: Share = 0.5
    outcome: Outcome = "revenue"
    days: Days = 28
    days_before: DaysBefore = 84

    def draft(self) -> Draft:
        """The same in plain values."""
        return Draft(**self.model_dump())


class ExperimentJudged(BaseModel):
    """An experiment, and what it shows now; money is in minor units of the reporting currency."""

    experiment: Experiment
    finding: Finding
