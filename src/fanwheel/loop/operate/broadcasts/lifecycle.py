"""From a draft to what went out: submitted, agreed to, launched, paused, resumed, canceled, decided."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from fanwheel.infra.access import Principal
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.broadcasts import checking, crowds, service, timing
from fanwheel.loop.operate.broadcasts.contracts import Broadcast, Route
from fanwheel.loop.operate.broadcasts.crowds import NEVER, CrowdRepository, Place
from fanwheel.loop.operate.broadcasts.errors import (
    BadBroadcastError,
    NeedsApprovalError,
    OwnBroadcastError,
    WrongStateError,
)
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository


async def submit(
    tx: Transaction, broadcast_id: int, *, version: int | None, actor: str, note: str, now: datetime
) -> None:
    """Ask for a second person to agree to what stands there now."""
    found = await service.hold(tx, broadcast_id, version=version)
    _require(found, "draft")
    await _require_sound(tx, found, now=now)
    reviewed = await _print(tx, found)
    await BroadcastRepository(tx).submit(broadcast_id, actor=actor, note=note, reviewed=reviewed, now=now)


async def review(
    tx: Transaction,
    broadcast_id: int,
    principal: Principal,
    *,
    version: int,
    is_approved: bool,
    note: str,
    now: datetime,
) -> None:
    """Agree to a broadcast, or not; neither who wrote at it nor who submitted it can.

    Raises
    ------
    OwnBroadcastError
        If it is the own one.
    """
    found = await service.hold(tx, broadcast_id, version=version)
    _require(found, "in_review")
    if is_approved and principal.actor in {*found.editors, found.submitted_by, found.created_by}:
        raise OwnBroadcastError(
            hint="Ask another owner or operator. An owner can also say in the settings from how many people on"
            " somebody must agree."
        )
    await BroadcastRepository(tx).review(
        broadcast_id, is_approved=is_approved, actor=principal.actor, note=note, now=now
    )


async def launch(tx: Transaction, broadcast_id: int, *, version: int | None, actor: str, now: datetime) -> None:
    """Fix whom a broadcast is for and what it says, and let it go out when its time comes.

    Raises
    ------
    NeedsApprovalError, BadBroadcastError, WrongStateError
        If somebody must agree first, something is wrong with it, or it is under way.
    """
    found = await service.hold(tx, broadcast_id, version=version)
    _require(found, "draft", "in_review", "approved")
    await _require_sound(tx, found, now=now)
    crowd = await crowds.gather(tx, found.audience, seed_list_id=found.seed_list_id)
    people = crowds.size(crowd)
    if not people:
        raise BadBroadcastError("Nobody is in the audience.", hint="Choose another segment or list.")
    await _require_agreed(tx, found, people=people)
    starts_at = timing.starts_at(found.schedule, now=now)
    is_planned = found.experiment is None and not timing.is_by_person(found.schedule)
    part, due_at = ("due", starts_at) if is_planned else ("raw", NEVER)
    await CrowdRepository(tx, broadcast_id).put({Place(part, due_at, number): bits for number, bits in crowd.items()})
    variants, wordings = await _word(tx, found)
    await reach.hold_out(tx, found.step, found.holdout_share)
    await BroadcastRepository(tx).launch(
        broadcast_id,
        people=people,
        variants=variants,
        wordings=wordings,
        starts_at=starts_at,
        actor=actor,
        now=now,
    )


async def pause(tx: Transaction, broadcast_id: int, *, now: datetime) -> None:
    """Let no more of a broadcast go out for now, not even what waits at the gate already."""
    found = await service.hold(tx, broadcast_id)
    _require(found, "scheduled", "running")
    await BroadcastRepository(tx).pause(broadcast_id, now=now)
    await reach.pause(tx, found.step)


async def resume(tx: Transaction, broadcast_id: int, *, now: datetime) -> None:
    """Let a broadcast go on where it stopped; whoever had it does not get it again."""
    found = await service.hold(tx, broadcast_id)
    _require(found, "paused")
    await BroadcastRepository(tx).resume(broadcast_id, now=now)
    await reach.resume(tx, found.step)


async def cancel(tx: Transaction, broadcast_id: int, *, now: datetime) -> int:
    """End a broadcast for good; how many messages were taken back from the gate. What is on its way arrives."""
    found = await service.hold(tx, broadcast_id)
    _require(found, "in_review", "approved", "scheduled", "running", "paused")
    await BroadcastRepository(tx).cancel(broadcast_id, now=now)
    await CrowdRepository(tx, broadcast_id).delete()
    if found.launched_at is None:
        return 0
    # Until what is on its way has come back or arrived, nothing more of it may pass.
    await reach.pause(tx, found.step)
    return await reach.cancel(tx, found.step, now=now)


async def decide(
    tx: Transaction, broadcast_id: int, variant: str | None, *, evidence: Mapping[str, Any], by: str, now: datetime
) -> None:
    """Let the rest hear a variant; None: it stays undecided, for a person to say, with what is known of it.

    Raises
    ------
    BadBroadcastError, WrongStateError
        If there is no such variant, or nothing to decide.
    """
    found = await service.hold(tx, broadcast_id)
    _require(found, "running", "paused")
    if found.phase not in ("testing", "deciding"):
        raise WrongStateError("There is nothing to decide.")
    if variant is not None and variant not in found.variants:
        raise BadBroadcastError("There is no such variant.", hint=f"Variants: {', '.join(found.variants)}.")
    by_person = timing.is_by_person(found.schedule)
    await BroadcastRepository(tx).decide(
        broadcast_id,
        winner=variant,
        phase="planning" if by_person else "rest",
        evidence={**evidence, "by": by},
        now=now,
    )
    if variant is not None:
        await CrowdRepository(tx, broadcast_id).let_rest_go(
            part="raw" if by_person else "due", due_at=NEVER if by_person else now
        )


def _require(found: Broadcast, *states: str) -> None:
    if found.state not in states:
        raise WrongStateError(hint=f"It is {found.state.replace('_', ' ')} now.", state=found.state)


async def _require_sound(tx: Transaction, found: Broadcast, *, now: datetime) -> None:
    issues = [issue for issue in await checking.list_issues(tx, found, now=now) if issue.severity == "error"]
    if issues:
        raise BadBroadcastError(issues[0].message, hint=issues[0].remedy, field=issues[0].field, code=issues[0].code)


async def _require_agreed(tx: Transaction, found: Broadcast, *, people: int) -> None:
    if found.state == "approved":
        if found.reviewed == await _print(tx, found):
            return
        raise NeedsApprovalError(
            "One of its templates was published anew since somebody agreed.",
            hint="Change the broadcast, and submit it.",
        )
    if await service.needs_approval(tx, found, people=people):
        raise NeedsApprovalError(hint="Submit it for review.")


async def _print(tx: Transaction, found: Broadcast) -> str:
    """What stands for all that somebody agrees to, with what its templates say."""
    templates = await BroadcastRepository(tx).list_templates(_templates(found))
    versions = sorted((template_id, row["published_id"]) for template_id, row in templates.items())
    return hashlib.sha256(msgspec.json.encode([found.broadcast_id, found.version, versions])).hexdigest()


def _templates(found: Broadcast) -> list[int]:
    return [route.template_id for route in found.routes if route.template_id is not None]


async def _word(tx: Transaction, found: Broadcast) -> tuple[list[str], list[dict[str, int]]]:
    """The variants that are tried, and by route the numbers of what is said, by variant."""
    templates = await BroadcastRepository(tx).list_templates(_templates(found))
    variants: list[str] = []
    if found.experiment is not None:
        variants = list(templates[found.routes[0].template_id or 0]["variants"])
    wordings: list[dict[str, int]] = []
    for route in found.routes:
        row = templates[route.template_id or 0]
        wordings.append(
            {
                variant: await reach.word(
                    tx, wish_of(found, route, row["published_id"], variant if variant in row["variants"] else "")
                )
                for variant in variants or [""]
            }
        )
    return variants, wordings


def wish_of(found: Broadcast, route: Route, version_id: int, variant: str) -> reach.Wish:
    """What a broadcast says by one of its routes; to whom, is said later."""
    return reach.Wish(
        home_id=HomeId(0),
        step=found.step,
        channel=route.channel,
        account_id=route.account_id or 0,
        purpose=found.purpose,
        template_version_id=version_id,
        variant=variant,
    )
