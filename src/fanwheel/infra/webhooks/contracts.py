"""Webhooks in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

State = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told of facts; ``segment_ids`` narrow them down, none stands for all."""

    webhook_id: int
    url: str
    description: str
    topics: Sequence[str]
    segment_ids: Sequence[int]
    is_active: bool
    error: str | None
    told_to: int
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One fact for one webhook, and how far it has come."""

    message_id: int
    topic: str
    body: str
    state: State
    created_at: datetime
    next_at: datetime
    attempts: int
    tried_at: datetime | None
    status: int | None
    error: str | None


class Fact(NamedTuple):
    """Something that happened, numbered in the order in which it is told."""

    number: int
    topic: str
    happened_at: datetime
    segment_id: int
    data: Mapping[str, Any]


class Due(NamedTuple):
    """A message whose time has come, with all that is needed to send it."""

    message_id: int
    webhook_id: int
    topic: str
    body: str
    attempts: int
    url: str
    sealed_secret: bytes


class Outcome(NamedTuple):
    """What became of an attempt: the status of the answer, or what was wrong."""

    status: int | None
    error: str | None

    @property
    def is_taken(self) -> bool:
        """Whether the message was taken."""
        return self.status is not None and 200 <= self.status < 300
