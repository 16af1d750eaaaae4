"""What the webhook routes take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

Topic = Literal["segment.entered", "segment.exited"]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=2_000)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
SegmentIds = Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=500)]
Topics = Annotated[list[Topic], Field(min_length=1, max_length=2)]


class NewWebhook(BaseModel):
    """An address to be told of facts; ``segment_ids`` narrow them down, none stands for all."""

    url: Url
    description: Description = ""
    topics: Topics = ["segment.entered", "segment.exited"]
    segment_ids: SegmentIds = []


class WebhookPatch(BaseModel):
    """What is to change; what is left out stays."""

    url: Url | None = None
    description: Description | None = None
    topics: Topics | None = None
    segment_ids: SegmentIds | None = None
    is_active: bool | None = None


class Webhook(BaseModel):
    """An address that is told of facts; ``error`` says why it was switched off."""

    webhook_id: int
    url: str
    description: str
    topics: list[str]
    segment_ids: list[int]
    is_active: bool
    error: str | None
    created_at: datetime
    created_by: str


class WebhookMade(Webhook):
    """A webhook with its secret, which is shown this once."""

    secret: str


class Webhooks(BaseModel):
    """Webhooks, newest first."""

    items: list[Webhook]


class Message(BaseModel):
    """One fact for one webhook, and how far it has come; ``next_at`` is of the next attempt while it waits."""

    message_id: int
    topic: str
    body: str
    state: Literal["waiting", "delivered", "failed"]
    created_at: datetime
    next_at: datetime
    attempts: int
    tried_at: datetime | None
    status: int | None
    error: str | None
