"""What access takes and gives over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from fanwheel.infra.access.contracts import KeyKind
from fanwheel.infra.access.rules import Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
# Checked by the rules, which say what is wrong; the limit here only keeps out what is no password at all.
Password = Annotated[str, StringConstraints(max_length=1024)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]
KeyRole = Literal[Role.OPERATOR, Role.AGENT, Role.ANALYST, Role.VIEWER]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SignIn(_In):
    """Who signs in."""

    email: Email
    password: Password


class ChangePassword(_In):
    """The password there is and the one there shall be."""

    current: Password
    new: Password


class SwitchWorkspace(_In):
    """The workspace to go to."""

    workspace_id: int


class ChangeMe(_In):
    """What a user changes of the own account; what is left out stays."""

    name: Name | None = None
    locale: Literal["en", "zh-CN"] | None = None


class SetupState(_Out):
    """Whether the installation still waits for its owner."""

    needed: bool


class SetUp(_In):
    """The first owner and the first workspace."""

    token: Token
    email: Email
    name: Name
    password: Password
    workspace_name: Name


class LookAtLink(_In):
    """A link's token."""

    token: Token


class LinkOut(_Out):
    """What a link is for; ``has_password``: the user's own password is asked for, not a new one."""

    purpose: str
    email: str
    workspace_name: str | None
    has_password: bool


class Accept(_In):
    """A link taken up."""

    token: Token
    name: Name | None = None
    password: Password


class UserOut(_Out):
    """Who is signed in."""

    id: int
    email: str
    name: str
    locale: str


class WorkspaceOut(_Out):
    """A workspace and its settings."""

    id: int
    slug: str
    name: str
    time_zone: str
    default_region: str
    reporting_currency: str
    margin: float
    is_demo: bool


class MembershipOut(_Out):
    """One of the workspaces a user can go to."""

    id: int
    slug: str
    name: str
    role: Role


class Me(_Out):
    """The session: user, workspace, what the role allows, and the token that changes need."""

    user: UserOut
    workspace: WorkspaceOut
    role: Role
    permissions: list[str]
    workspaces: list[MembershipOut]
    csrf_token: str


class WorkspaceIn(_In):
    """A new workspace; the slug is made from the name if it is left out."""

    name: Name
    slug: str | None = None
    time_zone: str = "UTC"
    default_region: str = "US"
    reporting_currency: str = "USD"


class WorkspacePatch(_In):
    """What changes of a workspace; what is left out stays."""

    name: Name | None = None
    time_zone: str | None = None
    default_region: str | None = None
    reporting_currency: str | None = None
    margin: Annotated[float | None, Field(gt=0, le=1, allow_inf_nan=False)] = None


class Rate(BaseModel):
    """From a day on, one unit of ``currency`` is ``rate`` units of the reporting currency."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    currency: str
    valid_from: date
    rate: Annotated[Decimal, Field(gt=0, max_digits=30, decimal_places=15)]


class Rates(BaseModel):
    """Every dated rate of a workspace."""

    items: Annotated[list[Rate], Field(max_length=20_000)]


class KeyIn(_In):
    """A new key; the role is what a server key may do."""

    kind: KeyKind
    name: Name
    role: KeyRole = Role.OPERATOR


class KeyOut(_Out):
    """A key without its secret."""

    id: int
    kind: KeyKind
    name: str
    prefix: str
    role: Role | None
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class NewKeyOut(KeyOut):
    """A key with its secret, which is shown this once."""

    secret: str


class Keys(_Out):
    """Every key of a workspace, newest first."""

    items: list[KeyOut]


class InviteIn(_In):
    """Who is invited, and as what."""

    email: Email
    role: Role
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""


class RoleIn(_In):
    """The role a member shall have."""

    role: Role


class MemberOut(_Out):
    """A member, or (pending) someone invited."""

    user_id: int
    email: str
    name: str
    role: Role
    created_at: AwareDatetime
    pending: bool


class Invited(MemberOut):
    """Someone invited, and the link to hand over, which is shown this once."""

    link: str


class LinkGiven(_Out):
    """A link to hand over, which is shown this once."""

    link: str


class Members(_Out):
    """Members and invited of a workspace, oldest first."""

    items: list[MemberOut]


class AuditOut(_Out):
    """One change, and who made it."""

    id: int
    at: datetime
    actor: str
    actor_name: str | None
    action: str
    target: str | None
    detail: dict[str, Any]
