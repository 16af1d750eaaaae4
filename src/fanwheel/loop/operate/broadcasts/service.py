"""Broadcasts as people write them: drafts are kept, read, changed, copied and thrown away."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from fanwheel.infra.access import GRANTS, Principal, permits
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.broadcasts import crowds, timing
from fanwheel.loop.operate.broadcasts.contracts import OPEN, Broadcast, May, Schedule
from fanwheel.loop.operate.broadcasts.errors import (
    BadBroadcastError,
    BroadcastChangedError,
    BroadcastNotFoundError,
    WrongStateError,
)
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository

_DEFINED: Final = (
    "name", "purpose", "audience", "routes", "schedule", "per_minute", "experiment", "holdout_share", "seed_list_id",
    "expires_hours",
)  # fmt: skip
_MOST_NAME: Final = 200


async def list_broadcasts(
    tx: Transaction, *, state: str | None, q: str | None, before: int | None, limit: int
) -> list[Broadcast]:
    """Broadcasts, those made last first."""
    return await BroadcastRepository(tx).list_broadcasts(state=state, q=q, before=before, limit=limit)


async def get(tx: Transaction, broadcast_id: int) -> Broadcast:
    """A broadcast.

    Raises
    ------
    BroadcastNotFoundError
        If there is none of that number.
    """
    found = await BroadcastRepository(tx).list_broadcasts(one=broadcast_id)
    if not found:
        raise BroadcastNotFoundError
    return found[0]


async def hold(tx: Transaction, broadcast_id: int, *, version: int | None = None) -> Broadcast:
    """A broadcast that nobody else changes until the transaction ends.

    Raises
    ------
    BroadcastNotFoundError, BroadcastChangedError
        If there is none, or it is not the version that somebody looked at.
    """
    if not await BroadcastRepository(tx).hold(broadcast_id):
        raise BroadcastNotFoundError
    found = await get(tx, broadcast_id)
    if version is not None and found.version != version:
        raise BroadcastChangedError(hint="Open it again: what you looked at is not what stands there now.")
    return found


async def create(tx: Transaction, values: Mapping[str, Any], *, actor: str) -> int:
    """The number of a new draft."""
    return await BroadcastRepository(tx).add(_clean(values), actor=actor)


async def change(
    tx: Transaction, broadcast_id: int, changes: Mapping[str, Any], *, version: int, actor: str
) -> Broadcast:
    """Change what a broadcast says; what is left out stays. It is a draft then, and whoever agreed must agree again.

    Raises
    ------
    BroadcastChangedError, WrongStateError
        If somebody else changed it, or it has begun to go out.
    """
    found = await hold(tx, broadcast_id, version=version)
    if found.state not in OPEN:
        raise WrongStateError(
            "The broadcast has begun to go out, and cannot be changed any more.",
            hint="Pause or cancel it, and go on with a copy.",
        )
    values = msgspec.to_builtins({name: getattr(found, name) for name in _DEFINED}) | dict(changes)
    if found.state == "scheduled":
        await crowds.CrowdRepository(tx, broadcast_id).delete()
    await BroadcastRepository(tx).change(broadcast_id, _clean(values), actor=actor)
    return await get(tx, broadcast_id)


async def delete(tx: Transaction, broadcast_id: int) -> None:
    """Throw a draft away; what went out stays in the ledger, with whoever agreed to it."""
    found = await hold(tx, broadcast_id)
    if found.state != "draft":
        raise WrongStateError("Only a draft can be deleted.", hint="Cancel the broadcast instead.")
    await BroadcastRepository(tx).delete(broadcast_id)


async def duplicate(tx: Transaction, broadcast_id: int, *, name: str | None, actor: str) -> int:
    """The number of a draft that says the same."""
    found = await get(tx, broadcast_id)
    values = msgspec.to_builtins({each: getattr(found, each) for each in _DEFINED})
    values["name"] = name or await _free_name(tx, found.name)
    return await create(tx, values, actor=actor)


async def may(tx: Transaction, found: Broadcast, principal: Principal) -> May:
    """Whether somebody may agree to a broadcast."""
    authors = {*found.editors, found.submitted_by, found.created_by}
    roles = [role.value for role, grants in GRANTS.items() if "broadcasts:approve" in grants]
    others = [user for user in await BroadcastRepository(tx).list_reviewers(roles) if f"user:{user}" not in authors]
    why_not = None
    if not permits(principal.role, "broadcasts:approve", by_key=principal.user_id is None):
        why_not = "no_permission"
    elif principal.actor in authors:
        why_not = "is_author"
    elif found.state != "in_review":
        why_not = "not_submitted"
    return May(why_not is None, why_not, not others)


async def needs_approval(tx: Transaction, found: Broadcast, *, people: int | None = None) -> bool:
    """Whether a second person must agree; without ``people`` by what segments and lists held when counted last."""
    above = await BroadcastRepository(tx).get_approval_above()
    if above is None:
        return False
    if above == 0:
        return True
    count = await crowds.count_sources(tx, found.audience) if people is None else people
    return count > above


async def _free_name(tx: Transaction, name: str) -> str:
    begin = name[: _MOST_NAME - 8]
    taken = await BroadcastRepository(tx).list_names(begin)
    number = next(number for number in range(2, len(taken) + 3) if f"{begin} ({number})" not in taken)
    return f"{begin} ({number})"


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: values[name] for name in _DEFINED}
    found["name"] = " ".join(found["name"].split())
    if not found["name"]:
        raise BadBroadcastError("A broadcast needs a name.")
    timing.require_readable(msgspec.convert(found["schedule"], Schedule))
    return found
