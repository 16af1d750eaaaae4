"""``fanwheel segments``: whether everybody is in the segments that they should be in."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from fanwheel.infra.operations.contracts import Finding
    from fanwheel.infra.postgres import Database
    from fanwheel.infra.settings import Settings

# The doctor is asked for an answer at once; with more people than these it leaves the check to its own command.
_FEW: Final = 100_000
_segments = typer.Typer(no_args_is_help=True, help="Segments.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(_segments, name="segments")


@_segments.command("check")
def check(
    workspace: Annotated[str | None, typer.Option(help="Slug of the workspace; else the oldest brand.")] = None,
) -> None:
    """Judge everybody from scratch and list segments that are not as they should be."""
    from fanwheel.cdp.segments.live.checking import check as compare
    from fanwheel.entrypoints import accounts, cli

    settings = cli.settings()

    async def look(db: "Database") -> list[str]:
        found = await compare(settings, db, await accounts.find_workspace(db, workspace))
        return [
            f"segment {each.segment_id}: {each.missing} missing, {each.extra} too many, such as person "
            + ", ".join(map(str, each.people))
            for each in found
        ]

    differences = accounts.with_database(settings, look)
    typer.echo("\n".join(differences) or "every segment is as it should be")
    raise typer.Exit(1 if differences else 0)


def examine(settings: "Settings") -> list["Finding"]:
    """What the doctor has to say of segments; it judges everybody from scratch where that takes a moment only."""
    from fanwheel.infra.postgres import Database
    from fanwheel.infra.postgres.supervisor import database

    async def look(dsn: str) -> list["Finding"]:
        async with await Database.open(dsn, max_size=2) as db:
            return await _look(settings, db)

    with database(settings) as dsn:
        return asyncio.run(look(dsn))


async def _look(settings: "Settings", db: "Database") -> list["Finding"]:
    from fanwheel.cdp.segments.live.checking import check
    from fanwheel.cdp.segments.live.repository import LiveRepository
    from fanwheel.infra.operations.contracts import Finding

    async with db.installation() as tx:
        workspaces = [row["workspace_id"] for row in await LiveRepository(tx).list_work()]
    findings = []
    for workspace in workspaces:
        async with db.transaction(workspace) as tx:
            live = LiveRepository(tx)
            lag, people = await live.find_lag(), await live.count_after(0, most=_FEW)
        if lag["overdue"] or lag["failed"]:
            detail = (
                f"workspace {workspace}: {lag['overdue']} people overdue by a minute, {lag['failed']} builds failed"
            )
            remedy = "See that fanwheel worker runs, and look at the segments that say why they failed."
            findings.append(Finding(check="segments", state="warning", detail=detail, remedy=remedy))
        elif people < _FEW and (wrong := await check(settings, db, workspace)):
            detail = f"workspace {workspace}: wrong people in {', '.join(str(each.segment_id) for each in wrong)}"
            remedy = "See fanwheel segments check; to build a segment anew, pause and resume it."
            findings.append(Finding(check="segments", state="failure", detail=detail, remedy=remedy))
    return findings or [Finding(check="segments", state="ok", detail="everybody is where they should be")]
