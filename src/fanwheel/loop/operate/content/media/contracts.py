"""Media in plain values."""

from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal["image", "voice", "video", "file"]


class Sort(NamedTuple):
    """What a file is, by what it holds."""

    kind: Kind
    content_type: str
    extension: str
    width: int | None = None
    height: int | None = None


class Item(NamedTuple):
    """A file; ``path`` is where the site serves it to everybody, unless it was received."""

    media_id: int
    digest: str
    extension: str
    content_type: str
    kind: Kind
    name: str
    alt: str
    folder: str
    size_bytes: int
    width: int | None
    height: int | None
    created_at: datetime
    created_by: str
    is_received: bool = False
    path: str = ""


class Conversation(NamedTuple):
    """Whose a file is: who wrote, and through which account."""

    home_id: int
    account_id: int


class Taken(NamedTuple):
    """How much was received lately."""

    files: int
    size_bytes: int


class Stale(NamedTuple):
    """A file that no conversation has any more."""

    media_id: int
    digest: str
    extension: str
    is_received: bool


class Use(NamedTuple):
    """A template in which a file stands."""

    template_id: int
    name: str
    is_published: bool
