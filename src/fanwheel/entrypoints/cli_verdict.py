"""``fanwheel verdict``: which half is wasted, as a table in the terminal."""

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from fanwheel.kernel.money import from_minor

if TYPE_CHECKING:
    from rich.table import Table

    from fanwheel.infra.settings import Settings
    from fanwheel.measure.ledger import schemas
    from fanwheel.measure.ledger.repository import Terms

_STATES: Final = {"wasted": "[red]wasted[/]", "working": "[green]working[/]", "unproven": "[dim]not yet proven[/]"}
_DAYS: Final = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command()
    def verdict(
        first: Annotated[
            datetime | None, typer.Option("--from", formats=_DAYS, help="First day; else that of the first holdout.")
        ] = None,
        last: Annotated[
            datetime | None, typer.Option("--to", formats=_DAYS, help="Last day, included; else today.")
        ] = None,
        workspace: Annotated[str | None, typer.Option(help="Slug of the workspace; else the oldest brand.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print what the API answers.")] = False,
    ) -> None:
        """Say which half of the spend is wasted: what each channel cost, was credited with and caused."""
        from fanwheel.entrypoints import cli

        days = first.date() if first else None, last.date() if last else None
        ledger = _judge(cli.settings(), workspace, days)
        if as_json:
            from pydantic import TypeAdapter

            typer.echo(TypeAdapter(type(ledger)).dump_json(ledger, by_alias=True, indent=2))
        else:
            _print(ledger)


def _judge(settings: "Settings", slug: str | None, days: tuple[date | None, date | None]) -> "schemas.Ledger":
    from fanwheel.entrypoints import accounts
    from fanwheel.infra.postgres import Database
    from fanwheel.measure.ledger import answering, repository
    from fanwheel.measure.ledger.work import Work

    async def find(dsn: str) -> "tuple[int, Terms]":
        async with await Database.open(dsn, max_size=1) as db:
            workspace = await accounts.find_workspace(db, slug)
            async with db.transaction(workspace) as tx:
                return workspace, await repository.get_terms(tx)

    with accounts.migrated(settings) as dsn:
        workspace, terms = asyncio.run(find(dsn))
        last = days[1] or datetime.now(ZoneInfo(terms.time_zone)).date()
        work = Work.of(settings, dsn, workspace=workspace, margin=terms.margin, last=last)
        work.first = days[0]
        return answering.answer(work)


def _print(ledger: "schemas.Ledger") -> None:
    from rich.console import Console

    console = Console()
    if not ledger.rows:
        console.print(f"Nothing was spent from {ledger.period.start} to {ledger.period.to}.")
        return
    console.print(_table(ledger))
    totals = ledger.totals
    console.print(
        f"Of {_money(ledger, totals.spend_minor)} {ledger.currency} spent, {_money(ledger, totals.wasted_minor)} is"
        f" proven wasted, {_money(ledger, totals.working_minor)} works, {_money(ledger, totals.unproven_minor)} is not"
        f" yet proven. Cutting the waste saves {_money(ledger, totals.saved_minor)}."
    )
    if (truth := ledger.truth) is not None:
        console.print(
            f"The truth of this made-up brand: {_money(ledger, truth.wasted_spend_minor)} is wasted. Found of it:"
            f" {_money(ledger, truth.found_minor)}; wrongly called wasted: {_money(ledger, truth.wrongly_minor)};"
            f" {truth.covered} of {truth.channels} intervals hold the truth."
        )


def _table(ledger: "schemas.Ledger") -> "Table":
    from rich.table import Table

    table = Table(
        title=f"Which half? {ledger.period.start} to {ledger.period.to}, break-even at {ledger.break_even_roas:.2f}"
    )
    for name in ("channel", "spend", "last touch", "caused revenue", "caused profit", "95 % interval"):
        table.add_column(name, justify="left" if name == "channel" else "right")
    for name in ("verdict", "evidence", "to do"):
        table.add_column(name)
    for row in ledger.rows:
        table.add_row(*_cells(ledger, row))
    return table


def _cells(ledger: "schemas.Ledger", row: "schemas.Row") -> list[str]:
    revenue, profit, evidence, advice = row.caused_revenue, row.caused_profit, row.evidence, row.advice
    shown = f"{evidence.people_open:,} shown, {evidence.people_held:,} held out" if evidence.since else "no holdout"
    if evidence.regions is not None:
        shown = f"geo test, {evidence.regions} regions"
    is_planned = advice.holdout_share is not None and advice.days is not None
    plan = f" {advice.holdout_share:.0%} for {advice.days} days" if is_planned else ""
    return [
        row.channel,
        _money(ledger, row.spend_minor),
        _money(ledger, row.credited_last_touch_minor),
        _money(ledger, revenue.estimate_minor) if revenue else "–",
        _money(ledger, profit.estimate_minor) if profit else "–",
        f"{_money(ledger, profit.low_minor)} … {_money(ledger, profit.high_minor)}" if profit else "",
        _STATES[row.state],
        shown,
        advice.action.replace("lean_", "lean to ") + plan,
    ]


def _money(ledger: "schemas.Ledger", minor: int) -> str:
    return f"{from_minor(minor, ledger.currency):,.0f}"
