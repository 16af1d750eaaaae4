"""Members: invited, given a role, removed; and the one-time links that let them in."""

from dataclasses import dataclass
from datetime import datetime

from fanwheel.infra.access import audit, keys, passwords, rules, sessions, throttle
from fanwheel.infra.access.contracts import Link, Login, Member, Principal
from fanwheel.infra.access.errors import (
    AlreadyMemberError,
    BadFieldError,
    LastOwnerError,
    LinkSpentError,
    MemberNotFoundError,
    SharedAccountError,
)
from fanwheel.infra.access.repository import LoginRepository, WorkspaceRepository
from fanwheel.infra.access.rules import Role
from fanwheel.infra.access.sessions import Visitor
from fanwheel.infra.postgres import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """What a link's page needs to know before it asks for a password."""

    purpose: str
    email: str
    workspace_name: str | None
    has_password: bool


async def invite(
    tx: Transaction, principal: Principal, *, email: str, role: Role, name: str, now: datetime
) -> tuple[Member, str]:
    """An invited member and the token that lets them in; inviting again replaces role and token.

    The answer is the same whether or not the address belongs to a user elsewhere, and even then the door opens
    only when that user takes the invitation up: no workspace can claim another's people.

    Raises
    ------
    AlreadyMemberError
        If that user is a member already.
    """
    cleaned = rules.clean_email(email)
    if cleaned is None:
        raise BadFieldError(f"“email”: {email!r} is no e-mail address.", hint="Send one such as ana@brand.example.")
    logins, spaces = LoginRepository(tx), WorkspaceRepository(tx)
    user_id = await logins.add(email=cleaned, name=name or cleaned.partition("@")[0])
    known = await spaces.find_member(user_id)
    if known is not None and not known.pending:
        raise AlreadyMemberError(hint="Change the role of the member instead.")
    await spaces.put_member(user_id, role, accepted_at=None, invited_name=name)
    token = await _put_link(tx, purpose="invite", user_id=user_id, workspace_id=principal.workspace_id, now=now)
    await audit.write(tx, principal, "member.invite", f"user:{user_id}", {"email": cleaned, "role": role})
    return await _get(spaces, user_id), token


async def give_role(tx: Transaction, principal: Principal, *, user_id: int, role: Role) -> Member:
    """Change a member's role.

    Raises
    ------
    LastOwnerError
        If no owner would be left.
    """
    spaces = WorkspaceRepository(tx)
    owners = await spaces.hold_owners()
    before = await _get(spaces, user_id)
    if rules.would_orphan(owners, user_id=user_id, role_after=role):
        raise LastOwnerError(hint="Make someone else an owner first.")
    await spaces.put_role(user_id, role)
    await audit.write(tx, principal, "member.change", f"user:{user_id}", {"from": before.role, "to": role})
    return await _get(spaces, user_id)


async def remove(tx: Transaction, principal: Principal, *, user_id: int) -> None:
    """Remove a member; the sessions here end at once, and a user who belongs nowhere any more is forgotten.

    Raises
    ------
    LastOwnerError
        If no owner would be left.
    """
    logins, spaces = LoginRepository(tx), WorkspaceRepository(tx)
    owners = await spaces.hold_owners()
    member = await _get(spaces, user_id)
    if rules.would_orphan(owners, user_id=user_id, role_after=None):
        raise LastOwnerError(hint="Make someone else an owner first.")
    await spaces.delete_member(user_id)
    await logins.forget_links(purpose="invite", user_id=user_id, workspace_id=principal.workspace_id)
    await logins.forget(user_id)
    await audit.write(tx, principal, "member.remove", f"user:{user_id}", {"email": member.email, "role": member.role})


async def reset(tx: Transaction, principal: Principal, *, user_id: int, now: datetime) -> str:
    """The token of a link with which a member sets a new password.

    Whoever holds it can sign in as that user everywhere, so it is given only for users all of whose workspaces
    the asking owner owns too.

    Raises
    ------
    SharedAccountError
        If the user also belongs to a workspace of someone else.
    """
    member = await _get(WorkspaceRepository(tx), user_id)
    if member.pending:
        raise MemberNotFoundError("That user has not taken up the invitation.", hint="Invite them again.")
    logins = LoginRepository(tx)
    theirs = {found.workspace_id for found in await logins.list_memberships(user_id)}
    asking = await logins.list_memberships(principal.user_id) if principal.user_id is not None else []
    if not theirs <= {found.workspace_id for found in asking if found.role is Role.OWNER}:
        raise SharedAccountError(hint="They can change the password themselves, or ask whoever runs the server.")
    token = await _put_link(tx, purpose="reset", user_id=user_id, workspace_id=None, now=now)
    await audit.write(tx, principal, "member.reset", f"user:{user_id}")
    return token


async def reset_from_server(db: Database, email: str, *, now: datetime) -> str:
    """The token of a reset link for any user: for whoever runs the server, when no owner can sign in.

    Raises
    ------
    MemberNotFoundError
        If nobody has that address.
    """
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        login = await logins.find(rules.clean_email(email) or "")
        if login is None:
            raise MemberNotFoundError("No user has that e-mail address.", hint="Check the address.")
        token = await _put_link(tx, purpose="reset", user_id=login.user_id, workspace_id=None, now=now)
        for found in await logins.list_memberships(login.user_id):
            await audit.write(await logins.enter(found.workspace_id), "cli", "member.reset", f"user:{login.user_id}")
        return token


async def look_at_link(db: Database, token: str, *, now: datetime) -> LinkView:
    """What a link is for."""
    link, login = await _open_link(db, token, now=now)
    workspace_name = None
    if link.workspace_id is not None:
        async with db.transaction(link.workspace_id) as tx:
            workspace_name = (await WorkspaceRepository(tx).get()).name
    return LinkView(
        purpose=link.purpose,
        email=login.email,
        workspace_name=workspace_name,
        has_password=link.purpose == "invite" and login.password_hash is not None,
    )


async def accept(db: Database, token: str, *, name: str | None, password: str, visitor: Visitor, now: datetime) -> str:
    """Take an invitation or a reset up; the token of a new session.

    A user who has a password proves it: an invitation must not let the inviter take over the account.

    Raises
    ------
    LinkSpentError
        If the link does not work any more.
    WrongPasswordError
        If the user has a password and this is not it.
    """
    link, login = await _open_link(db, token, now=now)
    fresh = await _prove(db, link, login, password=password, visitor=visitor, now=now)
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        if await logins.spend_link(keys.digest(token), now=now) is None:
            raise LinkSpentError(hint="Ask an owner for a new one.")
        await _set_password(logins, link, login, fresh)
        if link.purpose == "invite" and fresh is not None:
            await logins.put_profile(login.user_id, name=name)
        inside = await _step_inside(logins, link, login, now=now)
        await audit.write(inside, f"user:{login.user_id}", f"{link.purpose}.accept", f"user:{login.user_id}")
        return await sessions.begin(inside, login.user_id, visitor=visitor, now=now)


async def _prove(
    db: Database, link: Link, login: Login, *, password: str, visitor: Visitor, now: datetime
) -> str | None:
    """The hash of the password to set; None if the user has one and gave it."""
    if link.purpose == "reset" or login.password_hash is None:
        sessions.check_password(password, email=login.email)
        return await passwords.hash_password(password)
    turn = throttle.attempt(login.email, visitor.address)
    await throttle.take_turn(db, turn, now=now)
    await sessions.authenticate(db, email=login.email, password=password)
    async with db.installation() as tx:
        await throttle.succeed(LoginRepository(tx), turn)
    return None


async def _step_inside(logins: LoginRepository, link: Link, login: Login, *, now: datetime) -> Transaction:
    if link.purpose == "invite" and link.workspace_id is not None:
        inside = await logins.enter(link.workspace_id)
        if not await WorkspaceRepository(inside).accept_member(login.user_id, now=now):
            raise LinkSpentError("The invitation was withdrawn.", hint="Ask an owner for a new one.")
        return inside
    workspace_id = await logins.choose_workspace(login.user_id)
    if workspace_id is None:
        raise LinkSpentError("You belong to no workspace any more.", hint="Ask an owner for an invitation.")
    return await logins.enter(workspace_id)


async def _set_password(logins: LoginRepository, link: Link, login: Login, fresh: str | None) -> None:
    if fresh is None:
        return
    if link.purpose == "reset":
        await logins.put_password(login.user_id, fresh)
        await logins.end_sessions(login.user_id)
        await logins.forget_tries(throttle.attempt(login.email, None).email)
    elif not await logins.put_first_password(login.user_id, fresh):
        # Another invitation of the same user was taken up a moment ago, so now there is a password to prove.
        raise LinkSpentError("You have set a password meanwhile.", hint="Open the link again and give that password.")


async def _open_link(db: Database, token: str, *, now: datetime) -> tuple[Link, Login]:
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        link = await logins.find_link(keys.digest(token), now=now)
        if link is None or link.user_id is None:
            raise LinkSpentError(hint="Ask an owner for a new one.")
        return link, await logins.get(link.user_id)


async def _put_link(tx: Transaction, *, purpose: str, user_id: int, workspace_id: int | None, now: datetime) -> str:
    token = keys.new_token()
    await LoginRepository(tx).put_link(
        token_hash=keys.digest(token),
        purpose=purpose,
        user_id=user_id,
        workspace_id=workspace_id,
        expires_at=now + rules.LINK_LIFE[purpose],
    )
    return token


async def _get(spaces: WorkspaceRepository, user_id: int) -> Member:
    found = await spaces.find_member(user_id)
    if found is None:
        raise MemberNotFoundError(hint="GET /api/members lists them.")
    return found
