"""Finding out who sends a request: a session's cookie or a server key."""

from dataclasses import dataclass
from typing import Final, cast

from starlette.requests import HTTPConnection

from fanwheel.infra.access import cookies, keys, lookups, rules
from fanwheel.infra.access.contracts import Principal, Session
from fanwheel.infra.access.errors import CsrfError, NotSignedInError, UnknownKeyError, WriteKeyRefusedError
from fanwheel.infra.access.repository import LoginRepository
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PERMISSION: Final = "fanwheel.permission"
_CALLER: Final = "fanwheel.caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A principal, and what proved it."""

    principal: Principal
    session: Session | None  # None: a key
    credential: str

    def require_session(self) -> Session:
        """The session; routes of a user's own account let no key get this far."""
        if self.session is None:
            raise NotSignedInError("A key has no account of its own.", hint="Sign in as a user for that.")
        return self.session


async def identify(request: HTTPConnection) -> Caller:
    """Who sends the request; asked once per request.

    Raises
    ------
    NotSignedInError
        If it carries neither a living session nor a key.
    UnknownKeyError
        If its key is unknown or revoked.
    WriteKeyRefusedError
        If its key only sends events.
    """
    known = request.scope.get(_CALLER)
    if known is None:
        secret = _bearer(request)
        db = cast(Database, request.app.state.database)
        known = await (_by_session(request, db) if secret is None else _by_key(secret, db))
        request.scope[_CALLER] = known
    return cast(Caller, known)


def of_session(session: Session, token: str) -> Caller:
    """The caller that a session stands for."""
    principal = Principal(
        workspace_id=session.workspace_id,
        role=session.role,
        actor=f"user:{session.user_id}",
        user_id=session.user_id,
    )
    return Caller(principal=principal, session=session, credential=token)


def require_proof(request: HTTPConnection, caller: Caller) -> None:
    """Refuse a change that a foreign page may have made a browser send; a key is never sent by a browser itself."""
    if caller.session is None or request.scope["method"] in SAFE_METHODS:
        return
    if not is_from_here(request):
        raise CsrfError("The request came from another site.", hint="Use the cockpit, or a server key as Bearer token.")
    if not keys.are_same(request.headers.get("x-csrf-token", ""), caller.session.csrf_token):
        raise CsrfError(hint="Send the header X-CSRF-Token with the value of csrf_token from GET /api/auth/me.")


def is_from_here(request: HTTPConnection) -> bool:
    """Whether the browser says that our own pages sent the request."""
    return rules.is_from_here(
        fetch_site=request.headers.get("sec-fetch-site"),
        origin=request.headers.get("origin"),
        host=request.headers.get("host"),
    )


async def slide(request: HTTPConnection, caller: Caller) -> None:
    """Give the caller's session its full life again."""
    db = cast(Database, request.app.state.database)
    async with db.installation() as tx:
        await LoginRepository(tx).slide_session(keys.digest(caller.credential), utc_now() + rules.SESSION_LIFE)


def _bearer(request: HTTPConnection) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


async def _by_key(secret: str, db: Database) -> Caller:
    found = await lookups.find_write_key(db, secret)
    if found is None:
        raise UnknownKeyError(hint="Make a server key under Settings › Keys, or with fanwheel keys create.")
    if found.kind == "write":
        raise WriteKeyRefusedError(hint="Send a server key instead: fanwheel keys create --kind server.")
    principal = Principal(
        workspace_id=found.workspace_id, role=found.role, actor=f"key:{found.api_key_id}", user_id=None
    )
    return Caller(principal=principal, session=None, credential=secret)


async def _by_session(request: HTTPConnection, db: Database) -> Caller:
    token = request.cookies.get(cookies.NAME)
    if not token:
        raise NotSignedInError()
    async with db.installation() as tx:
        session = await LoginRepository(tx).find_session(keys.digest(token))
    if session is None:
        raise NotSignedInError("The session has ended.", hint="Sign in again.")
    return of_session(session, token)
