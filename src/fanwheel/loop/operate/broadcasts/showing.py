"""Broadcasts as the routes tell of them."""

from typing import Any

import msgspec

from fanwheel.infra.access import Principal
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.broadcasts import schemas, service
from fanwheel.loop.operate.broadcasts.contracts import Broadcast, Forecast, Issue


def summarize(found: Broadcast) -> schemas.BroadcastSummary:
    """A broadcast as it stands in the list."""
    return schemas.BroadcastSummary.model_validate(_summary(found))


async def show(tx: Transaction, broadcast_id: int, principal: Principal) -> schemas.BroadcastOut:
    """A broadcast with all that was said of it."""
    found = await service.get(tx, broadcast_id)
    may = await service.may(tx, found, principal)
    state: str = found.approval
    if found.state == "draft" and state == "none" and await service.needs_approval(tx, found):
        state = "needed"
    approval = {
        "state": state,
        "submitted_by": found.submitted_by,
        "submitted_at": found.submitted_at,
        "decided_by": found.decided_by,
        "decided_at": found.decided_at,
        "note": found.review_note,
    }
    values: dict[str, Any] = msgspec.to_builtins(found, builtin_types=(type(found.created_at),))
    return schemas.BroadcastOut.model_validate(values | _summary(found) | {"approval": approval, "may": may._asdict()})


def show_check(issues: list[Issue], forecast: Forecast, *, needs_approval: bool) -> schemas.BroadcastCheck:
    """What is wrong with a broadcast, and whom it would reach."""
    return schemas.BroadcastCheck(
        issues=[schemas.BroadcastIssue.model_validate({**issue._asdict()}) for issue in issues],
        audience=schemas.BroadcastForecast.model_validate(
            forecast._asdict() | {"by_route": [each._asdict() for each in forecast.by_route]}
        ),
        needs_approval=needs_approval,
    )


def _summary(found: Broadcast) -> dict[str, Any]:
    return {
        "broadcast_id": found.broadcast_id,
        "name": found.name,
        "purpose": found.purpose,
        "state": found.state,
        "phase": found.phase,
        "version": found.version,
        "channels": [route.channel for route in found.routes],
        "audience_name": found.audience_name,
        "approval_state": found.approval,
        "people": found.people,
        "progress": found.progress,
        "next_at": found.starts_at if found.state == "scheduled" else None,
        "launched_at": found.launched_at,
        "finished_at": found.ended_at,
        "created_at": found.created_at,
        "created_by": found.created_by,
        "updated_at": found.updated_at,
    }
