"""Signing in and out, and the user's own account."""

from dataclasses import dataclass
from datetime import datetime

from fanwheel.infra.access import audit, keys, passwords, rules, throttle
from fanwheel.infra.access.callers import Caller
from fanwheel.infra.access.contracts import Login
from fanwheel.infra.access.errors import BadFieldError, NotAllowedError, WorkspaceNotFoundError, WrongPasswordError
from fanwheel.infra.access.repository import LoginRepository
from fanwheel.infra.postgres import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Where a request comes from."""

    address: str | None
    user_agent: str | None


def check_password(password: str, *, email: str, field: str = "password") -> None:
    """Refuse a password that would not protect ``email``."""
    flaw = rules.password_flaw(password, email=email)
    if flaw:
        raise BadFieldError(f"“{field}”: {flaw.message}", hint=flaw.remedy)


async def sign_in(db: Database, *, email: str, password: str, visitor: Visitor, now: datetime) -> str:
    """The token of a new session.

    The password is checked between transactions: a hash takes a tenth of a second, and connections are few.

    Raises
    ------
    WrongPasswordError
        For an unknown address, a wrong password and a disabled user alike.
    TooManyTriesError
        If the address or the place has guessed too often.
    """
    turn = throttle.attempt(email, visitor.address)
    await throttle.take_turn(db, turn, now=now)
    login = await authenticate(db, email=email, password=password)
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        await throttle.succeed(logins, turn)
        workspace_id = await logins.choose_workspace(login.user_id)
        if workspace_id is None:
            raise NotAllowedError("You belong to no workspace.", hint="Ask an owner for an invitation.")
    async with db.transaction(workspace_id) as tx:
        return await begin(tx, login.user_id, visitor=visitor, now=now)


async def authenticate(db: Database, *, email: str, password: str) -> Login:
    """The user whose address and password these are."""
    async with db.installation() as tx:
        login = await LoginRepository(tx).find(rules.clean_email(email) or "")
    matches = await passwords.verify(login.password_hash if login else None, password)
    if login is None or login.password_hash is None or login.disabled_at is not None or not matches:
        raise WrongPasswordError(hint="Check both, or ask an owner for a reset link.")
    if passwords.is_outdated(login.password_hash):
        fresh = await passwords.hash_password(password)
        async with db.installation() as tx:
            await LoginRepository(tx).put_password(login.user_id, fresh)
    return login


async def begin(tx: Transaction, user_id: int, *, visitor: Visitor, now: datetime) -> str:
    """Begin a session in the transaction's workspace; its token, which is stored nowhere."""
    token = keys.new_token()
    await LoginRepository(tx).add_session(
        token_hash=keys.digest(token),
        user_id=user_id,
        csrf_token=keys.new_token(),
        expires_at=now + rules.SESSION_LIFE,
        user_agent=(visitor.user_agent or "")[:200] or None,
    )
    await audit.write(tx, f"user:{user_id}", "session.begin", f"user:{user_id}")
    return token


async def end(tx: Transaction, token: str) -> None:
    """End a session."""
    await LoginRepository(tx).end_session(keys.digest(token))


async def switch(db: Database, caller: Caller, workspace_id: int) -> None:
    """Move the caller's session to another workspace of the same user.

    Raises
    ------
    WorkspaceNotFoundError
        If the user does not belong to it, or there is none.
    """
    session = caller.require_session()
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        if workspace_id not in {found.workspace_id for found in await logins.list_memberships(session.user_id)}:
            raise WorkspaceNotFoundError(hint="GET /api/auth/me lists yours under “workspaces”.")
        await logins.switch_session(keys.digest(caller.credential), user_id=session.user_id, workspace_id=workspace_id)


async def change_password(
    db: Database, caller: Caller, *, current: str, new: str, visitor: Visitor, now: datetime
) -> None:
    """Change the user's own password, and end every other session.

    Raises
    ------
    WrongPasswordError
        If ``current`` is not the password.
    BadFieldError
        If ``new`` is too weak.
    """
    session = caller.require_session()
    check_password(new, email=session.email, field="new")
    turn = throttle.attempt(session.email, visitor.address)
    await throttle.take_turn(db, turn, now=now)
    login = await authenticate(db, email=session.email, password=current)
    fresh = await passwords.hash_password(new)
    async with db.transaction(session.workspace_id) as tx:
        logins = LoginRepository(tx)
        await throttle.succeed(logins, turn)
        await logins.put_password(login.user_id, fresh)
        await logins.forget_links(purpose="reset", user_id=login.user_id, workspace_id=None)
        ended = await logins.end_sessions(login.user_id, except_hash=keys.digest(caller.credential))
        await audit.write(tx, caller.principal, "password.change", f"user:{login.user_id}", {"sessions_ended": ended})
