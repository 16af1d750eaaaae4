"""What platforms tell us: kept before it is answered, handled afterwards, once."""

from fanwheel.domains.private.channels.inbound.contracts import Arrival, Waiting
from fanwheel.domains.private.channels.inbound.intake import Intake
from fanwheel.domains.private.channels.inbound.service import (
    claim,
    list_failed,
    list_workspaces,
    put,
    retry,
    set_aside,
    settle,
    tidy,
)

__all__ = [
    "Arrival",
    "Intake",
    "Waiting",
    "claim",
    "list_failed",
    "list_workspaces",
    "put",
    "retry",
    "set_aside",
    "settle",
    "tidy",
]
