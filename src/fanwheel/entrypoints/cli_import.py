"""``fanwheel import``: files of people, orders, events, spend and lists into a workspace."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError

if TYPE_CHECKING:
    from fanwheel.cdp.imports import Chunk, Counts, Mapping, Plan, Report, Sink
    from fanwheel.infra.postgres import Database
    from fanwheel.infra.settings import Settings

_NO_KEY = 0  # imports are counted under no key


class BadWhatError(FanwheelError):
    """That cannot be imported."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command("import")
    def import_file(
        what: Annotated[str, typer.Argument(help="people, orders, events, spend or list.")],
        file: Annotated[Path, typer.Argument(help="CSV, TSV, Parquet, JSON lines or blanks between; xz, gzip, zstd.")],
        mapping: Annotated[Path | None, typer.Option(help="YAML file that says which column is which field.")] = None,
        maps: Annotated[list[str] | None, typer.Option("--map", help="field=column, or field=text-{column}.")] = None,
        sets: Annotated[list[str] | None, typer.Option("--set", help="field=value, the same in every row.")] = None,
        currency: Annotated[str | None, typer.Option(help="Currency of the file, such as USD.")] = None,
        money: Annotated[str | None, typer.Option(help="decimal (12.90) or minor (1290).")] = None,
        time_zone: Annotated[
            str | None, typer.Option(help="Zone of times that name none, such as Asia/Shanghai.")
        ] = None,
        format: Annotated[str | None, typer.Option(help="csv, tsv, parquet, jsonl or whitespace.")] = None,  # noqa: A002
        columns: Annotated[str | None, typer.Option(help="Names for a file without a header: a,b,c.")] = None,
        encoding: Annotated[str | None, typer.Option(help="Encoding of a text file, such as gbk.")] = None,
        delimiter: Annotated[str | None, typer.Option(help="What stands between the values of a CSV file.")] = None,
        workspace: Annotated[str | None, typer.Option(help="Slug of the workspace; else the oldest brand.")] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check only; write nothing.")] = False,
        again: Annotated[bool, typer.Option("--again", help="Also when this file was imported before.")] = False,
        list_name: Annotated[str, typer.Option("--list", help="Of a list: its name; it is made if need be.")] = "",
        column: Annotated[str | None, typer.Option(help="Of a list: the column to match people by.")] = None,
        kind: Annotated[str | None, typer.Option(help="Of a list: the kind of identifier, such as email.")] = None,
    ) -> None:
        """Import a file; run it again to go on after an interruption, nothing is taken twice."""
        if what == "list":
            from fanwheel.entrypoints import cli, cli_lists

            cli_lists.import_list(cli.settings(), cli_lists.Asked(file, list_name, column, kind, workspace, dry_run))
            return
        flags = {
            "money": money, "time_zone": time_zone, "format": format, "encoding": encoding, "delimiter": delimiter,
            "columns": tuple(columns.split(",")) if columns else None,
        }  # fmt: skip
        constants = [*(sets or ()), *([f"currency={currency}"] if currency else ())]
        plan = _plan(what, file, mapping, maps=maps or [], sets=constants, flags=flags)
        _import(plan, workspace, dry_run=dry_run, again=again)


def _import(plan: "Plan", workspace: str | None, *, dry_run: bool, again: bool) -> None:
    from fanwheel.entrypoints import accounts, cli

    if dry_run:
        report = _with_bar(plan, lambda progress: asyncio.run(_try_out(plan, progress)))
    else:
        settings = cli.settings()
        report = _with_bar(
            plan,
            lambda progress: accounts.with_database(
                settings, lambda db: _run(plan, settings, db, workspace, again=again, progress=progress)
            ),
        )
    _tell(plan, report, dry_run=dry_run)
    if report.refused and not (report.accepted or report.duplicate or report.was_done):
        raise typer.Exit(1)


def _plan(
    what: str, file: Path, mapping: Path | None, *, maps: list[str], sets: list[str], flags: dict[str, Any]
) -> "Plan":
    import yaml

    from fanwheel.cdp import imports

    known: imports.What | None = next((name for name in imports.WHATS if name == what), None)
    if known is None:
        raise BadWhatError(f"{what!r} cannot be imported.", hint=f"Import one of {', '.join(imports.WHATS)} or list.")
    document, folder = None, file.parent
    if mapping is not None:
        try:
            document = yaml.safe_load(mapping.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise BadWhatError(f"The mapping {mapping} cannot be read: {error}") from error
    made: Mapping = imports.parse_mapping(known, document, folder=folder)
    made = imports.with_flags(
        made, maps=maps, sets=sets, **{name: value for name, value in flags.items() if value is not None}
    )
    return imports.plan(file, made)


async def _try_out(plan: "Plan", progress: Callable[[int, int | None], None]) -> "Report":
    from fanwheel.cdp import imports

    return await imports.try_out(plan, now=utc_now(), progress=progress)


async def _run(
    plan: "Plan",
    settings: "Settings",
    db: "Database",
    workspace: str | None,
    *,
    again: bool,
    progress: Callable[[int, int | None], None],
) -> "Report":
    from fanwheel.cdp import imports, traits
    from fanwheel.cdp.events.asgi import Key
    from fanwheel.cdp.events.writer import Writer
    from fanwheel.entrypoints import accounts

    target = await accounts.find_workspace(db, workspace)
    if plan.mapping.what == "spend":
        return await _import_into(_SpendSink(db, target), plan, db, target, again=again, progress=progress)
    if plan.mapping.what == "people":
        async with db.transaction(target) as tx:
            plan.mapping = replace(plan.mapping, readers=traits.list_readers(await traits.list_definitions(tx)))
    writer = Writer(db.dsn, limit_bytes=settings.ingest_queue_mb * 1024 * 1024)
    await writer.start()
    try:
        sink = imports.EventSink(writer, Key(target, _NO_KEY))
        return await _import_into(sink, plan, db, target, again=again, progress=progress)
    finally:
        await writer.stop()


async def _import_into(
    sink: "Sink",
    plan: "Plan",
    db: "Database",
    workspace: int,
    *,
    again: bool,
    progress: Callable[[int, int | None], None],
) -> "Report":
    from fanwheel.cdp import imports

    return await imports.run(plan, sink, db, workspace, now=utc_now(), progress=progress, again=again)


class _SpendSink:
    """Rows of spend into their table; the same row again replaces itself."""

    def __init__(self, db: "Database", workspace: int) -> None:
        self._db = db
        self._workspace = workspace

    async def store(self, chunk: "Chunk", *, now: object) -> "Counts":
        """Store the rows of a chunk."""
        from fanwheel.cdp.imports import Counts, SpendDraft
        from fanwheel.domains.commercial import spend
        from fanwheel.kernel.domain import Domain

        rows = []
        for draft in chunk.drafts:
            assert isinstance(draft, SpendDraft)
            domain = Domain.of(draft.domain) if draft.domain else None
            rows.append(
                spend.SpendRow(draft.source, draft.spent_on, draft.amount, draft.campaign, draft.currency, domain)
            )
        async with self._db.transaction(self._workspace) as tx:
            done = await spend.put_spend(tx, rows)
        return Counts(accepted=done.stored, refused=[(row, message) for row, message in done.refused])


def _with_bar(plan: "Plan", work: Callable[[Callable[[int, int | None], None]], "Report"]) -> "Report":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task(f"Importing {plan.path.name}", total=plan.rows.total)
        report = work(lambda done, total: bar.update(task, completed=done, total=total))
        bar.update(task, completed=report.rows, total=report.rows)
    return report


def _tell(plan: "Plan", report: "Report", *, dry_run: bool) -> None:
    name = plan.path.name
    if report.was_done:
        typer.echo(f"{name} was imported before ({report.rows:,} rows); nothing to do. Use --again to send it again.")
        if report.refused:
            typer.echo(f"{report.refused:,} rows were refused.")
        _tell_refused(report)
        return
    if report.resumed_at:
        typer.echo(f"Went on after row {report.resumed_at:,}.")
    verb = "would make" if dry_run else "made"
    typer.echo(f"{name}: {report.rows:,} rows {verb} {report.messages:,} {_noun(plan.mapping.what)}.")
    if not dry_run:
        typer.echo(f"{report.accepted:,} taken, {report.duplicate:,} known already, {report.refused:,} rows refused.")
    else:
        typer.echo(f"{report.refused:,} rows would be refused; nothing was written.")
    _tell_refused(report)


def _tell_refused(report: "Report") -> None:
    for item in report.first_refused:
        typer.echo(f"  row {item.row}: {item.reason}")
    if report.refused_file is not None:
        typer.echo(f"Refused rows with reasons: {report.refused_file}")


def _noun(what: str) -> str:
    return {"people": "profiles", "orders": "orders", "events": "events", "spend": "rows of spend"}[what]
