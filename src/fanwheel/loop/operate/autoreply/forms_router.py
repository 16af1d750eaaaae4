"""Lead forms over HTTP."""

from typing import Annotated

import msgspec
from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.autoreply import book, editing, schemas
from fanwheel.loop.operate.autoreply.errors import FormNotFoundError

router = APIRouter(prefix="/api/lead-forms", tags=["auto-replies"])

Reader = Annotated[Principal, allow("replies:read")]
Writer = Annotated[Principal, allow("replies:write")]


@router.get("")
async def list_forms(db: DatabaseDep, principal: Reader) -> schemas.LeadFormsOut:
    """Lead forms."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await book.list_forms(tx)
    return schemas.LeadFormsOut(items=[_told(each) for each in found])


@router.post("", status_code=201)
async def add_form(db: DatabaseDep, principal: Writer, body: schemas.LeadFormIn) -> schemas.LeadFormOut:
    """Make a lead form."""
    async with db.transaction(principal.workspace_id) as tx:
        form_id = await editing.add_form(tx, body.name, body.definition, actor=principal.actor)
        await audit.write(tx, principal, "lead_form.create", str(form_id), {"name": body.name})
        return await _get(tx, form_id)


@router.put("/{form_id}")
async def change_form(
    db: DatabaseDep, principal: Writer, form_id: int, body: schemas.LeadFormIn
) -> schemas.LeadFormOut:
    """Change a lead form; who is in the middle of it goes on with the new questions."""
    async with db.transaction(principal.workspace_id) as tx:
        await editing.change_form(tx, form_id, body.name, body.definition, actor=principal.actor)
        await audit.write(tx, principal, "lead_form.change", str(form_id))
        return await _get(tx, form_id)


@router.delete("/{form_id}", status_code=204)
async def delete_form(db: DatabaseDep, principal: Writer, form_id: int) -> None:
    """Take a lead form away that no rule and no menu uses."""
    async with db.transaction(principal.workspace_id) as tx:
        await editing.delete_form(tx, form_id)
        await audit.write(tx, principal, "lead_form.delete", str(form_id))


async def _get(tx: Transaction, form_id: int) -> schemas.LeadFormOut:
    for each in await book.list_forms(tx):
        if each.form_id == form_id:
            return _told(each)
    raise FormNotFoundError


def _told(kept: book.KeptForm) -> schemas.LeadFormOut:
    return schemas.LeadFormOut(
        form_id=kept.form_id, name=kept.name, version=kept.version, definition=msgspec.to_builtins(kept.form)
    )
