"""What came in, in plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from fanwheel.domains.private.channels.contracts import AnyHappening


class Kept(NamedTuple):
    """A happening on its way into the table."""

    account_id: int
    key: str
    body: str
    turn: int
    next_at: datetime | None = None  # no worker takes it in before; None: at once


class Waiting(NamedTuple):
    """A happening that waits to be handled; ``body`` is its JSON."""

    inbound_id: int
    account_id: int
    channel: str
    body: str
    received_at: datetime
    attempts: int


class Arrival(NamedTuple):
    """A happening and who it is about: None where nobody is named, or the name is junk.

    ``home_id`` is of the sender's own identifier and never changes; ``person_id`` is the person as of now.
    ``is_first``: the person was met by it.
    """

    inbound_id: int
    account_id: int
    channel: str
    home_id: int | None
    person_id: int | None
    happening: AnyHappening
    received_at: datetime
    is_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A happening that could not be handled."""

    inbound_id: int
    account_id: int
    key: str
    received_at: datetime
    attempts: int
    error: str | None
