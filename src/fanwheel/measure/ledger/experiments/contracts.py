"""An experiment in plain values, and what it has shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["revenue", "orders", "buyers"]
State = Literal["helps", "harms", "unproven", "unknown"]
# Why a finding is to be distrusted, or cannot be made.
Caution = Literal["too_few_people", "no_outcomes", "arms_unequal", "arms_differed", "people_in_both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An experiment to be started; ``treated_share`` is the fraction of people to be treated."""

    name: str
    hypothesis: str
    segment_id: int
    treated_share: float
    outcome: Outcome
    days: int
    days_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """People of a segment, dealt at random into two arms; it runs until ``ends_at`` unless it was ended before."""

    experiment_id: int
    name: str
    hypothesis: str
    segment_id: int
    segment_name: str
    treated_share: float
    outcome: Outcome
    days: int
    days_before: int
    people: int
    treated_list_id: int
    control_list_id: int
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Living people of one arm, and the sums of what they did before and since."""

    is_treated: bool
    people: int
    total: float
    squares: float
    pre_total: float
    pre_squares: float
    cross: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an experiment shows at one look; money in minor units of the reporting currency.

    ``estimate`` is per person treated, between ``lower`` and ``upper`` at 95 % however often one looks; ``lift`` is
    the same as a fraction of the control's mean, None where that is too near zero. ``gained`` is the estimate times
    the people treated. None where nothing can be said; ``cautions`` say why.
    """

    state: State
    people_treated: int
    people_control: int
    people_in_both: int
    mean_treated: float | None
    mean_control: float | None
    estimate: float | None
    lower: float | None
    upper: float | None
    p: float | None
    lift: float | None
    lift_lower: float | None
    lift_upper: float | None
    gained: float | None
    gained_lower: float | None
    gained_upper: float | None
    variance_reduction: float
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an experiment would be able to see, judged by the same people's past.

    ``difference`` is the smallest effect per person treated that is found with probability 0.8, ``lift`` the same as a
    fraction of the mean; None where the past shows no outcome at all.
    """

    people: int
    treated: int
    control: int
    mean: float | None
    lift: float | None
    difference: float | None
    held_back: float | None  # what the control would have brought in addition, were the smallest such effect true
