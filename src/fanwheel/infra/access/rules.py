"""Who may do what: roles, permissions, and the limits on signing in; no input, no output, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, get_args

Permission = Literal[
    "me:read",
    "me:write",
    "workspace:read",
    "workspace:write",
    "workspaces:write",
    "members:read",
    "members:write",
    "keys:read",
    "keys:write",
    "audit:read",
    "rates:read",
    "rates:write",
    "sources:read",
    "sources:write",
    "spend:read",
    "spend:write",
    "ingest:read",
    "ingest:write",
    "events:read",
    "people:read",
    "people:write",
    "segments:read",
    "segments:write",
    "webhooks:read",
    "webhooks:write",
    "erasure:write",
    "orders:read",
    "measure:read",
    "measure:write",
    "content:read",
    "content:write",
    "replies:read",
    "replies:write",
    "inbox:read",
    "inbox:write",
    "channels:read",
    "channels:write",
    "accounts:write",
    "sending:read",
    "sending:write",
    "broadcasts:read",
    "broadcasts:write",
    "broadcasts:approve",
]
PERMISSIONS: Final[frozenset[Permission]] = frozenset(get_args(Permission))


class Role(StrEnum):
    """What a user may do in one workspace, from most to least."""

    OWNER = "owner"
    OPERATOR = "operator"
    AGENT = "agent"
    ANALYST = "analyst"
    VIEWER = "viewer"


# A viewer sees counts and sums, never a person: nothing here answers with personal data.
_VIEWER: Final[frozenset[Permission]] = frozenset(
    {
        "me:read",
        "me:write",
        "workspace:read",
        "rates:read",
        "measure:read",
        "sources:read",
        "spend:read",
        "ingest:read",
        "content:read",
    }
)
_SEES_PEOPLE: Final[frozenset[Permission]] = frozenset({"people:read", "orders:read", "events:read", "segments:read"})
_SEES_CONTACT: Final[frozenset[Permission]] = frozenset(
    {"replies:read", "inbox:read", "channels:read", "sending:read", "broadcasts:read"}
)
_ANALYST: Final = _VIEWER | _SEES_PEOPLE | _SEES_CONTACT
_AGENT: Final[frozenset[Permission]] = frozenset(
    {
        "me:read",
        "me:write",
        "workspace:read",
        "rates:read",
        "measure:read",
        "sources:read",
        "people:read",
        "people:write",
        "segments:read",
        "orders:read",
        "content:read",
        "replies:read",
        "inbox:read",
        "inbox:write",
        "channels:read",
    }
)
_OWNERS_ONLY: Final[frozenset[Permission]] = frozenset(
    {
        "workspace:write",
        "workspaces:write",
        "members:write",
        "keys:write",
        "webhooks:write",
        "accounts:write",
        "erasure:write",
    }
)
GRANTS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.OWNER: PERMISSIONS,
        Role.OPERATOR: PERMISSIONS - _OWNERS_ONLY,
        Role.AGENT: _AGENT,
        Role.ANALYST: _ANALYST,
        Role.VIEWER: _VIEWER,
    }
)
# A key is no one's own account, and a leaked one must not be able to let itself in for good.
KEY_ROLES: Final = tuple(role for role in Role if role is not Role.OWNER)
# Whoever agrees answers for it, as a person: a key could be anybody's.
_FOR_USERS_ONLY: Final[frozenset[Permission]] = frozenset({"me:read", "me:write", "broadcasts:approve"})


def permits(role: Role, permission: Permission, *, by_key: bool = False) -> bool:
    """Whether ``role`` may do that; a key never has an account of its own, and agrees to nothing."""
    return permission in GRANTS[role] and not (by_key and permission in _FOR_USERS_ONLY)


# ---------------------------------------------------------------- signing in
SESSION_DAYS: Final = 14
SESSION_LIFE: Final = timedelta(days=SESSION_DAYS)
# The row is written at most once a day per session, so that reading a page does not write.
_SLIDE_AFTER: Final = timedelta(days=1)
THROTTLE_WINDOW: Final = timedelta(minutes=15)
TRIES_PER_EMAIL: Final = 10
TRIES_PER_ADDRESS: Final = 50
LINK_LIFE: Final = MappingProxyType(
    {"setup": timedelta(days=1), "invite": timedelta(days=7), "reset": timedelta(days=1)}
)


def must_slide(expires_at: datetime, *, now: datetime) -> bool:
    """Whether a session in use is old enough to be given its full life again."""
    return expires_at - now < SESSION_LIFE - _SLIDE_AFTER


def wait_before_try(tries: Sequence[datetime], *, limit: int, now: datetime) -> timedelta:
    """How long until one more try fits under ``limit`` in the window; zero if it fits now."""
    counted = sorted(at for at in tries if at > now - THROTTLE_WINDOW)
    if len(counted) < limit:
        return timedelta(0)
    return counted[-limit] + THROTTLE_WINDOW - now


# ---------------------------------------------------------------- what may be typed
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_SHORTEST_PASSWORD: Final = 8
_LONGEST_PASSWORD: Final = 256
# Only those that the length lets through; the throttle does the rest.
_FIRST_GUESSES: Final = """
    password password1 password12 password123 passw0rd 12345678 123456789 1234567890 0123456789 11111111 00000000
    88888888 66666666 12341234 11223344 87654321 qwertyui qwertyuiop qwerty123 asdfghjkl zxcvbnm1 1q2w3e4r 1qaz2wsx
    abcd1234 abc12345 a1234567 iloveyou iloveyou1 sunshine princess football baseball superman starwars welcome1
    letmein1 changeme changeme1 administrator admin123 woaini1314 woaini520 5201314520 fanwheel fanwheel1
"""
_WORN_OUT: Final = frozenset(_FIRST_GUESSES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with a typed value, and what would be right."""

    message: str
    remedy: str


def clean_email(text: str) -> str | None:
    """The address trimmed and in lower case, or None if it is none."""
    email = text.strip().lower()
    return email if len(email) <= 254 and _EMAIL.fullmatch(email) else None


def is_slug(text: str) -> bool:
    """Whether ``text`` may name a workspace in addresses."""
    return bool(_SLUG.fullmatch(text))


def slug_of(name: str) -> str:
    """A slug made from a workspace's name; "workspace" when nothing of it can be kept."""
    kept = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return kept or "workspace"


def password_flaw(password: str, *, email: str) -> Flaw | None:
    """Why this password would not protect ``email``, or None if it would."""
    if len(password) < _SHORTEST_PASSWORD:
        return Flaw(message="The password is too short.", remedy=f"Use at least {_SHORTEST_PASSWORD} characters.")
    if len(password) > _LONGEST_PASSWORD:
        return Flaw(message="The password is too long.", remedy=f"Use at most {_LONGEST_PASSWORD} characters.")
    plain = password.casefold()
    if plain in _WORN_OUT or len(set(plain)) < 3:
        return Flaw(
            message="The password is among the first that an attacker would try.",
            remedy="Use a few unrelated words, or let a password manager make one.",
        )
    if plain in {email, email.partition("@")[0]}:
        return Flaw(message="The password repeats the e-mail address.", remedy="Use a few unrelated words.")
    return None


def would_orphan(owners: Sequence[int], *, user_id: int, role_after: Role | None) -> bool:
    """Whether giving ``user_id`` another role, or none, would leave a workspace without an owner."""
    return role_after is not Role.OWNER and set(owners) == {user_id}


def is_from_here(*, fetch_site: str | None, origin: str | None, host: str | None) -> bool:
    """Whether a browser says that our own pages sent the request.

    ``Sec-Fetch-Site`` decides where it is sent, because no script can forge it and no proxy rewrites it.
    A client that sends neither header is no browser, so no page can have made it send a cookie.
    """
    if fetch_site is not None:
        return fetch_site in {"same-origin", "none"}
    if origin is None:
        return True
    return host is not None and origin.partition("://")[2].lower() == host.lower()
