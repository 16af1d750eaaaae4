"""What a worker does for lists, bulk actions and webhooks: what is due is taken or told, what is old goes."""

from fanwheel.cdp import bulk, consent, lists, scores
from fanwheel.cdp.segments import forgetting, snapshots, telling
from fanwheel.infra import retention, webhooks
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import broadcasts
from fanwheel.loop.operate.content import media


async def keep_lists(settings: Settings, db: Database) -> None:
    """One look at every workspace."""
    workspaces = await scores.list_workspaces(db)
    await snapshots.run_due(db, workspaces, now=utc_now())
    for workspace in workspaces:
        async with db.transaction(workspace) as tx:
            await lists.tidy(tx)
            await bulk.tidy(tx, now=utc_now())
            await webhooks.tidy(tx)
            await consent.tidy(tx, now=utc_now())
        # Before what their figures rest on is let go of.
        await broadcasts.keep_reports(db, workspace, now=utc_now())
        await retention.forget(db, workspace, now=utc_now())
        await media.sweep(db, settings, workspace, now=utc_now())


async def forget_changes(db: Database, *, days: int) -> None:
    """Let entries and exits go that are older than so many days."""
    await forgetting.forget_changes(db, await scores.list_workspaces(db), days=days, now=utc_now())


async def tell_webhooks(db: Database, courier: webhooks.Courier) -> bool:
    """Make messages of what has happened and send what is due; whether there was anything."""
    found = 0
    for workspace in await webhooks.list_workspaces(db):
        async with db.transaction(workspace) as tx:
            found += await telling.tell(tx)
        found += await courier.run_once(db, workspace)
    return found > 0


async def change_people(db: Database) -> bool:
    """Go on with every bulk action by one portion; whether there was any."""
    found = [await bulk.run_next(db, workspace, now=utc_now()) for workspace in await bulk.list_workspaces(db)]
    return any(found)
