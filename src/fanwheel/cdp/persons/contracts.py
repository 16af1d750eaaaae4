"""What callers hand to identity."""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID


class NewIdentifier(NamedTuple):
    """An identifier that the caller has not met before; its value is normalized."""

    kind: str
    value: str
    hash: UUID
    first_seen_at: datetime


class NewEdge(NamedTuple):
    """A statement that two identifiers are one person; either may come first."""

    one: UUID
    other: UUID
    origin: Literal["event", "alias"]
    seen_at: datetime
