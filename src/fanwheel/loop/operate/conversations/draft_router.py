"""Drafts of answers over HTTP: how they are made, and one for a conversation."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.infra.sealing import Seal
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.conversations import draft_schemas as schemas
from fanwheel.loop.operate.conversations import drafting
from fanwheel.loop.operate.conversations.draft_repository import DraftRepository

router = APIRouter(prefix="/api", tags=["conversations"])

Writer = Annotated[Principal, allow("inbox:write")]
Reader = Annotated[Principal, allow("replies:read")]
# Whoever says where to may send what is known of people out of the house.
Owner = Annotated[Principal, allow("accounts:write")]


@router.get("/inbox/drafting")
async def get_drafting(db: DatabaseDep, principal: Reader) -> schemas.Drafting:
    """How answers are drafted; off where nobody said anything. The key is never shown."""
    async with db.transaction(principal.workspace_id) as tx:
        row = await DraftRepository(tx).find()
    if row is None:
        return schemas.Drafting(is_on=False, base_url="", model="", traits=[], instructions="", has_key=False)
    return schemas.Drafting.model_validate({**row, "has_key": row["sealed_key"] is not None})


@router.put("/inbox/drafting")
async def put_drafting(
    db: DatabaseDep, settings: SettingsDep, principal: Owner, body: schemas.NewDrafting
) -> schemas.Drafting:
    """Say by which endpoint answers are drafted, and what of a person may leave."""
    async with db.transaction(principal.workspace_id) as tx:
        await drafting.put(tx, _seal(settings), body.model_dump(), actor=principal.actor)
        await audit.write(tx, principal, "inbox_drafting.put", None, {"is_on": body.is_on, "traits": body.traits})
    return await get_drafting(db, principal)


@router.post("/inbox/drafting/check")
async def check_drafting(db: DatabaseDep, settings: SettingsDep, principal: Owner) -> schemas.Draft:
    """What the endpoint answers to a greeting; nothing of a person leaves."""
    return schemas.Draft(text=await drafting.check(db, _seal(settings), workspace=principal.workspace_id))


@router.post("/conversations/{conversation_id}/draft")
async def draft(db: DatabaseDep, settings: SettingsDep, principal: Writer, conversation_id: int) -> schemas.Draft:
    """A draft of the next answer, for the agent to read and change. It is not sent, and not kept."""
    workspace = principal.workspace_id
    text = await drafting.draft(db, _seal(settings), conversation_id, workspace=workspace, user=principal.user_id)
    async with db.transaction(workspace) as tx:
        await audit.write(tx, principal, "conversation.draft", str(conversation_id))
    return schemas.Draft(text=text)


def _seal(settings: Settings) -> Seal:
    return Seal(settings, "drafting")
