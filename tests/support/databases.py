"""Databases for tests: copies of the migrated one, dropped when they are done with, and their owner."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import RowFactory


@contextmanager
def copied(postgres_dsn: str, template: str) -> Iterator[str]:
    """A database of its own on the server, made from ``template``; how to reach it."""
    name = f"fw_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    try:
        yield psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name)
    finally:
        with psycopg.connect(postgres_dsn, autocommit=True) as conn:
            conn.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


class Owner:
    """The owner of a database's tables, asking over one connection: to open one takes longer than most answers."""

    def __init__(self, dsn: str, row_factory: RowFactory[Any]) -> None:
        self._dsn = dsn
        self._row_factory = row_factory
        self._conn: psycopg.Connection[Any] | None = None

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> list[Any]:
        """What a statement gives, past every fence; each is a transaction of its own."""
        if self._conn is None or self._conn.closed:
            self._conn = psycopg.connect(
                self._dsn, autocommit=True, row_factory=self._row_factory, prepare_threshold=None
            )
        cursor = self._conn.execute(sql.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Give the connection back."""
        if self._conn is not None:
            self._conn.close()
