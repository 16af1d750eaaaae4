"""The first start: the first owner, from settings or by a one-time link."""

from dataclasses import dataclass
from datetime import datetime

from fanwheel.infra.access import audit, keys, passwords, rules, sessions, workspaces
from fanwheel.infra.access.errors import AlreadySetUpError, BadFieldError, LinkSpentError
from fanwheel.infra.access.repository import LoginRepository, WorkspaceRepository
from fanwheel.infra.access.rules import Role
from fanwheel.infra.access.sessions import Visitor
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now

FIRST_WORKSPACE = "My brand"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOwner:
    """Who is to own the installation."""

    email: str
    name: str
    password: str
    workspace_name: str = FIRST_WORKSPACE


async def bootstrap(db: Database, settings: Settings) -> str | None:
    """Make the owner named by the settings, or give a set-up link; None once there is an owner.

    Several processes may call it at once. A new link replaces one that was not used.
    """
    async with db.installation() as tx:
        if await LoginRepository(tx).first_owner() is not None:
            return None
    if settings.owner_email or settings.owner_password:
        if not settings.owner_email or not settings.owner_password:
            raise BadFieldError(
                "Only one of FANWHEEL_OWNER_EMAIL and FANWHEEL_OWNER_PASSWORD is set.", hint="Set both, or neither."
            )
        owner = FirstOwner(email=settings.owner_email, name="", password=settings.owner_password)
        await _make_owner(db, owner, now=utc_now())
        return None
    token = keys.new_token()
    async with db.installation() as tx:
        await LoginRepository(tx).put_link(
            token_hash=keys.digest(token),
            purpose="setup",
            user_id=None,
            workspace_id=None,
            expires_at=utc_now() + rules.LINK_LIFE["setup"],
        )
    return f"{settings.url}/setup?token={token}"


async def is_needed(db: Database) -> bool:
    """Whether the installation still waits for its owner."""
    async with db.installation() as tx:
        return await LoginRepository(tx).first_owner() is None


async def take_up(db: Database, token: str, owner: FirstOwner, *, visitor: Visitor, now: datetime) -> str:
    """Make the first owner with a set-up link; the token of a new session.

    Raises
    ------
    AlreadySetUpError
        If there is an owner by now.
    LinkSpentError
        If the link does not work any more.
    """
    token_hash = keys.digest(token)
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        if await logins.first_owner() is not None:
            raise AlreadySetUpError(hint="Sign in, or ask an owner for an invitation.")
        # Looked at before the password is hashed, so that guessing links costs us nothing.
        link = await logins.find_link(token_hash, now=now)
    if link is None or link.purpose != "setup":
        raise _spent()
    made = await _make_owner(db, owner, now=now, token_hash=token_hash)
    if made is None:
        raise AlreadySetUpError(hint="Sign in, or ask an owner for an invitation.")
    own_workspace, user_id = made
    async with db.installation() as tx:
        # As at every sign-in: where a demo was loaded, there is something to look at.
        workspace_id = await LoginRepository(tx).choose_workspace(user_id)
    async with db.transaction(workspace_id or own_workspace) as tx:
        return await sessions.begin(tx, user_id, visitor=visitor, now=now)


async def _make_owner(
    db: Database, owner: FirstOwner, *, now: datetime, token_hash: bytes | None = None
) -> tuple[int, int] | None:
    email = rules.clean_email(owner.email)
    if email is None:
        raise BadFieldError(
            f"“email”: {owner.email!r} is no e-mail address.", hint="Send one such as ana@brand.example."
        )
    sessions.check_password(owner.password, email=email)
    password_hash = await passwords.hash_password(owner.password)
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        await logins.hold_door()
        if await logins.first_owner() is not None:
            return None
        if token_hash is not None and await logins.spend_link(token_hash, now=now) is None:
            raise _spent()
        return await _add_owner(tx, owner, email=email, password_hash=password_hash, now=now)


async def _add_owner(
    tx: Transaction, owner: FirstOwner, *, email: str, password_hash: str, now: datetime
) -> tuple[int, int]:
    logins = LoginRepository(tx)
    user_id = await logins.add(email=email, name=owner.name or email.partition("@")[0])
    await logins.put_password(user_id, password_hash)
    # A demo may have come before its owner.
    for workspace_id in await logins.list_workspace_ids():
        await WorkspaceRepository(await logins.enter(workspace_id)).put_member(user_id, Role.OWNER, accepted_at=now)
    draft = workspaces.Draft(name=owner.workspace_name)
    inside = await workspaces.create(tx, draft, owner_id=user_id, now=now)
    await audit.write(inside, f"user:{user_id}", "installation.set_up", f"user:{user_id}")
    await logins.forget_links(purpose="setup", user_id=None, workspace_id=None)
    assert inside.workspace is not None
    return int(inside.workspace), user_id


def _spent() -> LinkSpentError:
    return LinkSpentError(hint="Start Fanwheel again: it prints a new link.")
