"""A migrated database with one workspace per test, and a small language for streams of identities."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import psycopg
import pytest
from psycopg.rows import dict_row
from tests.support.databases import Owner, copied
from tests.support.house import House

from fanwheel.cdp import persons
from fanwheel.infra.postgres import Database, Transaction

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def people_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """One database for the whole folder; each test has workspaces of its own."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def house(people_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(people_dsn, tmp_path_factory.mktemp("house")) as opened:
        yield opened


def new_workspace(dsn: str) -> int:
    """A workspace that no other test has touched."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        slug = uuid.uuid4().hex
        row = conn.execute(
            "INSERT INTO workspace (slug, name, time_zone) VALUES (%s, %s, 'UTC') RETURNING workspace_id", [slug, slug]
        ).fetchone()
    assert row is not None
    return int(row[0])


Ref = tuple[str, str]
Statement = tuple[Ref, Ref]
T = TypeVar("T")


class World:
    """One workspace, spoken to in statements that two identifiers are one person."""

    def __init__(self, runner: asyncio.Runner, dsn: str, databases: dict[str, Database], owner: Owner) -> None:
        self.runner = runner
        self.dsn = dsn
        self._databases = databases
        self._owner = owner
        self.workspace = new_workspace(dsn)
        self._clock = NOON

    def run(self, act: Callable[[Transaction], Awaitable[T]], *, role: str = "fanwheel_app") -> T:
        """What ``act`` returns, in a transaction of its own."""

        async def wrapped() -> T:
            async with self._databases[role].transaction(self.workspace) as tx:
                return await act(tx)

        return self.runner.run(wrapped())

    def say(self, *statements: Statement | tuple[Ref], origin: str = "event") -> dict[Ref, int]:
        """Take statements in as one batch of ingest; each ref's home."""
        self._clock += timedelta(seconds=1)
        refs = list(dict.fromkeys(ref for statement in statements for ref in statement))
        keys = {ref: persons.identifier_hash(*ref) for ref in refs}
        new = [persons.NewIdentifier(*ref, keys[ref], self._clock) for ref in refs]
        edges = [
            persons.NewEdge(keys[s[0]], keys[s[1]], origin, self._clock)  # type: ignore[arg-type]
            for s in statements
            if len(s) == 2
        ]
        homes = self.run(lambda tx: persons.resolve(tx, new, edges), role="fanwheel_ingest")
        return {ref: homes[keys[ref]] for ref in refs}

    def rows(self, sql: str, **params: object) -> list[dict[str, Any]]:
        """What a statement gives, as the superuser sees it; ``%(workspace)s`` is bound."""
        return self._owner.rows(sql, {"workspace": self.workspace, **params})

    def do(self, sql: str, **params: object) -> None:
        """Run a statement that gives no rows."""
        self.rows(sql, **params)

    def person_of(self) -> dict[Ref, int]:
        """Every identifier's person."""
        rows = self.rows("SELECT kind, value, person_id FROM identifier WHERE workspace_id = %(workspace)s")
        return {(row["kind"], row["value"]): row["person_id"] for row in rows}

    def groups(self) -> set[frozenset[Ref]]:
        """The persons as sets of identifiers."""
        return groups(self.person_of())


@contextmanager
def worlds(runner: asyncio.Runner, dsn: str) -> Iterator[Callable[[], World]]:
    """Makes worlds on connections that last for all of them: to open one takes longer than most of what it does."""
    roles = ("fanwheel_app", "fanwheel_ingest")
    opened = {role: runner.run(Database.open(dsn, role=role, max_size=1)) for role in roles}
    superuser = Owner(dsn, dict_row)
    yield lambda: World(runner, dsn, opened, superuser)
    superuser.close()
    for database in opened.values():
        runner.run(database.close())


def groups(person_of: dict[Ref, int]) -> set[frozenset[Ref]]:
    """The sets of refs that have one person."""
    members: dict[int, set[Ref]] = {}
    for ref, person in person_of.items():
        members.setdefault(person, set()).add(ref)
    return {frozenset(refs) for refs in members.values()}


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def new_world(runner: asyncio.Runner, people_dsn: str) -> Iterator[Callable[[], World]]:
    with worlds(runner, people_dsn) as make:
        yield make


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    return new_world()
