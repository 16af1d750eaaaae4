"""What a worker does for lists: takes the snapshots that are due, and takes old reports away."""

from fanwheel.cdp import lists, scores
from fanwheel.cdp.segments import snapshots
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now


async def keep_lists(db: Database) -> None:
    """One look at every workspace."""
    workspaces = await scores.list_workspaces(db)
    await snapshots.run_due(db, workspaces, now=utc_now())
    for workspace in workspaces:
        async with db.transaction(workspace) as tx:
            await lists.tidy(tx)
