"""What commands need of workspaces, keys and users."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from fanwheel.infra import access, postgres
from fanwheel.infra.access.repository import LoginRepository
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.supervisor import database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import ErrorKind, FanwheelError

T = TypeVar("T")


class NoWorkspaceError(FanwheelError):
    """There is no such workspace."""

    kind = ErrorKind.NOT_FOUND


@contextmanager
def migrated(settings: Settings) -> Iterator[str]:
    """The DSN of the installation's database, brought up to date."""
    with database(settings) as dsn:
        asyncio.run(postgres.migrate(dsn))
        yield dsn


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """What ``work`` returns, given the installation's database."""

    async def run(dsn: str) -> T:
        async with await Database.open(dsn, max_size=4) as db:
            return await work(db)

    with migrated(settings) as dsn:
        return asyncio.run(run(dsn))


async def find_workspace(db: Database, slug: str | None) -> int:
    """The workspace with that slug; without one, the oldest that is no demo, or the demo if there is no other.

    Raises
    ------
    NoWorkspaceError
        If there is none.
    """
    async with db.installation() as tx:
        logins = LoginRepository(tx)
        if slug is not None:
            found = await logins.find_workspace(slug)
        else:
            found = next(iter(await logins.list_workspace_ids()), None)
    if found is None:
        raise NoWorkspaceError(
            f"There is no workspace {slug!r}." if slug else "There is no workspace yet.",
            hint=None if slug else "Run fanwheel up and make the first account, or load the demo: fanwheel demo.",
        )
    return found


def create_key(settings: Settings, *, kind: str, name: str, workspace: str | None) -> str:
    """The secret of a new API key.

    Raises
    ------
    FanwheelError
        If the kind is unknown or there is no such workspace.
    """
    if kind not in {"write", "server"}:
        raise FanwheelError(f"{kind!r} is no kind of key.", hint="Use write or server.")

    async def create(db: Database) -> str:
        return await access.create_key(db, await find_workspace(db, workspace), cast(access.KeyKind, kind), name)

    return with_database(settings, create)


def reset_link(settings: Settings, email: str) -> str:
    """A link with which a user sets a new password."""

    async def reset(db: Database) -> str:
        return await access.reset_from_server(db, email, now=utc_now())

    return f"{settings.url}/accept?token={with_database(settings, reset)}"
