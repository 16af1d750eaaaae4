"""What the report of a broadcast says."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from fanwheel.loop.operate.broadcasts.contracts import Metric, Otherwise
from fanwheel.loop.operate.broadcasts.schemas import BroadcastProgress
from fanwheel.loop.operate.reach.contracts import State


class BroadcastFigures(BaseModel):
    """Of some messages: each counts once, whatever was done with it how often.

    ``sent`` are those that a platform took, ``bounced`` those of them that came back. ``opened`` and ``clicked`` count
    machines too, the clean ones nobody that is known to be one. Replies to the account, orders and withdrawn consent
    count within the days of the report. ``cost`` is in minor units of the reporting currency.
    """

    intended: int
    sent: int
    delivered: int
    opened: int
    opened_clean: int
    clicked: int
    clicked_clean: int
    replied: int
    bounced: int
    complained: int
    unsubscribed: int
    converted: int
    cost: int


class BroadcastRouteFigures(BroadcastFigures):
    """What came of one route; whoever went on to the next one counts in both."""

    route: int
    channel: str
    account_id: int | None


class BroadcastVariantFigures(BroadcastFigures):
    """What came of one variant, over all routes."""

    variant: str
    label: str


class BroadcastWhyNot(BaseModel):
    """People whom a rule kept from the message for good, after every route."""

    rule: str
    state: State
    people: int


class BroadcastMoment(BaseModel):
    """Messages that went out in the stretch of time that begins at ``at``."""

    at: datetime
    sent: int


class BroadcastTried(BaseModel):
    """A variant in a test; the rate lies between ``low`` and ``high`` in 95 of 100 cases."""

    variant: str
    people: int
    successes: int
    rate: float
    low: float
    high: float


class BroadcastTest(BaseModel):
    """How a test of variants stands.

    ``p`` holds however often one looks: at ``alpha`` or below the leader is proven to be the best. “waiting”: the time
    is over, nothing was proven, and somebody is to decide. ``decided_by`` “deadline”: the time was over.
    """

    state: Literal["testing", "waiting", "decided"]
    winner: str | None
    decided_by: Literal["test", "deadline", "hand"] | None
    actor: str | None
    decided_at: datetime | None
    ends_at: datetime
    metric: Metric
    otherwise: Otherwise
    leader: str | None
    p: float
    alpha: float
    variants: list[BroadcastTried]


class BroadcastCost(BaseModel):
    """What the messages cost, in minor units of ``currency``; what was paid in some currencies has no rate."""

    amount: int
    currency: str
    without_rate: list[str]


class BroadcastReport(BaseModel):
    """What came of a broadcast, counted at ``as_of``; what people did within ``days`` days after the message counts.

    How a test stands is told as it is now, and ``progress`` as the worker counted it last, where that was later.
    """

    days: int
    as_of: datetime
    progress: BroadcastProgress
    by_route: list[BroadcastRouteFigures]
    by_variant: list[BroadcastVariantFigures]
    why_not: list[BroadcastWhyNot]
    series: list[BroadcastMoment]
    experiment: BroadcastTest | None
    cost: BroadcastCost


class BroadcastPerson(BaseModel):
    """A person and what became of the last message; the trace is at GET /api/intents/{intent_id}."""

    intent_id: int
    person_id: int
    name: str
    route: int
    channel: str
    account_id: int
    state: State
    rule: str | None
    variant: str
    due_at: datetime
    done_at: datetime | None
