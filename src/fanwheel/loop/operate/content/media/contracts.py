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
    """A file of the library; ``path`` is where the site serves it."""

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
    path: str = ""


class Use(NamedTuple):
    """A template in which a file stands."""

    template_id: int
    name: str
    is_published: bool
