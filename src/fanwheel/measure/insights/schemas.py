"""What the product reports answer: shapes of the HTTP API, money in minor units of the reporting currency."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """People who came through this step and all before it."""

    name: str
    people: int
    of_first: float | None
    of_previous: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """People by how far they came through the steps, in order and within the window."""

    as_of: datetime
    window_days: int
    steps: list[FunnelStep]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventName:
    """The name of an event, how many people did it, and how often."""

    name: str
    people: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Names that occurred, most people first."""

    as_of: datetime
    items: list[EventName]


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmCell:
    """Buyers with one pair of scores, each 1 to 5, the higher the better."""

    recency: int
    frequency: int
    people: int
    revenue_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmBounds:
    """What scores 1 to 5 took: at most so many days since the last purchase, at least so many purchases."""

    recency_days: list[int]
    frequency: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rfm:
    """Buyers by recency and frequency; cells without anybody are left out."""

    as_of: datetime
    currency: str
    cells: list[RfmCell]
    bounds: RfmBounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the model; without a standard error where it is not identified."""

    name: str
    estimate: float
    standard_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClvBar:
    """People whose value lies from ``low_minor`` to below ``high_minor``; the last bar holds its end too."""

    low_minor: int
    high_minor: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationPoint:
    """People with so many repeat purchases in the first two thirds of the history (7: seven and more).

    Purchases a person in the last third: those that a model fitted on the first two expected, and those made.
    """

    frequency: int
    people: int
    predicted: float
    actual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clv:
    """What buyers are expected to spend from now on, net of refunds; ``why_not`` where that cannot be told."""

    as_of: datetime
    currency: str
    model: str
    people: int
    horizon_days: int
    parameters: list[Parameter]
    not_identified: list[str]
    distribution: list[ClvBar]
    mean_minor: int
    calibration: list[CalibrationPoint] | None
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRow:
    """Paid orders that came over the same channels; none where there was no touch."""

    channels: list[str]
    conversions: int
    value_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The ways that led to most orders; a channel met several times in a row stands once."""

    as_of: datetime
    currency: str
    paths: list[PathRow]
