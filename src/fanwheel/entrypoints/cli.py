"""The command line: each command reads its settings, does one thing, and says in words what went wrong."""

# Imports of a command stand inside it: `fanwheel --help` must not wait for numpy, DuckDB and the web server.

import asyncio
import atexit
import os
import shutil
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from fanwheel.kernel.errors import FanwheelError

if TYPE_CHECKING:
    from fanwheel.infra.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Fanwheel: a brand's own growth system for private-domain traffic.",
)
keys = typer.Typer(no_args_is_help=True, help="API keys.")
app.add_typer(keys, name="keys")

_SHARED_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"
_PARTS: Final = (
    "fanwheel.entrypoints.cli_import",
    "fanwheel.entrypoints.cli_demo",
    "fanwheel.entrypoints.cli_mail",
    "fanwheel.entrypoints.cli_people",
    "fanwheel.entrypoints.cli_segments",
    "fanwheel.entrypoints.cli_verdict",
)


def settings(*, serves: bool = False) -> "Settings":
    """The settings of the environment, with logging (and, for who ``serves``, metrics) set up as they say."""
    from fanwheel.infra.settings import load

    loaded = load(os.environ)
    if serves and loaded.servers > 1 and _SHARED_METRICS not in os.environ:
        # Whether processes add up their counters is decided when the library is loaded, so before telemetry is.
        # In memory where the system has such a place: a full disk must not stop the counting.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
        os.environ[_SHARED_METRICS] = tempfile.mkdtemp(prefix="fanwheel-metrics-", dir=memory)
        atexit.register(shutil.rmtree, os.environ[_SHARED_METRICS], ignore_errors=True)
    from fanwheel.infra import telemetry

    telemetry.configure(loaded.log_level)
    return loaded


@app.command()
def up(
    demo: Annotated[bool, typer.Option("--demo", help="Also load the demo brand.")] = False,
) -> None:
    """Run everything: database, API, web app and worker."""
    loaded = settings(serves=True)
    from fanwheel.entrypoints import up as everything

    everything.run(loaded, with_worker=True, with_demo=demo)
    _leave()


@app.command()
def api(
    listener: Annotated[int | None, typer.Option(hidden=True, help="A socket that is bound already.")] = None,
) -> None:
    """Run the API and the web app alone; any number may share one database."""
    loaded = settings(serves=True)
    from fanwheel.entrypoints import up as everything

    if listener is None:
        everything.run(loaded, with_worker=False)
    else:
        everything.run_beside(loaded, listener)
    _leave()


@app.command()
def worker() -> None:
    """Run a worker alone; any number may share one database."""
    from fanwheel.entrypoints import up as everything

    everything.run_worker(settings())
    _leave()


def _leave() -> NoReturn:
    """End at once: all is written down, and to take a large process apart takes longer than all else at the end."""
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@app.command()
def migrate(
    check: Annotated[bool, typer.Option("--check", help="Only say what is missing; exit 1 if anything is.")] = False,
) -> None:
    """Bring the database's schema up to date."""
    from fanwheel.infra import postgres
    from fanwheel.infra.postgres.supervisor import database

    with database(settings()) as dsn:
        if not check:
            applied = asyncio.run(postgres.migrate(dsn))
            typer.echo(f"applied {', '.join(applied)}" if applied else "the database is up to date")
            return
        pending = postgres.check_migrations(dsn)
    typer.echo(f"missing {', '.join(pending)}" if pending else "the database is up to date")
    raise typer.Exit(1 if pending else 0)


@keys.command("create")
def create_key(
    kind: Annotated[str, typer.Option(help="write (sends events) or server (calls the management API).")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    workspace: Annotated[str | None, typer.Option(help="Slug of the workspace; else the oldest brand.")] = None,
) -> None:
    """Make an API key and print it; it cannot be shown again."""
    from fanwheel.entrypoints import accounts

    typer.echo(accounts.create_key(settings(), kind=kind, name=name, workspace=workspace))


@app.command()
def reset_password(email: Annotated[str, typer.Argument(help="Address of the user.")]) -> None:
    """Print a link with which a user, such as an owner who cannot sign in, sets a new password."""
    from fanwheel.entrypoints import accounts

    typer.echo(accounts.reset_link(settings(), email))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, e.g. fanwheel-2026-11-21.zip.")],
) -> None:
    """Write one consistent backup of database and lake; everything may go on running."""
    from fanwheel.infra import operations
    from fanwheel.infra.postgres.supervisor import database

    loaded = settings()
    with database(loaded) as dsn:
        written = operations.back_up(dsn, loaded.home, file)
    size_mb = file.stat().st_size / 1e6
    typer.echo(
        f"{file}: {written.rows:,} rows of {len(written.tables)} tables, {len(written.files)} files, {size_mb:,.1f} MB"
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that fanwheel backup wrote.", exists=True, dir_okay=False)],
) -> None:
    """Fill a fresh installation from a backup."""
    from fanwheel.infra import operations
    from fanwheel.infra.postgres.supervisor import database

    loaded = settings()
    with database(loaded) as dsn:
        done = operations.restore(dsn, loaded.home, file)
    typer.echo(f"restored {done.rows:,} rows of {len(done.tables)} tables and {len(done.files)} files, all checked")


@app.command()
def doctor() -> None:
    """Look for what stops Fanwheel from running well, and say what to do about it."""
    from fanwheel.entrypoints import cli_segments
    from fanwheel.infra.operations import doctor as examination

    loaded = settings()
    findings = examination.examine(loaded)
    broken = {finding.check for finding in findings if finding.state == "failure"}
    if not broken & {"database", "migrations"}:
        findings += cli_segments.examine(loaded)
    marks = {"ok": "ok  ", "warning": "WARN", "failure": "FAIL"}
    for finding in findings:
        typer.echo(f"{marks[finding.state]}  {finding.check}: {finding.detail}")
        if finding.remedy:
            typer.echo(f"      -> {finding.remedy}")
    raise typer.Exit(1 if any(finding.state == "failure" for finding in findings) else 0)


def _add_parts() -> None:
    for name in _PARTS:
        if find_spec(name) is not None:
            import_module(name).register(app)


def main() -> None:
    """The program ``fanwheel``."""
    _add_parts()
    try:
        app()
    except FanwheelError as error:
        typer.echo(f"fanwheel: {error.message}", err=True)
        if error.hint:
            typer.echo(f"  -> {error.hint}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
