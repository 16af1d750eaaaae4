"""What access hands to the rest: who is asking, and the records behind it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from fanwheel.infra.access.rules import Role

KeyKind = Literal["write", "server"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking, in which workspace, with which role."""

    workspace_id: int
    role: Role
    actor: str  # user:<id> or key:<id>
    user_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """A living API key, as far as a request needs to know it."""

    workspace_id: int
    api_key_id: int
    kind: KeyKind
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A living session, with the role that its user has now."""

    user_id: int
    email: str
    name: str
    locale: str
    workspace_id: int
    role: Role
    csrf_token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user who may sign in once there is a password."""

    user_id: int
    email: str
    name: str
    password_hash: str | None
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A one-time link that still works."""

    purpose: Literal["setup", "invite", "reset"]
    user_id: int | None
    workspace_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One brand's own space."""

    workspace_id: int
    slug: str
    name: str
    time_zone: str
    default_region: str
    reporting_currency: str
    margin: float  # share of revenue that is profit before marketing
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One of the workspaces a user belongs to."""

    workspace_id: int
    slug: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Someone who belongs to a workspace, or was invited to it."""

    user_id: int
    email: str
    name: str
    role: Role
    created_at: datetime
    pending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key without its secret."""

    api_key_id: int
    kind: KeyKind
    name: str
    prefix: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyRate:
    """From a day on, one unit of ``currency`` is ``rate`` units of the reporting currency."""

    currency: str
    valid_from: date
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change, and who made it."""

    audit_id: int
    audited_at: datetime
    actor: str
    actor_name: str | None
    action: str
    target: str | None
    detail: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """The first answer to a request that carried an Idempotency-Key; no status while it runs."""

    request_hash: bytes
    permission: str | None
    status: int | None
    content_type: str | None
    sealed_body: bytes | None
