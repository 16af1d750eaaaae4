"""Until when somebody is to be answered, and how late it was."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from fanwheel.loop.operate.conversations.contracts import Policy
from fanwheel.loop.operate.conversations.rules.threads import Thread


class Hours(Protocol):
    """When the brand is there."""

    def due(self, start: datetime, seconds: float) -> datetime:
        """When so many seconds of opening time have passed."""
        ...

    def open_seconds(self, start: datetime, end: datetime) -> float:
        """How long the brand was there between two moments."""
        ...


class Taken(NamedTuple):
    """How long something took, by the clock and while the brand was there; late is None where nothing was promised."""

    seconds: int
    open_seconds: int
    is_late: bool | None


def find_policy(policies: Sequence[Policy], thread: Thread) -> Policy | None:
    """The first policy that fits a conversation."""
    for policy in policies:
        fits = (
            policy.channel in (None, thread.channel)
            and policy.team_id in (None, thread.team_id)
            and policy.priority in (None, thread.priority)
        )
        if fits:
            return policy
    return None


def promise(thread: Thread, policies: Sequence[Policy], hours: Hours) -> Thread:
    """A conversation with the moments until which something is promised."""
    policy = find_policy(policies, thread)
    if policy is None or thread.state != "open":
        return thread._replace(due_at=None, due_for="", resolution_due_at=None)
    resolution = _due(policy, thread.opened_at, policy.resolution_s, hours)
    due_for, seconds = ("next", policy.next_response_s) if thread.answered_at else ("first", policy.first_response_s)
    response = None if thread.waiting_since is None else _due(policy, thread.waiting_since, seconds, hours)
    dues = [(at, what) for at, what in ((response, due_for), (resolution, "resolution")) if at is not None]
    due_at, what = min(dues, default=(None, ""))
    return thread._replace(due_at=due_at, due_for=what, resolution_due_at=resolution)


def measure(start: datetime, end: datetime, *, promised_s: int | None, is_in_hours: bool, hours: Hours) -> Taken:
    """How long something took that was promised within so many seconds."""
    seconds = max(0, int((end - start).total_seconds()))
    in_hours = min(seconds, int(hours.open_seconds(start, end))) if end > start else 0
    late = None if promised_s is None else (in_hours if is_in_hours else seconds) > promised_s
    return Taken(seconds, in_hours, late)


def _due(policy: Policy, start: datetime, seconds: int | None, hours: Hours) -> datetime | None:
    if seconds is None:
        return None
    return hours.due(start, seconds) if policy.is_in_hours else start + timedelta(seconds=seconds)
