"""``fanwheel export`` and ``fanwheel erase``: what a workspace and a person have a right to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import ErrorKind, FanwheelError

if TYPE_CHECKING:
    from fanwheel.cdp.consent import AddressHasher
    from fanwheel.infra.postgres import Database


class UnknownIdentifierError(FanwheelError):
    """Nobody has that identifier."""

    kind = ErrorKind.NOT_FOUND


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""

    @app.command("export")
    def export_file(
        what: Annotated[str, typer.Argument(help="people, orders, events or spend.")],
        file: Annotated[Path, typer.Argument(help="Where to write it; .csv, .parquet or .jsonl decides the format.")],
        workspace: Annotated[str | None, typer.Option(help="Slug of the workspace; else the oldest brand.")] = None,
    ) -> None:
        """Write a workspace's data to a file; events come from lake and database together."""
        from fanwheel.entrypoints import accounts, cli
        from fanwheel.infra.operations import exporting

        settings = cli.settings()

        async def export(db: "Database") -> int:
            found = await accounts.find_workspace(db, workspace)
            return await exporting.export(db, settings.home, file, workspace=found, what=what)

        typer.echo(f"{file}: {accounts.with_database(settings, export):,} rows")

    @app.command()
    def erase(
        identifier: Annotated[str, typer.Argument(help="kind=value, such as email=ana@brand.example.")],
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
        workspace: Annotated[str | None, typer.Option(help="Slug of the workspace; else the oldest brand.")] = None,
    ) -> None:
        """Forget a person for ever, here and, by the worker, in the lake."""
        from fanwheel.cdp.consent import AddressHasher
        from fanwheel.entrypoints import accounts, cli

        kind, _, value = identifier.partition("=")
        if not yes:
            typer.confirm(f"Forget the person whose {kind} is {value}? This cannot be undone.", abort=True)
        hasher = AddressHasher(cli.settings())
        number = accounts.with_database(cli.settings(), lambda db: _erase(db, hasher, (kind, value), workspace))
        typer.echo(f"erased; number {number} of the erasures")


async def _erase(db: "Database", hasher: "AddressHasher", identifier: tuple[str, str], slug: str | None) -> int:
    from fanwheel.cdp import consent, persons
    from fanwheel.entrypoints import accounts
    from fanwheel.infra.access import audit
    from fanwheel.infra.operations import exporting

    kind, value = identifier
    if kind not in persons.KINDS:
        raise UnknownIdentifierError(
            f"{kind!r} is no kind of identifier.", hint=f"Write kind=value; kinds: {', '.join(sorted(persons.KINDS))}."
        )
    async with db.transaction(await accounts.find_workspace(db, slug)) as tx:
        normal = persons.normalize(kind, value, region=await exporting.region(tx))
        person = await exporting.find_person(tx, persons.identifier_hash(kind, normal)) if normal else None
        if person is None:
            raise UnknownIdentifierError(hint="Look the person up at /people, and check the workspace.")
        await consent.keep_stubs(tx, hasher, person, now=utc_now())
        number = await persons.erase(tx, person, actor="cli")
        await audit.write(tx, "cli", "person.erase", str(number))
        return number
