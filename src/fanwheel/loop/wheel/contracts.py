"""What a group of events amounts to, before it is written."""

from dataclasses import dataclass, field
from typing import NamedTuple

from fanwheel.cdp import consent, profiles
from fanwheel.cdp.events.consumer import StreamEvent
from fanwheel.loop.convert import orders
from fanwheel.loop.share import referral


class Refusal(NamedTuple):
    """An event whose meaning could not be used; the event itself stays."""

    event: StreamEvent
    code: str
    message: str


@dataclass(slots=True)
class Gathered:
    """The effects of some events of one workspace."""

    parts: dict[int, profiles.Part] = field(default_factory=dict)
    clicks: list[profiles.Click] = field(default_factory=list)
    consents: list[consent.Statement] = field(default_factory=list)
    said_of_orders: list[orders.Statement] = field(default_factory=list)
    acceptances: list[referral.Acceptance] = field(default_factory=list)
    codes: list[referral.Sent] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    held_out: set[int] = field(default_factory=set)  # homes whom a holdout kept something from
    told: set[int] = field(default_factory=set)  # homes whose events told more than that somebody was there
