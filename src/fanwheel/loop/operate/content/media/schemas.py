"""What the media routes take and give."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KindName = Literal["image", "voice", "video", "file"]


class MediaItem(BaseModel):
    """A file of the library; ``path`` is where this site serves it."""

    media_id: int
    kind: KindName
    content_type: str
    name: str
    alt: str
    folder: str
    size_bytes: int
    width: int | None
    height: int | None
    path: str
    created_at: datetime
    created_by: str


class MediaPatch(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=200)
    alt: str | None = Field(default=None, max_length=300)
    folder: str | None = Field(default=None, max_length=100)


class MediaAddress(BaseModel):
    """Where a file is to be fetched."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=2_000)


class MediaUse(BaseModel):
    """A template that shows a file."""

    template_id: int
    name: str
    is_published: bool


class MediaUses(BaseModel):
    """Every template that shows a file."""

    items: list[MediaUse]
