"""What the routes of broadcasts take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.loop.operate.broadcasts.contracts import (
    Approval,
    Metric,
    Otherwise,
    Phase,
    ScheduleKind,
    Severity,
    State,
)

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Wide = Annotated[int, Field(ge=1, le=2**63 - 1)]
Hour = Annotated[int, Field(ge=0, le=24)]
BroadcastPurpose = Literal["marketing", "transactional"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BroadcastSource(_Strict):
    """People from a segment or from a list."""

    segment_id: Id | None = None
    list_id: Id | None = None


class BroadcastAudience(_Strict):
    """Whoever is in the segment or on the list, but for those who are in any of the others."""

    segment_id: Id | None = None
    list_id: Id | None = None
    without: Annotated[list[BroadcastSource], Field(max_length=20)] = []


class BroadcastRoute(_Strict):
    """One way to reach people. The next one is tried where one does not reach somebody."""

    channel: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    account_id: Id | None = None
    template_id: Wide | None = None


class BroadcastSchedule(_Strict):
    """When it is said.

    ``at`` is an instant, or by ``local`` a date and time without a zone, by the clock of each person. By ``best_hour``
    each is reached on ``day`` in the hour that the person's trait says, between two hours.
    """

    kind: ScheduleKind = "now"
    at: str | None = Field(default=None, max_length=40)
    day: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    from_hour: Hour = 9
    to_hour: Hour = 21
    trait: str = Field(default="best_hour", min_length=1, max_length=100)


class BroadcastExperiment(_Strict):
    """A share of the people is told each variant of the first route's template; the rest hears the one that wins."""

    share: float = Field(default=0.2, ge=0.01, le=0.9)
    metric: Metric = "clicked"
    max_hours: int = Field(default=24, ge=1, le=168)
    otherwise: Otherwise = "best"


class BroadcastIn(_Strict):
    """A broadcast to begin; all but its name can be said later."""

    name: str = Field(min_length=1, max_length=200)
    purpose: BroadcastPurpose = "marketing"
    audience: BroadcastAudience = BroadcastAudience()
    routes: Annotated[list[BroadcastRoute], Field(max_length=5)] = []
    schedule: BroadcastSchedule = BroadcastSchedule()
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    experiment: BroadcastExperiment | None = None
    holdout_share: float = Field(default=0, ge=0, le=0.5)
    seed_list_id: Id | None = None
    expires_hours: int = Field(default=24, ge=1, le=168)


class BroadcastPatch(_Strict):
    """What is to change; what is left out stays. ``version`` is that of what was looked at."""

    version: int
    name: str | None = Field(default=None, min_length=1, max_length=200)
    purpose: BroadcastPurpose | None = None
    audience: BroadcastAudience | None = None
    routes: Annotated[list[BroadcastRoute], Field(max_length=5)] | None = None
    schedule: BroadcastSchedule | None = None
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    experiment: BroadcastExperiment | None = None
    holdout_share: float | None = Field(default=None, ge=0, le=0.5)
    seed_list_id: Id | None = None
    expires_hours: int | None = Field(default=None, ge=1, le=168)


class BroadcastProgress(BaseModel):
    """How many people are where, as counted last; a person counts once, by the last route that was tried."""

    audience: int = 0
    released: int = 0
    waiting: int = 0
    sent: int = 0
    skipped: int = 0
    held_out: int = 0
    failed: int = 0
    unclear: int = 0
    task: int = 0
    canceled: int = 0


class BroadcastApproval(BaseModel):
    """Whether somebody else must agree, and who did; ``needed``: it would have to be asked for now."""

    state: Literal[Approval, "needed"]
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    note: str


class BroadcastMay(BaseModel):
    """Whether you may agree to it, and why not; ``alone``: nobody of the workspace but who wrote it could."""

    approve: bool
    why_not: Literal["no_permission", "is_author", "not_submitted"] | None
    alone: bool


class BroadcastSummary(BaseModel):
    """A broadcast as it stands in the list."""

    broadcast_id: int
    name: str
    purpose: BroadcastPurpose
    state: State
    phase: Phase | None
    version: int
    channels: list[str]
    audience_name: str | None
    approval_state: Approval
    people: int | None
    progress: BroadcastProgress | None
    next_at: datetime | None
    launched_at: datetime | None
    finished_at: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime


class BroadcastSummaries(BaseModel):
    """Broadcasts, those changed last first."""

    items: list[BroadcastSummary]
    next: str | None = None


class BroadcastOut(BroadcastSummary):
    """A broadcast with all that was said of it."""

    audience: BroadcastAudience
    routes: list[BroadcastRoute]
    schedule: BroadcastSchedule
    per_minute: int | None
    experiment: BroadcastExperiment | None
    holdout_share: float
    seed_list_id: int | None
    expires_hours: int
    approval: BroadcastApproval
    may: BroadcastMay
    variants: list[str]
    winner: str | None
    winner_at: datetime | None
    evidence: dict[str, Any] | None
    launched_by: str | None
    paused_at: datetime | None
    updated_by: str


class BroadcastSeen(_Strict):
    """The version that was looked at; without one whatever stands there now is meant."""

    version: int | None = None


class BroadcastReview(_Strict):
    """What is said of a broadcast, and of which version."""

    version: int
    note: str = Field(default="", max_length=2_000)


class BroadcastDecision(_Strict):
    """The variant that the rest is to hear."""

    variant: str = Field(min_length=1, max_length=60)


class BroadcastCopy(_Strict):
    """What the copy is called; without a name it is made from the other's."""

    name: str | None = Field(default=None, min_length=1, max_length=200)


class BroadcastTrialIn(_Strict):
    """Who gets a test: persons, addresses of mail that are known, or everybody on the seed list.

    ``route`` counts from 0; without it all routes go out.
    """

    person_ids: Annotated[list[Wide], Field(max_length=50)] = []
    emails: Annotated[list[Annotated[str, Field(min_length=3, max_length=254)]], Field(max_length=50)] = []
    to_seeds: bool = False
    variant: str = Field(default="", max_length=60)
    route: int | None = Field(default=None, ge=0, le=4)


class BroadcastTrialMessage(BaseModel):
    """A test that is on its way: what became of it is at GET /api/intents/{intent_id}."""

    intent_id: int
    person_id: int
    channel: str


class BroadcastTrial(BaseModel):
    """Tests that are on their way, and the addresses that nobody is known by."""

    items: list[BroadcastTrialMessage]
    unknown: list[str]


class BroadcastIssue(BaseModel):
    """Something that is wrong: an error keeps it from going out. ``code`` and ``detail`` are for programs."""

    field: str
    severity: Severity
    code: str
    message: str
    remedy: str
    detail: dict[str, Any]


class BroadcastReachable(BaseModel):
    """How many a route would reach, and why not the others who would come to it, by rule of the gate."""

    channel: str
    people: int
    why_not: dict[str, int]


class BroadcastForecast(BaseModel):
    """Whom it would reach if it went out now; ``is_estimate``: reckoned from 2,000 of the people."""

    people: int
    held_out: int
    by_route: list[BroadcastReachable]
    unreachable: int
    is_estimate: bool
    first_at: datetime | None
    last_at: datetime | None


class BroadcastCheck(BaseModel):
    """What is wrong with a broadcast, and whom it would reach."""

    issues: list[BroadcastIssue]
    audience: BroadcastForecast
    needs_approval: bool


class BroadcastSettings(_Strict):
    """Above how many people a second person must agree; 0: always, null: never."""

    approval_above: int | None = Field(ge=0, le=1_000_000_000)
