"""Databases for tests: copies of the migrated one, dropped when they are done with."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


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
