"""Setting the inbox up over HTTP: teams, routes, promises, canned replies, who is away."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.loop.operate.conversations import schemas, setup
from fanwheel.loop.operate.conversations.errors import CannedReplyNotFoundError, NoUserError, TeamNotFoundError
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.setup_repository import SetupRepository

router = APIRouter(prefix="/api/inbox", tags=["conversations"])

Reader = Annotated[Principal, allow("inbox:read")]
Writer = Annotated[Principal, allow("inbox:write")]
Keeper = Annotated[Principal, allow("replies:write")]


@router.get("")
async def get_setup(db: DatabaseDep, principal: Reader) -> schemas.InboxSetup:
    """How the inbox is set up: teams, which accounts they serve, what is promised, tags in use."""
    async with db.transaction(principal.workspace_id) as tx:
        repository = SetupRepository(tx)
        told = {
            "teams": await repository.list_teams(),
            "routes": await repository.list_routes(),
            "policies": await repository.list_policies(),
            "tags": await InboxRepository(tx).list_tags(),
        }
    return schemas.InboxSetup.model_validate(told)


@router.post("/teams", status_code=201)
async def add_team(db: DatabaseDep, principal: Keeper, body: schemas.NewInboxTeam) -> schemas.InboxTeam:
    """Make a team."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await setup.add_team(tx, body.model_dump(), actor=principal.actor)
        await audit.write(tx, principal, "inbox_team.create", str(made["team_id"]), {"name": body.name})
    return schemas.InboxTeam.model_validate(made)


@router.put("/teams/{team_id}")
async def put_team(db: DatabaseDep, principal: Keeper, team_id: int, body: schemas.NewInboxTeam) -> schemas.InboxTeam:
    """Change a team."""
    async with db.transaction(principal.workspace_id) as tx:
        put = await setup.put_team(tx, team_id, body.model_dump())
        await audit.write(tx, principal, "inbox_team.change", str(team_id), {"name": body.name})
    return schemas.InboxTeam.model_validate(put)


@router.delete("/teams/{team_id}", status_code=204)
async def delete_team(db: DatabaseDep, principal: Keeper, team_id: int) -> None:
    """Delete a team; its conversations stay."""
    async with db.transaction(principal.workspace_id) as tx:
        if not await SetupRepository(tx).delete_team(team_id):
            raise TeamNotFoundError
        await audit.write(tx, principal, "inbox_team.delete", str(team_id))


@router.put("/routes")
async def put_routes(db: DatabaseDep, principal: Keeper, body: schemas.InboxRoutes) -> schemas.InboxSetup:
    """Say which team serves which account, in the place of what was said before."""
    async with db.transaction(principal.workspace_id) as tx:
        repository = SetupRepository(tx)
        for route in body.items:
            if route.team_id is not None and not await repository.has_team(route.team_id):
                raise TeamNotFoundError
        await repository.put_routes(
            [route.model_dump() for route in {each.account_id: each for each in body.items}.values()]
        )
        await audit.write(tx, principal, "inbox_routes.put")
    return await get_setup(db, principal)


@router.put("/policies")
async def put_policies(db: DatabaseDep, principal: Keeper, body: schemas.ServicePolicies) -> schemas.InboxSetup:
    """Say how soon people are answered, in the place of what was said before; it counts from the next word on."""
    async with db.transaction(principal.workspace_id) as tx:
        repository = SetupRepository(tx)
        for policy in body.items:
            if policy.team_id is not None and not await repository.has_team(policy.team_id):
                raise TeamNotFoundError
        await repository.put_policies([policy.model_dump() for policy in body.items])
        await audit.write(tx, principal, "inbox_policies.put")
    return await get_setup(db, principal)


@router.get("/agents")
async def list_agents(db: DatabaseDep, principal: Reader) -> schemas.InboxAgents:
    """Members who may answer, their teams, who is away, and how many conversations each has open."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.InboxAgents.model_validate({"items": await InboxRepository(tx).list_agents()})


@router.put("/away")
async def put_away(db: DatabaseDep, principal: Writer, body: schemas.InboxAway) -> schemas.InboxAway:
    """Say that I take no new conversations, or that I do again."""
    if principal.user_id is None:
        raise NoUserError(hint="Sign in as a user for that.")
    async with db.transaction(principal.workspace_id) as tx:
        await InboxRepository(tx).put_away(principal.user_id, is_away=body.is_away)
        await audit.write(tx, principal, "inbox_agent.away", detail={"is_away": body.is_away})
    return body


@router.get("/canned")
async def list_canned(db: DatabaseDep, principal: Reader) -> schemas.CannedReplies:
    """Canned replies, those used most first."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.CannedReplies.model_validate({"items": await SetupRepository(tx).list_canned()})


@router.post("/canned", status_code=201)
async def add_canned(db: DatabaseDep, principal: Writer, body: schemas.NewCanned) -> schemas.Canned:
    """Write a canned reply."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await setup.put_canned(tx, None, body.model_dump(), actor=principal.actor)
        await audit.write(tx, principal, "canned_reply.create", str(made["canned_id"]))
    return schemas.Canned.model_validate(made)


@router.put("/canned/{canned_id}")
async def put_canned(db: DatabaseDep, principal: Writer, canned_id: int, body: schemas.NewCanned) -> schemas.Canned:
    """Change a canned reply."""
    async with db.transaction(principal.workspace_id) as tx:
        put = await setup.put_canned(tx, canned_id, body.model_dump(), actor=principal.actor)
        await audit.write(tx, principal, "canned_reply.change", str(canned_id))
    return schemas.Canned.model_validate(put)


@router.delete("/canned/{canned_id}", status_code=204)
async def delete_canned(db: DatabaseDep, principal: Writer, canned_id: int) -> None:
    """Delete a canned reply."""
    async with db.transaction(principal.workspace_id) as tx:
        if not await SetupRepository(tx).delete_canned(canned_id):
            raise CannedReplyNotFoundError
        await audit.write(tx, principal, "canned_reply.delete", str(canned_id))


@router.post("/canned/{canned_id}/wording")
async def word_canned(
    db: DatabaseDep, principal: Writer, canned_id: int, body: schemas.CannedWordingIn
) -> schemas.CannedWording:
    """A canned reply as it is to be said in a conversation."""
    async with db.transaction(principal.workspace_id) as tx:
        text = await setup.word(tx, canned_id, body.conversation_id, user=principal.user_id)
    return schemas.CannedWording(text=text)
