"""``fanwheel import list``: a file whose rows are matched with people, who are put on a list."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from fanwheel.kernel.errors import FanwheelError

if TYPE_CHECKING:
    from fanwheel.cdp.lists import Gathered, Upload
    from fanwheel.cdp.lists.columns import Kind
    from fanwheel.infra.postgres import Database
    from fanwheel.infra.settings import Settings

_LONGEST_NAME = 200


class BadListNameError(FanwheelError):
    """The list has no name."""


class Asked(NamedTuple):
    """Which file is put on which list, and how its rows are matched."""

    file: Path
    name: str
    column: str | None
    kind: str | None
    workspace: str | None
    dry_run: bool


def import_list(settings: "Settings", asked: Asked) -> None:
    """Put everybody on a list whom a file names; rows that name nobody go to a file beside it."""
    from fanwheel.entrypoints import accounts

    name = " ".join(asked.name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise BadListNameError(hint=f"Name it with --list NAME, 1 to {_LONGEST_NAME} characters.")
    if not asked.file.is_file():
        raise FanwheelError(f"There is no file {asked.file}.", hint="Check the path.")
    read, taken = accounts.with_database(settings, lambda db: _run(db, asked._replace(name=name)))
    put = f"{taken.added:,} put on “{name}”" if taken else "nothing was written"
    typer.echo(f"{asked.file.name}: {read.row_count:,} rows, {read.matched:,} matched, {put}.")
    if read.unmatched:
        report = asked.file.with_name(asked.file.name + ".unmatched.csv")
        report.write_text(read.report, encoding="utf-8", newline="")
        typer.echo(f"{read.unmatched:,} rows match nobody, each with the reason: {report}")
    if read.row_count and not read.matched:
        raise typer.Exit(1)


async def _run(db: "Database", asked: Asked) -> tuple["Gathered", "Upload | None"]:
    from fanwheel.cdp import lists
    from fanwheel.cdp.lists import matching
    from fanwheel.entrypoints import accounts
    from fanwheel.infra.access import audit

    workspace = await accounts.find_workspace(db, asked.workspace)
    read = await matching.gather(db, workspace, asked.file, column=asked.column, kind=_kind(asked.kind))
    if asked.dry_run:
        return read, None
    async with db.transaction(workspace) as tx:
        list_id = await lists.find_by_name(tx, asked.name) or await lists.add(tx, asked.name, actor="cli")
        taken = await lists.take_file(tx, list_id, asked.file.name, read, actor="cli")
        counts = {"rows": taken.row_count, "added": taken.added, "unmatched": taken.unmatched}
        await audit.write(tx, "cli", "list.upload", str(list_id), counts)
    return read, taken


def _kind(asked: str | None) -> "Kind | None":
    from fanwheel.cdp.lists.columns import KINDS
    from fanwheel.cdp.lists.errors import BadListFileError

    found: Kind | None = next((kind for kind in KINDS if kind == asked), None)
    if asked is not None and found is None:
        raise BadListFileError(f"{asked!r} is no kind of identifier.", hint=f"Choose from {', '.join(KINDS)}.")
    return found
