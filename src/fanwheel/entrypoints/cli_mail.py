"""``fanwheel mail``: what a mail server on this machine passes on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fanwheel.kernel.errors import ErrorKind, FanwheelError

if TYPE_CHECKING:
    from fanwheel.infra.postgres import Database

mail = typer.Typer(no_args_is_help=True, help="E-mail that comes in through a mail server's pipe.")
# sysexits.h: the mail server keeps the mail and tries again.
_TRY_AGAIN: Final = 75
_LARGEST: Final = 8 * 1024 * 1024


class NoMailAccountError(FanwheelError):
    """There is no e-mail account with that callback key."""

    kind = ErrorKind.NOT_FOUND


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(mail, name="mail")


@mail.command()
def bounce(
    account: Annotated[str, typer.Argument(help="The account's callback key: the last part of its callback address.")],
    file: Annotated[Path | None, typer.Option(help="The mail; without it standard input is read.")] = None,
) -> None:
    """Take a mail in as it came: a bounce, a complaint or somebody's answer. For the pipe of a mail server."""
    from fanwheel.entrypoints import accounts, cli
    from fanwheel.infra.postgres import DatabaseDownError

    raw = file.read_bytes() if file else sys.stdin.buffer.read(_LARGEST)
    try:
        kept = accounts.with_database(cli.settings(), lambda db: take(db, account, raw))
    except DatabaseDownError as error:
        typer.echo(f"fanwheel: {error.message}", err=True)
        raise typer.Exit(_TRY_AGAIN) from None
    typer.echo(f"{kept} kept")


async def take(db: "Database", account_key: str, raw: bytes) -> int:
    """Keep what a mail tells an account, as its callback would; how much of it was new."""
    from fanwheel.domains.private.channels import accounts, inbound
    from fanwheel.domains.private.email import read_mail
    from fanwheel.kernel.clock import utc_now

    found = await accounts.find_by_key(db, account_key)
    if found is None or found.channel != "email":
        raise NoMailAccountError(hint="Look at the account in Settings, Channels.")
    now = utc_now()
    happenings = read_mail(raw, account_key, received_at=now)
    async with db.transaction(found.workspace_id) as tx:
        return await inbound.put(tx, found.account_id, happenings, now=now)
