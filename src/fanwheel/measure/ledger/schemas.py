"""What the ledger answers: shapes of the HTTP API, money in minor units of the reporting currency."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from fanwheel.measure.reports.schemas import DomainName, PeriodShape
from fanwheel.measure.verdicts import Code

By = Literal["channel", "campaign", "segment"]
StateName = Literal["wasted", "working", "unproven"]
EvidenceKind = Literal["holdout", "geo", "prior", "none"]
EstimatorName = Literal["ghost", "intent_to_treat"]
StepName = Literal["cut", "keep", "scale", "test", "lean_cut", "lean_keep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An estimate and its 95 % interval, valid on every day on which somebody looks."""

    estimate_minor: int
    low_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something to say: a code with values, for any language, and the English text of it."""

    code: Code
    values: dict[str, int | float | str]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoEvidence:
    """The geo test that a verdict stands on: where the channel was off, and when.

    ``saved_minor`` is what is taken to have been saved there, ``caused`` the revenue that was missing there.
    """

    geo_test_id: int
    regions: list[str]
    first: date
    last: date
    saved_minor: int
    caused: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a verdict stands on: which holdout, since when, how many people; or how many regions of a geo test.

    ``people_open`` met the channel, ``people_held`` would have. ``variance_reduction`` is the share of the noise that
    earlier purchases explained away. ``why_not`` says why there is no estimate, ``alarms`` why the numbers may mislead,
    ``remarks`` what else to know.
    """

    kind: EvidenceKind
    holdout: str | None
    since: date | None
    people_open: int
    people_held: int
    estimator: EstimatorName | None
    variance_reduction: float | None
    regions: int | None
    why_not: Note | None
    alarms: list[Note]
    remarks: list[Note]
    geo_test: GeoEvidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do, and why; for a test how large, how long, and what its answer is worth over two years.

    Only what is proven is to be cut, kept or scaled. Where nothing is, ``lean_cut`` and ``lean_keep`` say what the best
    guess speaks for, as ``action`` where no test is worth its price, else as ``meanwhile``: what to do until the test
    has told (``keep``: leave it as it is).
    """

    action: StepName
    meanwhile: StepName
    why: Note
    holdout_share: float | None
    days: int | None
    worth_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTruth:
    """What the channel truly caused; known of a made-up brand only."""

    caused_revenue_minor: int
    state: Literal["wasted", "working"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the ledger: what it cost, what it was credited with, and what it caused."""

    channel: str
    source_id: int | None
    name: str
    domain: DomainName
    campaign: str | None
    segment: str | None
    spend_minor: int
    credited_last_touch_minor: int
    credited_markov_minor: int
    caused_revenue: Range | None
    caused_profit: Range | None
    state: StateName
    evidence: Evidence
    advice: Advice
    truth: RowTruth | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over the channels; ``saved_minor`` is what cutting the proven waste would have saved."""

    spend_minor: int
    wasted_minor: int
    working_minor: int
    unproven_minor: int
    saved_minor: int
    credited_last_touch_minor: int
    caused_revenue_minor: int | None
    caused_profit: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVerdict:
    """What was said of a channel's profit on an earlier day."""

    day: date
    channel: str
    state: StateName
    low_minor: int
    estimate_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """How close the verdicts come to a truth that is known.

    ``covered`` of ``channels`` intervals hold what was truly caused.
    """

    wasted_spend_minor: int
    found_minor: int
    wrongly_minor: int
    covered: int
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Which half is wasted: every channel with spend, the largest first, with its evidence."""

    as_of: datetime
    period: PeriodShape
    currency: str
    margin: float
    break_even_roas: float
    people: int
    totals: Totals
    rows: list[Row]
    history: list[PastVerdict]
    truth: Closeness | None
