"""What is handed to the writer, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fanwheel.cdp.events.prepare import Prepared
from fanwheel.cdp.events.wire import Refusal

JUNK: Final = Refusal(
    "junk_id", "“userId” and “anonymousId” hold no usable value (such as null or zeros); send a real identifier."
)


@dataclass(slots=True, kw_only=True)
class Submission:
    """The events of one request, and what is to be counted for its key."""

    workspace: int
    key_id: int
    received_at: datetime
    events: list[Prepared]
    refused: list[tuple[Refusal, bytes]] = field(default_factory=list)
    size: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the events of one request."""

    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.accepted + other.accepted, self.rejected + other.rejected, self.duplicate + other.duplicate)
