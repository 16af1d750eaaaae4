"""What a broadcast is, in plain values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

import msgspec

from fanwheel.domains.private.channels.contracts import Purpose

State = Literal["draft", "in_review", "approved", "scheduled", "running", "paused", "done", "canceled"]
Phase = Literal["planning", "testing", "deciding", "rest"]
Approval = Literal["none", "waiting", "approved", "rejected"]
ScheduleKind = Literal["now", "at", "local", "best_hour"]
Metric = Literal["opened", "clicked", "replied", "converted"]
Otherwise = Literal["best", "first", "hold"]
Severity = Literal["error", "warning", "hint"]

# What can still be changed; whatever runs can only be stopped.
OPEN: Final = ("draft", "in_review", "approved", "scheduled")


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """People from a segment or from a list."""

    segment_id: int | None = None
    list_id: int | None = None


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever is in the segment or on the list, but for those who are in any of the others."""

    segment_id: int | None = None
    list_id: int | None = None
    without: tuple[Source, ...] = ()


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One way to reach people: what is said, through which account."""

    channel: str
    account_id: int | None = None
    template_id: int | None = None


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When it is said.

    ``at`` is an instant, or by ``local`` what the clock on the person's own wall shows. By ``best_hour`` each is
    reached on a day in the hour that the trait tells, within some hours.
    """

    kind: ScheduleKind = "now"
    at: str | None = None
    day: str | None = None
    from_hour: int = 9
    to_hour: int = 21
    trait: str = "best_hour"


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """A share of the people is told each variant; the rest hears the one that wins."""

    share: float = 0.2
    metric: Metric = "clicked"
    max_hours: int = 24
    otherwise: Otherwise = "best"


class Broadcast(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is said to many."""

    broadcast_id: int
    name: str
    purpose: Purpose
    state: State
    phase: Phase | None
    version: int
    audience: Audience
    routes: tuple[Route, ...]
    schedule: Schedule
    per_minute: int | None
    experiment: Experiment | None
    holdout_share: float
    seed_list_id: int | None
    expires_hours: int
    approval: Approval
    submitted_by: str | None
    submitted_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    review_note: str
    reviewed: str | None
    salt: str
    variants: tuple[str, ...]
    wordings: tuple[dict[str, int], ...]
    winner: str | None
    evidence: dict[str, Any] | None
    winner_at: datetime | None
    people: int | None
    released: int
    progress: dict[str, int] | None
    paced_at: datetime | None
    launched_at: datetime | None
    launched_by: str | None
    starts_at: datetime | None
    paused_at: datetime | None
    paused_state: Literal["scheduled", "running"] | None
    ended_at: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    editors: tuple[str, ...]
    audience_name: str | None = None

    @property
    def step(self) -> str:
        """What its messages are known by."""
        return step_of(self.broadcast_id)


def step_of(broadcast_id: int) -> str:
    """What the messages of a broadcast are known by."""
    return f"broadcast:{broadcast_id}"


class Issue(NamedTuple):
    """Something about a broadcast that is wrong, or that one should know before it goes out."""

    field: str
    severity: Severity
    code: str
    message: str
    remedy: str
    detail: Mapping[str, Any]


class Reachable(NamedTuple):
    """How many people a route would reach, and why not the others who came to it."""

    channel: str
    people: int
    why_not: Mapping[str, int]


class Forecast(NamedTuple):
    """Whom a broadcast would reach now; ``is_estimate``: reckoned from some of the people."""

    people: int
    held_out: int
    by_route: Sequence[Reachable]
    unreachable: int
    is_estimate: bool
    first_at: datetime | None
    last_at: datetime | None


class May(NamedTuple):
    """Whether somebody may agree to a broadcast, and why not; ``alone``: nobody else may."""

    approve: bool
    why_not: str | None
    alone: bool
