"""Requests and responses of the ingest pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class Outcome(BaseModel):
    """How many events were taken, refused and recognized as sent before."""

    accepted: int
    rejected: int
    duplicate: int


class KeyOutcome(Outcome):
    """The same for one key."""

    api_key_id: int
    name: str
    prefix: str
    last_event_at: datetime | None


class MinuteOutcome(Outcome):
    """The same for one minute."""

    minute: datetime


class IngestStats(BaseModel):
    """Counters of the last minutes."""

    totals: Outcome
    keys: list[KeyOutcome]
    series: list[MinuteOutcome]


class RejectedEvent(BaseModel):
    """A refused event, with the reason."""

    id: int
    received_at: datetime
    api_key_id: int
    code: str
    message: str
    payload: str
    replayed_at: datetime | None


class Replay(BaseModel):
    """A refused event to send again, mended or as it was."""

    payload: str | None = Field(default=None, max_length=65_536, description="The mended event as JSON.")


class Replayed(BaseModel):
    """Whether it was taken this time, and why not."""

    accepted: bool
    message: str | None = None


class ReplayedAll(BaseModel):
    """How many were taken this time, and how many still are not."""

    accepted: int
    rejected: int


class LiveEvent(BaseModel):
    """One event of the live tail."""

    event_id: UUID
    kind: str
    name: str
    person_id: int | None
    occurred_at: datetime
    received_at: datetime
    source: str | None
    domain: str
    properties: dict[str, Any]


class Live(BaseModel):
    """The newest events, newest first."""

    items: list[LiveEvent]
