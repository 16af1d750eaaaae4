"""What the reports answer: shapes of the HTTP API, money in minor units of the reporting currency."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

Grain = Literal["month", "week"]
# Closed sets, so that clients generated from the API know them; inside they are labels of the enums.
DomainName = Annotated[str, WithJsonSchema({"type": "string", "enum": ["public", "commercial", "private", "unknown"]})]
StageName = Annotated[
    str,
    WithJsonSchema({"type": "string", "enum": ["introduce", "operate", "convert", "share", "repurchase"]}),
]
# "from" is a keyword of Python, so the field has another name inside.
From = Field(validation_alias="from", serialization_alias="from")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodShape:
    """First and last day, both included."""

    start: Annotated[date, From]
    to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """One stage: people who had reached it by the last day, and those who entered it in the period."""

    stage: StageName
    people: int
    entered: int
    entered_before: int
    rate_to_next: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDay:
    """People who entered each stage on one day."""

    day: date
    introduce: int
    operate: int
    convert: int
    share: int
    repurchase: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The five stages in a period, beside the period of the same length before it."""

    as_of: datetime
    currency: str
    period: PeriodShape
    previous: PeriodShape
    stages: list[StageCount]
    days: list[StageDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCount:
    """One domain: people it touched in the period, and touches."""

    domain: DomainName
    people: int
    touches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """From one domain to another: people who crossed in the period, and crossings."""

    start: Annotated[DomainName, From]
    to: DomainName
    people: int
    crossings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place in the chart of links: layer 0 first source, 1 first private channel, 2 outcome."""

    id: str
    label: str
    domain: DomainName
    layer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """People of the period that two nodes share."""

    start: Annotated[str, From]
    to: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """People introduced in the period: first source, first private channel joined, outcome so far."""

    nodes: list[Node]
    edges: list[Edge]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Traffic between the three domains in a period."""

    as_of: datetime
    period: PeriodShape
    domains: list[DomainCount]
    flows: list[Flow]
    links: Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Readouts:
    """The strip above the cockpit; ``_before`` is the period of the same length before."""

    as_of: datetime
    period: PeriodShape
    previous: PeriodShape
    fans: int
    fans_consented_share: float | None
    boarded: int
    boarded_before: int
    revenue_minor: int
    revenue_before_minor: int
    orders: int
    orders_before: int
    spend_minor: int
    spend_before_minor: int
    unconverted_orders: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One source: its spend in the period, and what last touch credits it with. Not proof."""

    source_id: int
    source: str
    name: str
    domain: DomainName
    spend_minor: int
    credited_revenue_minor: int
    credited_orders: int
    people: int
    cost_per_order_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Spend by source with credited revenue; source 0 holds orders that no touch can explain."""

    as_of: datetime
    period: PeriodShape
    model: Literal["last_touch"]
    lookback_days: int
    proven: Literal[False]
    rows: list[Credit]
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Buyers by the period of their first order; lists are indexed by periods since, 0 the first."""

    cohort: str
    people: int
    returned: list[int]
    revenue_minor: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """Repurchase by cohort, oldest first."""

    as_of: datetime
    grain: Grain
    cohorts: list[Cohort]
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the referral tree; ``name`` is empty for those who may not see people."""

    person_id: int
    name: str
    parent_id: int | None
    orders: int
    brought: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralMonth:
    """Invites sent and people brought in a month; K is people brought for each who could invite by its end.

    ``low`` and ``high`` are K's 95 % interval; all three are missing while fewer than two people could invite.
    """

    month: str
    invites: int
    accepted: int
    k: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Who brought whom: the largest trees, every parent before its children."""

    as_of: datetime
    invites: int
    accepted_invites: int
    k_factor: float | None
    tree: list[Member]
    series: list[ReferralMonth]


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsDay:
    """Paid orders placed on one day."""

    day: date
    orders: int
    lines: int
    gross_minor: int
    revenue_minor: int
    unconverted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Paid orders by day, and their sums: what an import can be checked against."""

    as_of: datetime
    period: PeriodShape
    currency: str
    orders: int
    lines: int
    gross_minor: int
    revenue_minor: int
    unconverted: int
    days: list[TotalsDay]
