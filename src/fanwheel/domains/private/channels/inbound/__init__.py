"""What platforms tell us: kept before it is answered, handled afterwards, once."""

from fanwheel.domains.private.channels.inbound.contracts import Arrival, Waiting
from fanwheel.domains.private.channels.inbound.intake import Intake
from fanwheel.domains.private.channels.inbound.repository import TOPIC
from fanwheel.domains.private.channels.inbound.service import (
    claim,
    claim_for_callbacks,
    key_of,
    list_failed,
    list_workspaces,
    put,
    release,
    retry,
    set_aside,
    settle,
    tidy,
)
from fanwheel.domains.private.channels.inbound.speaking import Call, Left, Spoken

__all__ = [
    "TOPIC",
    "Arrival",
    "Call",
    "Intake",
    "Left",
    "Spoken",
    "Waiting",
    "claim",
    "claim_for_callbacks",
    "key_of",
    "list_failed",
    "list_workspaces",
    "put",
    "release",
    "retry",
    "set_aside",
    "settle",
    "tidy",
]
