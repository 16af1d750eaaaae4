"""What the routes of sending take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from fanwheel.loop.operate.reach.contracts import State

Minute = Annotated[int, Field(ge=0, le=1_440)]
Share = Annotated[float, Field(ge=0, le=0.9)]
Channels = Annotated[list[str], Field(max_length=50)]


class FrequencyCap(BaseModel):
    """At most ``most`` marketing messages to one person in any ``window_s`` seconds, over all channels or some.

    The last ``kept`` places are for journeys and what is more urgent than a broadcast.
    """

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=100)]
    most: Annotated[int, Field(ge=0, le=1_000)]
    window_s: Annotated[int, Field(ge=60, le=31_622_400)]
    channels: Channels = []
    kept: Annotated[int, Field(ge=0, le=1_000)] = 0


class QuietHours(BaseModel):
    """Hours without marketing, in minutes after midnight where the person lives; no channels: on all of them."""

    model_config = ConfigDict(extra="forbid")
    begins: Minute
    ends: Minute
    channels: Channels = []


class HoldoutShares(BaseModel):
    """Shares of people kept from marketing: from all of it, from each channel, from those that are named."""

    model_config = ConfigDict(extra="forbid")
    universal: Share = 0.05
    channel: Share = 0.1
    channels: dict[str, Share] = {}


class SendingRulesOut(BaseModel):
    """What the brand itself allows."""

    model_config = ConfigDict(extra="forbid")
    caps: Annotated[list[FrequencyCap], Field(max_length=20)] = []
    quiet: Annotated[list[QuietHours], Field(max_length=20)] = []
    holdouts: HoldoutShares = HoldoutShares()


class PlatformAllowance(BaseModel):
    """A right to speak as a platform gives it, or with ``opens`` "always" a quota."""

    allowance_id: int
    channel: str
    account_id: int | None
    name: str
    opens: str
    lasts_s: int | None
    most: int | None
    per: Literal["person", "account"]
    covers: str
    cite: str
    as_of: str
    since: datetime | None
    until: datetime | None
    changed_by: str


class PlatformAllowances(BaseModel):
    """What platforms allow, now and from later on."""

    items: list[PlatformAllowance]


class AllowancePatch(BaseModel):
    """Other figures, from ``since`` on (now, if it is left out); what is left out stays, null means without limit.

    ``account_id``: for this account alone, whose allowances are its own from then on.
    """

    model_config = ConfigDict(extra="forbid")
    lasts_s: Annotated[int, Field(ge=1, le=31_622_400)] | None = None
    most: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    cite: Annotated[str, Field(max_length=500)] = ""
    as_of: Annotated[str, Field(max_length=50)] = ""
    since: AwareDatetime | None = None
    account_id: Annotated[int, Field(ge=1, lt=2**31)] | None = None


class SenderOut(BaseModel):
    """How an account sends and fares.

    ``unclear`` messages may have arrived and are not sent again; ``doubts`` counts attempts without an answer, each of
    which may have made a message arrive twice where it was sent again.
    """

    account_id: int
    channel: str
    when_unclear: Literal["twice", "not_at_all"]
    per_second: float | None
    at_once: int
    failures: int
    broken_until: datetime | None
    paused_at: datetime | None
    paused_reason: str | None
    waiting: int
    unclear: int
    doubts: int


class Senders(BaseModel):
    """How accounts send."""

    items: list[SenderOut]


class SenderPatch(BaseModel):
    """What is to change; what is left out stays. ``per_second`` null: as the channel has it."""

    model_config = ConfigDict(extra="forbid")
    when_unclear: Literal["twice", "not_at_all"] = "not_at_all"
    per_second: Annotated[float, Field(gt=0, le=100_000)] | None = None
    at_once: Annotated[int, Field(ge=1, le=256)] = 32


class TraceStep(BaseModel):
    """One thing that was asked of a message, and the answer with its figures."""

    rule: str
    outcome: Literal["passed", "refused", "postponed", "held_out", "noted"]
    at: datetime
    detail: dict[str, Any]


class TraceReceipt(BaseModel):
    """What a platform told; ``is_machine``: a scanner or a mail client by itself."""

    state: str
    at: datetime
    is_machine: bool
    detail: str


class IntentTrace(BaseModel):
    """Why a message went out, or why not."""

    intent_id: int
    person_id: int
    step: str
    occurrence: str
    channel: str
    account_id: int
    purpose: str
    state: State
    rule: str | None
    attempts: int
    doubts: int
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    steps: list[TraceStep]
    receipts: list[TraceReceipt]
