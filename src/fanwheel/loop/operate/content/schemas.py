"""What the template routes take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.loop.operate.content.describing import ContentJson, PartsJson

Channel = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Labels = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)]


class TemplateItem(BaseModel):
    """A template without what it says. ``is_changed``: its draft differs from what is published."""

    template_id: int
    channel: str
    name: str
    folder: str
    labels: list[str]
    revision: int
    published_id: int | None
    published_number: int | None
    is_changed: bool
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    updated_by: str
    languages: list[str]
    variants: int


class Templates(BaseModel):
    """Every template."""

    items: list[TemplateItem]


class Issue(BaseModel):
    """Something that is wrong: an error keeps a template from being published."""

    code: str
    level: Literal["error", "warning", "hint"]
    variant: str
    language: str
    where: str
    line: int | None
    detail: dict[str, Any]


class TemplateDetail(TemplateItem):
    """A template with its draft, and what is wrong with that."""

    content: ContentJson
    issues: list[Issue]


class NewTemplate(BaseModel):
    """A template to make; without a content it begins empty."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    name: str = Field(min_length=1, max_length=200)
    folder: str = Field(default="", max_length=100)
    labels: Labels = []
    language: str = Field(default="zh-CN", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    content: ContentJson | None = None


class TemplatePatch(BaseModel):
    """What to change; ``revision`` is that of the draft which was changed."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=200)
    folder: str | None = Field(default=None, max_length=100)
    labels: Labels | None = None
    content: ContentJson | None = None
    revision: int | None = None


class Publication(BaseModel):
    """What to say of a version; ``revision`` is that of the draft which was looked at."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=500)
    revision: int | None = None


class VersionItem(BaseModel):
    """A version without what it says."""

    version_id: int
    number: int
    note: str
    published_at: datetime
    published_by: str


class Versions(BaseModel):
    """Every version of a template, newest first."""

    items: list[VersionItem]


class Version(VersionItem):
    """A version as it was written; it never changes."""

    template_id: int
    name: str
    channel: str
    content: ContentJson


class Change(BaseModel):
    """One difference; null: it was, or is, not there."""

    path: str
    before: Any
    after: Any


class Changes(BaseModel):
    """What is different."""

    items: list[Change]


class PreviewIn(BaseModel):
    """What to look at, in which variant and language, and as whom."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel
    content: ContentJson
    variant: str = Field(default="", max_length=60)
    language: str = Field(default="", max_length=40)
    person_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    variables: dict[str, Any] = {}


class TemplatePreview(BaseModel):
    """What would be said. ``refusal`` and ``detail`` say why nothing would be."""

    parts: PartsJson
    variant: str
    language: str
    refusal: str | None
    detail: dict[str, Any]
    issues: list[Issue]
    size_bytes: int


class Word(BaseModel):
    """A variable: ``path`` is what stands between the braces."""

    path: str
    label: str
    group: str
    type: str
    samples: list[str]


class Words(BaseModel):
    """Every variable that a template may use."""

    items: list[Word]


class BrandUtm(BaseModel):
    """What links say of where somebody came from, unless a template says it otherwise."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(default="", max_length=200)
    medium: str = Field(default="", max_length=200)
    campaign: str = Field(default="", max_length=200)


class Brand(BaseModel):
    """How the brand signs its messages, and under which address its links and pictures are."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=200)
    address: str = Field(default="", max_length=500)
    website: str = Field(default="", max_length=500)
    phone: str = Field(default="", max_length=60)
    email: str = Field(default="", max_length=200)
    logo_url: str = Field(default="", max_length=1_000)
    link_url: str = Field(default="", max_length=200)
    utm: BrandUtm = BrandUtm()
    machine_networks: list[Annotated[str, Field(max_length=60)]] = Field(default=[], max_length=200)
