"""Broadcasts over HTTP: submitted, agreed to, launched, stopped."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.broadcasts import lifecycle, schemas, showing

router = APIRouter(prefix="/api/broadcasts", tags=["broadcasts"])

Writer = Annotated[Principal, allow("broadcasts:write")]
Approver = Annotated[Principal, allow("broadcasts:approve")]


@router.post("/{broadcast_id}/submit")
async def submit_broadcast(
    db: DatabaseDep, principal: Writer, broadcast_id: int, body: schemas.BroadcastReview
) -> schemas.BroadcastOut:
    """Ask for a second person to agree to it as it stands now."""
    async with db.transaction(principal.workspace_id) as tx:
        await lifecycle.submit(
            tx, broadcast_id, version=body.version, actor=principal.actor, note=body.note, now=utc_now()
        )
        await audit.write(tx, principal, "broadcast.submit", str(broadcast_id), {"version": body.version})
        return await showing.show(tx, broadcast_id, principal)


@router.post("/{broadcast_id}/approve")
async def approve_broadcast(
    db: DatabaseDep, principal: Approver, broadcast_id: int, body: schemas.BroadcastReview
) -> schemas.BroadcastOut:
    """Agree to a broadcast; whoever wrote at it or submitted it cannot."""
    return await _review(db, principal, broadcast_id, body, is_approved=True)


@router.post("/{broadcast_id}/reject")
async def reject_broadcast(
    db: DatabaseDep, principal: Approver, broadcast_id: int, body: schemas.BroadcastReview
) -> schemas.BroadcastOut:
    """Give a broadcast back to who wrote it, with what is to be changed."""
    return await _review(db, principal, broadcast_id, body, is_approved=False)


@router.post("/{broadcast_id}/launch")
async def launch_broadcast(
    db: DatabaseDep, principal: Writer, broadcast_id: int, body: schemas.BroadcastSeen
) -> schemas.BroadcastOut:
    """Let it go out at its time; whom it is for and what it says is fixed by this."""
    async with db.transaction(principal.workspace_id) as tx:
        await lifecycle.launch(tx, broadcast_id, version=body.version, actor=principal.actor, now=utc_now())
        shown = await showing.show(tx, broadcast_id, principal)
        await audit.write(tx, principal, "broadcast.launch", str(broadcast_id), {"people": shown.people})
        return shown


@router.post("/{broadcast_id}/pause")
async def pause_broadcast(db: DatabaseDep, principal: Writer, broadcast_id: int) -> schemas.BroadcastOut:
    """Let no more of it go out for now; what is on its way arrives."""
    async with db.transaction(principal.workspace_id) as tx:
        await lifecycle.pause(tx, broadcast_id, now=utc_now())
        await audit.write(tx, principal, "broadcast.pause", str(broadcast_id))
        return await showing.show(tx, broadcast_id, principal)


@router.post("/{broadcast_id}/resume")
async def resume_broadcast(db: DatabaseDep, principal: Writer, broadcast_id: int) -> schemas.BroadcastOut:
    """Let it go on where it stopped; nobody gets it again."""
    async with db.transaction(principal.workspace_id) as tx:
        await lifecycle.resume(tx, broadcast_id, now=utc_now())
        await audit.write(tx, principal, "broadcast.resume", str(broadcast_id))
        return await showing.show(tx, broadcast_id, principal)


@router.post("/{broadcast_id}/cancel")
async def cancel_broadcast(db: DatabaseDep, principal: Writer, broadcast_id: int) -> schemas.BroadcastOut:
    """End it for good; what is on its way arrives."""
    async with db.transaction(principal.workspace_id) as tx:
        taken_back = await lifecycle.cancel(tx, broadcast_id, now=utc_now())
        await audit.write(tx, principal, "broadcast.cancel", str(broadcast_id), {"taken_back": taken_back})
        return await showing.show(tx, broadcast_id, principal)


@router.post("/{broadcast_id}/decide")
async def decide_broadcast(
    db: DatabaseDep, principal: Writer, broadcast_id: int, body: schemas.BroadcastDecision
) -> schemas.BroadcastOut:
    """Let the rest hear a variant now, whatever the test says so far."""
    async with db.transaction(principal.workspace_id) as tx:
        await lifecycle.decide(
            tx, broadcast_id, body.variant, evidence={"actor": principal.actor}, by="operator", now=utc_now()
        )
        await audit.write(tx, principal, "broadcast.decide", str(broadcast_id), {"variant": body.variant})
        return await showing.show(tx, broadcast_id, principal)


async def _review(
    db: DatabaseDep, principal: Principal, broadcast_id: int, body: schemas.BroadcastReview, *, is_approved: bool
) -> schemas.BroadcastOut:
    async with db.transaction(principal.workspace_id) as tx:
        await lifecycle.review(
            tx,
            broadcast_id,
            principal,
            version=body.version,
            is_approved=is_approved,
            note=body.note,
            now=utc_now(),
        )
        action = "broadcast.approve" if is_approved else "broadcast.reject"
        await audit.write(tx, principal, action, str(broadcast_id), {"version": body.version})
        return await showing.show(tx, broadcast_id, principal)
