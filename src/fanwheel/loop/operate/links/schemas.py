"""What the link routes take and give."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Utm(BaseModel):
    """What the address is told of where somebody came from; what is empty is filled in by itself."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(default="", max_length=200)
    medium: str = Field(default="", max_length=200)
    campaign: str = Field(default="", max_length=200)
    term: str = Field(default="", max_length=200)
    content: str = Field(default="", max_length=200)


class LinkIn(BaseModel):
    """A link to make."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=4_000)
    name: str = Field(default="", max_length=200)
    has_utm: bool = True
    utm: Utm = Utm()


class LinkPatch(BaseModel):
    """What to change about a link made by hand; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: str | None = Field(default=None, min_length=1, max_length=4_000)
    name: str | None = Field(default=None, max_length=200)
    has_utm: bool | None = None
    utm: Utm | None = None


class LinkItem(BaseModel):
    """A link, and how often it was followed: by anything (``visits``) and, as far as we can tell, by people."""

    link_id: int
    code: str
    short_url: str
    url: str
    version_id: int
    name: str
    has_utm: bool
    utm: Utm
    created_at: datetime
    visits: int
    clean_visits: int
    people: int
    template_id: int | None
    template: str
    is_by_hand: bool


class LinkDay(BaseModel):
    """How often a link was followed on one day."""

    day: date
    visits: int
    clean_visits: int


class LinkDetail(LinkItem):
    """A link, where it leads once it is followed, and its last 30 days; days without visits are left out."""

    leads_to: str
    days: list[LinkDay]
