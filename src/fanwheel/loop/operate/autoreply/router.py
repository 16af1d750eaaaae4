"""Auto-replies over HTTP."""

from typing import Annotated

import msgspec
from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.autoreply import editing, schemas, trying
from fanwheel.loop.operate.autoreply.contracts import Limits, RuleInfo

router = APIRouter(prefix="/api/auto-replies", tags=["auto-replies"])

Reader = Annotated[Principal, allow("replies:read")]
Writer = Annotated[Principal, allow("replies:write")]


@router.get("")
async def list_rules(db: DatabaseDep, principal: Reader) -> schemas.AutoRepliesOut:
    """Rules in the order in which they are asked, how often they answered, and how learning stands."""
    async with db.transaction(principal.workspace_id) as tx:
        rules = await editing.list_rules(tx, now=utc_now())
        learning = await editing.get_learning(tx)
    return schemas.AutoRepliesOut(
        items=[_told(rule) for rule in rules], learning=schemas.AutoReplyLearning.model_validate(learning._asdict())
    )


@router.post("", status_code=201)
async def add_rule(db: DatabaseDep, principal: Writer, body: schemas.AutoReplyIn) -> schemas.AutoReplyOut:
    """Make a rule; without a priority it stands where rules of its kind stand."""
    async with db.transaction(principal.workspace_id) as tx:
        rule_id = await editing.add_rule(
            tx, body.name, body.definition, priority=body.priority, is_on=body.is_on, actor=principal.actor
        )
        await audit.write(tx, principal, "auto_reply.create", str(rule_id), {"name": body.name})
        return await _get(tx, rule_id)


@router.put("/order")
async def place_rules(db: DatabaseDep, principal: Writer, body: schemas.AutoReplyOrder) -> schemas.AutoRepliesOut:
    """Ask the rules in this order."""
    async with db.transaction(principal.workspace_id) as tx:
        await editing.place_rules(tx, body.rule_ids)
        await audit.write(tx, principal, "auto_reply.order")
        rules = await editing.list_rules(tx, now=utc_now())
        learning = await editing.get_learning(tx)
    return schemas.AutoRepliesOut(
        items=[_told(rule) for rule in rules], learning=schemas.AutoReplyLearning.model_validate(learning._asdict())
    )


@router.post("/try")
async def try_out(db: DatabaseDep, principal: Reader, body: schemas.AutoReplyTrialIn) -> schemas.AutoReplyTrial:
    """Which rule would answer, and why each other one would not; nothing is sent."""
    async with db.transaction(principal.workspace_id) as tx:
        trial = await trying.try_out(tx, trying.Question(**body.model_dump()), now=utc_now())
    return schemas.AutoReplyTrial(
        folded=trial.folded,
        bare=trial.bare,
        fires=trial.fires,
        parts=trying.as_json(trial.parts),
        looked=[schemas.AutoReplyLooked(**each._asdict()) for each in trial.looked],
        guesses=[schemas.AutoReplyGuess(**each._asdict()) for each in trial.guesses],
        is_open=trial.is_open,
    )


@router.get("/brakes")
async def list_brakes(db: DatabaseDep, principal: Reader) -> schemas.BrakesOut:
    """Conversations that were taken for ones with another machine, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        brakes = await editing.list_brakes(tx)
        limits = await editing.get_limits(tx)
    shows_names = principal.role != "viewer"
    items = [schemas.BrakeOut(**each._asdict()) for each in brakes]
    return schemas.BrakesOut(
        items=items if shows_names else [], limits=schemas.BrakeLimits(**msgspec.structs.asdict(limits))
    )


@router.put("/brakes/limits")
async def put_limits(db: DatabaseDep, principal: Writer, body: schemas.BrakeLimits) -> schemas.BrakeLimits:
    """Set when a conversation is taken for one with another machine."""
    async with db.transaction(principal.workspace_id) as tx:
        await editing.put_limits(tx, Limits(**body.model_dump()))
        await audit.write(tx, principal, "auto_reply.limits", None, body.model_dump())
    return body


@router.post("/brakes/{brake_id}/release", status_code=204)
async def release_brake(db: DatabaseDep, principal: Writer, brake_id: int) -> None:
    """Let a conversation be answered again."""
    async with db.transaction(principal.workspace_id) as tx:
        await editing.release_brake(tx, brake_id, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "auto_reply.release", str(brake_id))


@router.get("/{rule_id}")
async def get_rule(db: DatabaseDep, principal: Reader, rule_id: int) -> schemas.AutoReplyReport:
    """A rule, and how often it answered on each of the last 30 days."""
    async with db.transaction(principal.workspace_id) as tx:
        rule = await _get(tx, rule_id)
        days = await editing.list_days(tx, rule_id, now=utc_now())
    return schemas.AutoReplyReport(rule=rule, days=[schemas.AutoReplyDay(**day) for day in days])


@router.patch("/{rule_id}")
async def change_rule(
    db: DatabaseDep, principal: Writer, rule_id: int, body: schemas.AutoReplyPatch
) -> schemas.AutoReplyOut:
    """Change a rule; what is left out stays."""
    changes = body.model_dump(exclude_none=True)
    async with db.transaction(principal.workspace_id) as tx:
        await editing.change_rule(tx, rule_id, changes, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "auto_reply.change", str(rule_id), {"fields": sorted(changes)})
        return await _get(tx, rule_id)


@router.delete("/{rule_id}", status_code=204)
async def delete_rule(db: DatabaseDep, principal: Writer, rule_id: int) -> None:
    """Delete a rule."""
    async with db.transaction(principal.workspace_id) as tx:
        await editing.delete_rule(tx, rule_id)
        await audit.write(tx, principal, "auto_reply.delete", str(rule_id))


async def _get(tx: Transaction, rule_id: int) -> schemas.AutoReplyOut:
    return _told(await editing.get_rule(tx, rule_id, now=utc_now()))


def _told(rule: RuleInfo) -> schemas.AutoReplyOut:
    return schemas.AutoReplyOut.model_validate(rule._asdict())
