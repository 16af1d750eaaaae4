"""Routes of signing in, the own account, and one-time links."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from fanwheel.infra.access import audit, callers, cookies, members, rules, schemas, sessions, setup
from fanwheel.infra.access.callers import Caller
from fanwheel.infra.access.contracts import Principal
from fanwheel.infra.access.dependencies import allow, open_to_all
from fanwheel.infra.access.errors import NotSignedInError
from fanwheel.infra.access.keys import digest
from fanwheel.infra.access.repository import LoginRepository, WorkspaceRepository
from fanwheel.infra.access.routes import views
from fanwheel.infra.access.sessions import Visitor
from fanwheel.infra.http import DatabaseDep
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api/auth", tags=["auth"])
Reader = Annotated[Principal, allow("me:read")]
Writer = Annotated[Principal, allow("me:write")]


@router.post("/login", dependencies=[open_to_all])
async def login(request: Request, response: Response, db: DatabaseDep, body: schemas.SignIn) -> schemas.Me:
    """Sign in: sets the session's cookie."""
    token = await sessions.sign_in(
        db, email=body.email, password=body.password, visitor=_visitor(request), now=utc_now()
    )
    return await _welcome(request, response, db, token)


@router.post("/logout", status_code=204)
async def logout(request: Request, response: Response, db: DatabaseDep, _: Writer) -> None:
    """Sign out: the session ends."""
    caller = await callers.identify(request)
    async with db.transaction(caller.principal.workspace_id) as tx:
        await sessions.end(tx, caller.credential)
        await audit.write(tx, caller.principal, "session.end", caller.principal.actor)
    cookies.take(response, request)


@router.get("/me")
async def me(request: Request, db: DatabaseDep, _: Reader) -> schemas.Me:
    """Who is signed in, where, and what the role allows."""
    return await _me(db, await callers.identify(request))


@router.patch("/me")
async def change_me(request: Request, db: DatabaseDep, _: Writer, body: schemas.ChangeMe) -> schemas.Me:
    """Change the own name or language."""
    caller = await callers.identify(request)
    session = caller.require_session()
    async with db.transaction(session.workspace_id) as tx:
        await LoginRepository(tx).put_profile(session.user_id, name=body.name, locale=body.locale)
        await audit.write(tx, caller.principal, "me.change", caller.principal.actor, body.model_dump(exclude_none=True))
    return await _me(db, await _again(db, caller.credential))


@router.post("/password", status_code=204)
async def change_password(request: Request, db: DatabaseDep, _: Writer, body: schemas.ChangePassword) -> None:
    """Change the own password: every other session of the user ends."""
    caller = await callers.identify(request)
    await sessions.change_password(
        db, caller, current=body.current, new=body.new, visitor=_visitor(request), now=utc_now()
    )


@router.post("/workspace")
async def switch_workspace(request: Request, db: DatabaseDep, _: Writer, body: schemas.SwitchWorkspace) -> schemas.Me:
    """Go to another workspace of the user."""
    caller = await callers.identify(request)
    await sessions.switch(db, caller, body.workspace_id)
    return await _me(db, await _again(db, caller.credential))


@router.get("/setup", dependencies=[open_to_all])
async def setup_state(db: DatabaseDep) -> schemas.SetupState:
    """Whether the installation still waits for its owner."""
    return schemas.SetupState(needed=await setup.is_needed(db))


@router.post("/setup", dependencies=[open_to_all])
async def set_up(request: Request, response: Response, db: DatabaseDep, body: schemas.SetUp) -> schemas.Me:
    """Make the first owner with the link printed at the first start, and sign in."""
    owner = setup.FirstOwner(
        email=body.email, name=body.name, password=body.password, workspace_name=body.workspace_name
    )
    token = await setup.take_up(db, body.token, owner, visitor=_visitor(request), now=utc_now())
    return await _welcome(request, response, db, token)


@router.post("/link", dependencies=[open_to_all])
async def look_at_link(db: DatabaseDep, body: schemas.LookAtLink) -> schemas.LinkOut:
    """What an invitation or reset link is for; the link is not used up."""
    return schemas.LinkOut.model_validate(await members.look_at_link(db, body.token, now=utc_now()))


@router.post("/accept", dependencies=[open_to_all])
async def accept(request: Request, response: Response, db: DatabaseDep, body: schemas.Accept) -> schemas.Me:
    """Take an invitation or reset up, and sign in."""
    token = await members.accept(
        db, body.token, name=body.name, password=body.password, visitor=_visitor(request), now=utc_now()
    )
    return await _welcome(request, response, db, token)


def _visitor(request: Request) -> Visitor:
    return Visitor(
        address=request.client.host if request.client else None, user_agent=request.headers.get("user-agent")
    )


async def _welcome(request: Request, response: Response, db: Database, token: str) -> schemas.Me:
    # A session that the browser still had ends, so that no one can plant theirs before a sign-in.
    earlier = request.cookies.get(cookies.NAME)
    if earlier:
        async with db.installation() as tx:
            await sessions.end(tx, earlier)
    cookies.give(response, request, token)
    return await _me(db, await _again(db, token))


async def _again(db: Database, token: str) -> Caller:
    async with db.installation() as tx:
        session = await LoginRepository(tx).find_session(digest(token))
    if session is None:
        raise NotSignedInError("The session has ended.", hint="Sign in again.")
    return callers.of_session(session, token)


async def _me(db: Database, caller: Caller) -> schemas.Me:
    session = caller.require_session()
    async with db.transaction(session.workspace_id) as tx:
        workspace = await WorkspaceRepository(tx).get()
        memberships = await LoginRepository(tx).list_memberships(session.user_id)
    return schemas.Me(
        user=schemas.UserOut(id=session.user_id, email=session.email, name=session.name, locale=session.locale),
        workspace=views.workspace(workspace),
        role=session.role,
        permissions=sorted(rules.GRANTS[session.role]),
        workspaces=[views.membership(found) for found in memberships],
        csrf_token=session.csrf_token,
    )
