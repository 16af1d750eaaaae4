"""What the routes of menus take and give."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from fanwheel.loop.operate.menus.contracts import Surface

Most = 2**31 - 1


class MenuIn(BaseModel):
    """A menu; ``definition`` has items of two levels, as docs/reference/menus.md says."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    definition: dict[str, Any]


class MenuPatch(BaseModel):
    """What is new of a menu; another definition makes another version."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100)
    definition: dict[str, Any] | None = None
    note: str = Field(default="", max_length=200)


class MenuOut(BaseModel):
    """A menu with its newest version."""

    menu_id: int
    name: str
    version: int
    definition: dict[str, Any]
    made_at: datetime
    made_by: str


class MenusOut(BaseModel):
    """Menus."""

    items: list[MenuOut]


class MenuVersionOut(BaseModel):
    """A version, which never changes."""

    version: int
    definition: dict[str, Any]
    made_at: datetime
    made_by: str
    note: str


class MenuVersionsOut(BaseModel):
    """Versions, newest first."""

    items: list[MenuVersionOut]


class MenuPublicationOut(BaseModel):
    """What was put where; ``is_shown``: it is what people see there now."""

    publication_id: int
    account_id: int
    account: str
    menu_id: int
    version: int
    surface: Surface
    error: str | None
    published_at: datetime
    published_by: str
    is_shown: bool


class MenuPublicationsOut(BaseModel):
    """What was put where, newest first."""

    items: list[MenuPublicationOut]


class MenuPublishIn(BaseModel):
    """Which version goes where; an older version is how a menu is taken back."""

    model_config = ConfigDict(extra="forbid")

    account_id: int = Field(ge=1, le=Most)
    version: int = Field(ge=1, le=Most)


class MenuFaultOut(BaseModel):
    """What a surface makes of an entry otherwise than it was meant; an error keeps it from being published."""

    severity: Literal["error", "warning", "info"]
    code: str
    item: str
    detail: dict[str, Any]


class CompiledMenuOut(BaseModel):
    """What a surface would be given."""

    surface: Surface
    body: dict[str, Any]
    faults: list[MenuFaultOut]
    is_fine: bool


class MenuPreviewIn(BaseModel):
    """A menu that is not saved yet."""

    model_config = ConfigDict(extra="forbid")

    definition: dict[str, Any]
    menu_id: int = Field(default=0, ge=0, le=Most)


class MenuPreviewOut(BaseModel):
    """A menu on every surface."""

    items: list[CompiledMenuOut]


class MenuChangeOut(BaseModel):
    """One difference between two versions."""

    what: Literal["added", "removed", "moved", "changed", "menu"]
    item: str
    label: str
    fields: list[str]
    before: dict[str, Any]
    after: dict[str, Any]


class MenuDiffOut(BaseModel):
    """What changed from one version to another."""

    items: list[MenuChangeOut]


class MenuTapOut(BaseModel):
    """How often an entry was tapped on an account, and by how many people."""

    item: str
    account_id: int
    taps: int
    people: int


class MenuTapsOut(BaseModel):
    """Taps since an instant."""

    items: list[MenuTapOut]
    since: datetime
