"""What the routes of auto-replies take and give."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.loop.operate.autoreply.contracts import BrakeReason
from fanwheel.loop.operate.autoreply.trying import Verdict

Most = 2**31 - 1


class AutoReplyIn(BaseModel):
    """A rule; ``definition`` has trigger, when and actions, as docs/reference/auto-replies.md says."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    definition: dict[str, Any]
    priority: int | None = Field(default=None, ge=0, le=1_000_000)
    is_on: bool = True


class AutoReplyPatch(BaseModel):
    """What is new of a rule."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100)
    definition: dict[str, Any] | None = None
    priority: int | None = Field(default=None, ge=0, le=1_000_000)
    is_on: bool | None = None


class AutoReplyOut(BaseModel):
    """A rule with how often it answered in the last 30 days."""

    rule_id: int
    name: str
    is_on: bool
    priority: int
    definition: dict[str, Any]
    updated_at: datetime
    updated_by: str
    fired: int
    people: int
    last_fired_at: datetime | None


class AutoReplyLearning(BaseModel):
    """How learning from example sentences stands."""

    state: Literal["none", "learning", "ready", "failed"]
    learned_at: datetime | None
    report: dict[str, Any] | None
    error: str | None


class AutoRepliesOut(BaseModel):
    """Rules in the order in which they are asked."""

    items: list[AutoReplyOut]
    learning: AutoReplyLearning


class AutoReplyDay(BaseModel):
    """How often a rule answered on one day."""

    day: date
    fired: int
    people: int


class AutoReplyReport(BaseModel):
    """A rule, and its last 30 days."""

    rule: AutoReplyOut
    days: list[AutoReplyDay]


class AutoReplyOrder(BaseModel):
    """Every rule once, in the order in which they are to be asked."""

    model_config = ConfigDict(extra="forbid")

    rule_ids: list[int] = Field(max_length=5_000)


class AutoReplyTrialIn(BaseModel):
    """What somebody might do."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["message", "comment", "followed", "entered", "unanswered"] = "message"
    text: str = Field(default="", max_length=2_000)
    account_id: int | None = Field(default=None, ge=1, le=Most)
    origin: dict[str, str] = Field(default={}, max_length=50)
    scene: str = Field(default="", max_length=200)
    content: str = Field(default="", max_length=200)
    waited_minutes: int = Field(default=0, ge=0, le=10_000)
    person_id: int | None = Field(default=None, ge=1)
    at: datetime | None = None


class AutoReplyLooked(BaseModel):
    """What became of one rule, and what decided it."""

    rule_id: int
    name: str
    verdict: Verdict
    detail: str


class AutoReplyGuess(BaseModel):
    """What a sentence may mean, and how sure one can be."""

    rule_id: int
    confidence: float
    threshold: float
    is_sure: bool


class AutoReplyTrial(BaseModel):
    """What would happen; nothing was sent."""

    folded: str
    bare: str
    fires: int | None
    parts: list[dict[str, Any]]
    looked: list[AutoReplyLooked]
    guesses: list[AutoReplyGuess]
    is_open: bool


class BrakeLimits(BaseModel):
    """When a conversation is taken for one with another machine."""

    model_config = ConfigDict(extra="forbid")

    answers: int = Field(default=8, ge=2, le=1_000)
    window_s: int = Field(default=60, ge=5, le=3_600)
    same_text: int = Field(default=4, ge=2, le=100)
    rest_minutes: int = Field(default=10, ge=1, le=1_440)


class BrakeOut(BaseModel):
    """A conversation in which nothing answers by itself for a while; without a person who was erased."""

    brake_id: int
    account_id: int
    person_id: int | None
    name: str | None
    reason: BrakeReason
    braked_at: datetime
    until: datetime
    released_at: datetime | None
    released_by: str | None


class BrakesOut(BaseModel):
    """Brakes, newest first, and when there are any."""

    items: list[BrakeOut]
    limits: BrakeLimits


class LeadFormIn(BaseModel):
    """A lead form, as docs/reference/auto-replies.md says."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    definition: dict[str, Any]


class LeadFormOut(BaseModel):
    """A lead form; each change makes another version, which evidence of consent names."""

    form_id: int
    name: str
    version: int
    definition: dict[str, Any]


class LeadFormsOut(BaseModel):
    """Lead forms."""

    items: list[LeadFormOut]
