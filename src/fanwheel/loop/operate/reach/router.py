"""Sending rules over HTTP, and why a message went out or not."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query

from fanwheel.cdp import persons
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.loop.operate.reach import deciding, schemas, tracing
from fanwheel.loop.operate.reach.contracts import Trace
from fanwheel.loop.operate.reach.pricing_router import router as prices
from fanwheel.loop.operate.reach.settings import SendingRules

router = APIRouter(prefix="/api/reach", tags=["reach"])
router.include_router(prices)
intents = APIRouter(prefix="/api/intents", tags=["reach"])
of_people = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("sending:read")]
Writer = Annotated[Principal, allow("sending:write")]
PeopleReader = Annotated[Principal, allow("people:read")]


@router.get("/rules")
async def get_rules(db: DatabaseDep, principal: Reader) -> schemas.SendingRulesOut:
    """Frequency caps, quiet hours and holdouts of marketing."""
    async with db.transaction(principal.workspace_id) as tx:
        return _rules(await deciding.get_rules(tx))


@router.put("/rules")
async def change_rules(db: DatabaseDep, principal: Writer, body: schemas.SendingRulesOut) -> schemas.SendingRulesOut:
    """Put other rules in their place; whatever has not passed the gate yet is judged by them."""
    rules = body.model_dump()
    async with db.transaction(principal.workspace_id) as tx:
        changed = await deciding.change_rules(tx, rules, actor=principal.actor)
        await audit.write(tx, principal, "reach.rules", detail=rules)
    return _rules(changed)


@router.get("/allowances")
async def list_allowances(db: DatabaseDep, principal: Reader) -> schemas.PlatformAllowances:
    """What platforms allow on the channels of your accounts: windows and quotas, and where the figures come from."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await deciding.list_allowances(tx, now=utc_now())
    return schemas.PlatformAllowances.model_validate({"items": found})


@router.patch("/allowances/{allowance_id}")
async def change_allowance(
    db: DatabaseDep, principal: Writer, allowance_id: int, body: schemas.AllowancePatch
) -> schemas.PlatformAllowance:
    """Let other figures hold, from now or a later moment; what was used still counts."""
    changes = body.model_dump(exclude_unset=True)
    async with db.transaction(principal.workspace_id) as tx:
        made = await deciding.change_allowance(tx, allowance_id, changes, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "reach.allowance", str(allowance_id), body.model_dump(mode="json"))
    return schemas.PlatformAllowance.model_validate(made)


@router.get("/senders")
async def list_senders(db: DatabaseDep, principal: Reader) -> schemas.Senders:
    """How accounts send, what waits, and what nobody knows of."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await deciding.list_senders(tx)
    return schemas.Senders.model_validate({"items": found})


@router.patch("/senders/{account_id}")
async def change_sender(
    db: DatabaseDep, principal: Writer, account_id: int, body: schemas.SenderPatch
) -> schemas.Senders:
    """Change an account's pace, and what is done where nobody knows whether a message went out; how all send now."""
    changes = body.model_dump(exclude_unset=True)
    async with db.transaction(principal.workspace_id) as tx:
        await deciding.change_sender(tx, account_id, changes)
        await audit.write(tx, principal, "reach.sender", str(account_id), changes)
        found = await deciding.list_senders(tx)
    return schemas.Senders.model_validate({"items": found})


@router.post("/senders/{account_id}/resume", status_code=204)
async def resume_sender(db: DatabaseDep, principal: Writer, account_id: int) -> None:
    """Let an account send again that was stopped because its platform refused it."""
    async with db.transaction(principal.workspace_id) as tx:
        await deciding.resume(tx, account_id)
        await audit.write(tx, principal, "reach.resume", str(account_id))


@intents.get("/{intent_id}")
async def get_intent(db: DatabaseDep, principal: PeopleReader, intent_id: int) -> schemas.IntentTrace:
    """Why a message went out, or why not: every rule in its order, every attempt, every receipt."""
    async with db.transaction(principal.workspace_id) as tx:
        return _trace(await tracing.trace(tx, intent_id))


@of_people.get("/{person_id}/intents")
async def list_intents(
    db: DatabaseDep,
    principal: PeopleReader,
    person_id: int,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Page[schemas.IntentTrace]:
    """All that was to be said to a person, newest first, each with its whole trace."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        person = await persons.get_living(tx, person_id)
        found = await tracing.list_traces(tx, person, before=before, limit=limit + 1)
    items = [_trace(each) for each in found[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].intent_id) if len(found) > limit else None)


def _rules(rules: SendingRules) -> schemas.SendingRulesOut:
    return schemas.SendingRulesOut.model_validate(msgspec.to_builtins(rules))


def _trace(trace: Trace) -> schemas.IntentTrace:
    told: dict[str, Any] = trace._asdict()
    steps = [step._asdict() for step in trace.steps]
    return schemas.IntentTrace.model_validate(
        told | {"steps": steps, "receipts": [mark._asdict() for mark in trace.receipts]}
    )


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before
