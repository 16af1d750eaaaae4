"""Doing one thing to many people in portions, and taking it back in portions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from fanwheel.cdp.bulk.contracts import Action, Args, Doing, Effect, What
from fanwheel.cdp.bulk.effects import EFFECTS
from fanwheel.cdp.bulk.errors import ActionNotFoundError, NotUndoableError, TooManyPeopleError
from fanwheel.cdp.bulk.repository import BulkRepository, Progress, Settled
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.errors import FanwheelError

MOST_PEOPLE: Final = 500_000
AT_ONCE: Final = 2_000  # people of one transaction; up to so many the caller waits
KEPT_FOR: Final = timedelta(days=30)


async def start(
    tx: Transaction, what: What, args: Args, people: Sequence[int], *, chosen: Args, actor: str, now: datetime
) -> Action:
    """Do something to people: at once if they are few, else the worker goes on with it.

    ``chosen`` is how they were chosen, kept for the record.

    Raises
    ------
    TooManyPeopleError
        If they are more than are changed at once.
    """
    if len(people) > MOST_PEOPLE:
        raise TooManyPeopleError(
            f"That would change more than {MOST_PEOPLE:,} people at once.",
            hint="Choose fewer with a filter or a segment, one part after the other.",
        )
    bulk, doing = BulkRepository(tx), Doing(actor, now)
    prepared = await EFFECTS[what].prepare(tx, args, doing)
    action_id = await bulk.add(what, prepared, people, chosen=chosen, doing=doing)
    if len(people) <= AT_ONCE:
        await _finish(tx, action_id, now=now)
    return await get(tx, action_id, now=now)


async def undo(tx: Transaction, action_id: int, *, actor: str, now: datetime) -> Action:
    """Take an action back: exactly what it changed, and what has not been changed again since.

    One that is under way stops, and what it has done is taken back.

    Raises
    ------
    ActionNotFoundError, NotUndoableError
        If there is none, it is undone already, or it is too long ago.
    """
    bulk = BulkRepository(tx)
    if not await bulk.hold(action_id):
        raise ActionNotFoundError
    action = await get(tx, action_id, now=now)
    if action.status in ("undoing", "undone"):
        raise NotUndoableError("This bulk action is undone already.")
    if not action.is_undoable:
        raise NotUndoableError(hint=f"What was changed is remembered for {KEPT_FOR.days} days.")
    await bulk.begin_undo(action_id, Doing(actor, now))
    if action.changed <= AT_ONCE:
        await _finish(tx, action_id, now=now)
    return await get(tx, action_id, now=now)


async def get(tx: Transaction, action_id: int, *, now: datetime) -> Action:
    """An action.

    Raises
    ------
    ActionNotFoundError
        If there is none with that id.
    """
    found = await BulkRepository(tx).list_actions(one=action_id, oldest=now - KEPT_FOR, limit=1)
    if not found:
        raise ActionNotFoundError
    return found[0]


async def list_actions(tx: Transaction, *, before: int | None = None, now: datetime, limit: int) -> list[Action]:
    """Actions, newest first; ``before`` is the last one seen."""
    return await BulkRepository(tx).list_actions(before=before, oldest=now - KEPT_FOR, limit=limit)


async def advance(tx: Transaction, action_id: int, *, now: datetime) -> bool:
    """Go on with an action by one portion; whether there was something left to do."""
    bulk = BulkRepository(tx)
    if not await bulk.hold(action_id):
        return False
    action = await get(tx, action_id, now=now)
    if action.status == "running":
        await _apply(tx, action, now=now)
    elif action.status == "undoing":
        await _revert(tx, action, now=now)
    else:
        return False
    return True


async def run_next(db: Database, workspace: int, *, now: datetime) -> bool:
    """Go on with every action of a workspace by one portion; whether there was any.

    An action that cannot go on says why and is given up; what it has done can still be undone.
    """
    async with db.transaction(workspace) as tx:
        opened = await BulkRepository(tx).list_open()
    for action_id in opened:
        try:
            async with db.transaction(workspace) as tx:
                await advance(tx, action_id, now=now)
        except FanwheelError as error:
            if error.kind.value >= 500:
                raise
            async with db.transaction(workspace) as tx:
                await BulkRepository(tx).fail(action_id, f"{error.message} {error.hint or ''}".strip())
    return bool(opened)


async def list_workspaces(db: Database) -> list[int]:
    """The workspaces in which actions are under way."""
    async with db.installation() as tx:
        return await BulkRepository(tx).list_workspaces()


async def tidy(tx: Transaction, *, now: datetime) -> int:
    """Take away what actions changed that can be undone no more; of how many people."""
    return await BulkRepository(tx).forget(oldest=now - KEPT_FOR)


async def _finish(tx: Transaction, action_id: int, *, now: datetime) -> None:
    while await advance(tx, action_id, now=now):
        pass


async def _apply(tx: Transaction, action: Action, *, now: datetime) -> None:
    bulk, effect = BulkRepository(tx), EFFECTS[action.what]
    part = await bulk.list_next(action.action_id, "waiting", most=AT_ONCE)
    # Of two names that a merge has made one person since, the first stands for it.
    home_of: dict[int, int] = {}
    for home in part.living:
        home_of.setdefault(home.person_id, home.home_id)
    changed: Mapping[int, Any] = {}
    if home_of:
        changed = await effect.apply(tx, list(home_of), action.args, Doing(action.created_by, now))
    undo = {home_of[person]: kept for person, kept in changed.items()}
    settled = [Settled(home, "changed" if home in undo else "same", undo.get(home)) for home in part.homes]
    await bulk.put_states(action.action_id, settled)
    progress = Progress(
        part.homes[-1] if part.homes else None,
        done=len(part.homes),
        changed=len(undo),
        status="done" if len(part.homes) < AT_ONCE else None,
    )
    await _proceed(tx, action, effect, progress)


async def _revert(tx: Transaction, action: Action, *, now: datetime) -> None:
    bulk, effect = BulkRepository(tx), EFFECTS[action.what]
    part = await bulk.list_next(action.action_id, "changed", most=AT_ONCE)
    back: Collection[int] = ()
    if part.living:
        doing = Doing(action.undone_by or action.created_by, now)
        back = set(await effect.revert(tx, part.living, action.args, doing))
    settled = [Settled(home, "back" if home in back else "kept") for home in part.homes]
    await bulk.put_states(action.action_id, settled)
    progress = Progress(
        part.homes[-1] if part.homes else None,
        taken_back=len(back),
        status="undone" if len(part.homes) < AT_ONCE else None,
    )
    await _proceed(tx, action, effect, progress)


async def _proceed(tx: Transaction, action: Action, effect: Effect, progress: Progress) -> None:
    await BulkRepository(tx).put_progress(action.action_id, progress)
    if progress.status is not None:
        await effect.finish(tx, action.args, is_undone=progress.status == "undone")
