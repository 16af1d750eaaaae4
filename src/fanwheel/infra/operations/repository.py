"""Rows of every table out of one snapshot and back in; the one place of operations that runs SQL."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from fanwheel.infra import sqlfile
from fanwheel.infra.operations.contracts import SequencePart, TablePart

_SQL: Final = sqlfile.load("fanwheel.infra.operations")
_CHUNK: Final = 1 << 20
_EVENT_PARTITION: Final = re.compile(r"event_(\d{6})")

Row = dict[str, Any]


class OperationsRepository:
    """The database as its owner sees it: every row of every workspace."""

    def __init__(self, conn: psycopg.Connection[Row]) -> None:
        self._conn = conn

    def _all(self, name: str, /, **params: object) -> list[Row]:
        return self._conn.execute(_SQL[name].encode(), params).fetchall()

    def _value(self, name: str, /, **params: object) -> Any:
        row = self._conn.execute(_SQL[name].encode(), params).fetchone()
        return None if row is None else next(iter(row.values()))

    # ------------------------------------------------------------ out
    def list_tables(self) -> dict[str, str | None]:
        """Every table that holds rows, with the table that it is a partition of."""
        return {row["name"]: row["partition_of"] for row in self._all("list_tables")}

    def begin_snapshot(self) -> dict[str, str | None]:
        """Begin the one snapshot that everything is read from; the tables in it."""
        self._conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        while True:
            # Locked before the snapshot is taken, so that no partition is dropped under it; looked at again
            # afterwards, so that one that was made or dropped in between is noticed.
            tables = self.list_tables()
            self._conn.commit()
            names = [sql.Identifier("public", name) for name in tables]
            lock = sql.SQL("LOCK TABLE ONLY {} IN ACCESS SHARE MODE").format(sql.SQL(", ONLY ").join(names))
            try:
                self._conn.execute(lock)
            except psycopg.errors.UndefinedTable:
                self._conn.rollback()
                continue
            if self.list_tables() == tables:
                return tables
            self._conn.rollback()

    def migrations(self) -> list[str]:
        """Names of the migrations in force."""
        return [row["name"] for row in self._all("list_migrations")]

    def columns(self, table: str) -> list[str]:
        """The stored columns of a table."""
        return [row["name"] for row in self._all("list_columns", table=table)]

    def watermarks(self) -> list[int]:
        """Distinct positions of the readers of the event stream, ascending."""
        return [row["next_tx"] for row in self._all("list_watermarks")]

    def sequences(self) -> list[SequencePart]:
        """Where every sequence stands; never behind the snapshot."""
        found = []
        for row in self._all("list_sequences"):
            query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier("public", row["name"]))
            state = self._conn.execute(query).fetchone()
            assert state is not None
            found.append(SequencePart(name=row["name"], **state))
        return found

    def read_table(
        self, name: str, columns: Sequence[str], *, positions: Sequence[int], put: Callable[[bytes], object]
    ) -> int:
        """Hand every row of a table to ``put``, in COPY's text format; how many there were.

        Transaction ids mean nothing in another cluster. What must survive is which reader has seen which row,
        so ``tx`` and ``next_tx`` become ranks among ``positions``: a row keeps its side of every watermark.
        """
        ranked = {"tx", "next_tx"} & set(columns) if name == "consumer" or name.startswith("event") else set()
        shown = [
            sql.SQL("width_bucket({}, {}::bigint[])").format(sql.Identifier(column), sql.Literal(list(positions)))
            if column in ranked
            else sql.Identifier(column)
            for column in columns
        ]
        query = sql.SQL("COPY (SELECT {} FROM ONLY {}) TO STDOUT").format(
            sql.SQL(", ").join(shown), sql.Identifier("public", name)
        )
        waiting = bytearray()
        with self._conn.cursor() as cursor:
            with cursor.copy(query) as copy:
                for row in copy:
                    waiting += row
                    if len(waiting) >= _CHUNK:
                        put(bytes(waiting))
                        waiting.clear()
            put(bytes(waiting))
            return cursor.rowcount

    # ------------------------------------------------------------ in
    def has_content(self) -> bool:
        """Whether somebody uses this installation already."""
        return bool(self._value("has_content"))

    def in_order(self, tables: Iterable[TablePart]) -> list[TablePart]:
        """The same tables, each after those that it refers to."""
        waiting = {table.name: table for table in tables}
        needs: dict[str, set[str]] = {}
        for row in self._all("list_references"):
            needs.setdefault(row["name"], set()).add(row["needs"])
        ordered: list[TablePart] = []
        while waiting:
            free = [name for name in waiting if not needs.get(name, set()) & waiting.keys()]
            assert free, f"tables refer to one another in a circle: {sorted(waiting)}"
            ordered += [waiting.pop(name) for name in free]
        return ordered

    def keep_exporters_out(self) -> bool:
        """Whether no worker moves events to the lake now, and none can begin until the transaction ends."""
        return bool(self._value("keep_exporters_out"))

    def clear(self) -> None:
        """Empty every table: a migration may have put rows into some."""
        names = [sql.Identifier("public", row["name"]) for row in self._all("list_tables")]
        self._conn.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))

    def write_table(self, table: TablePart, chunks: Iterable[bytes]) -> int:
        """Store rows that ``read_table`` gave; how many there were."""
        if table.partition_of == "event" and (month := _EVENT_PARTITION.fullmatch(table.name)):
            self._value("ensure_partition", month=month[1])
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier("public", table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        with self._conn.cursor() as cursor:
            with cursor.copy(query) as copy:
                for chunk in chunks:
                    copy.write(chunk)
            return cursor.rowcount

    def put_sequence(self, part: SequencePart) -> None:
        """Set a sequence to where it stood."""
        self._value("put_sequence", name=part.name, last_value=part.last_value, is_called=part.is_called)

    def distrust_lake(self) -> None:
        """Have the exporter compare the restored rows with the lake before it goes on."""
        self._conn.execute(_SQL["distrust_lake"].encode())

    def settle_changes(self) -> None:
        """Have readers take every restored change of a portrait for one that was committed long ago."""
        self._conn.execute(_SQL["settle_changes"].encode())

    def repeat_late_erasures(self, *, copied_at: datetime) -> None:
        """Have erasures that reached the lake since ``copied_at`` carried out again, on its copy."""
        self._conn.execute(_SQL["repeat_late_erasures"].encode(), {"copied_at": copied_at})

    # ------------------------------------------------------------ doctor
    def server(self) -> Row:
        """What kind of server this is."""
        return self._all("server")[0]

    def unfenced_tables(self) -> list[str]:
        """Tables of workspaces that row-level security does not guard."""
        return [row["name"] for row in self._all("list_unfenced")]

    def loose_roles(self) -> list[str]:
        """Roles of ours that could get past row-level security."""
        return [row["name"] for row in self._all("list_loose_roles")]

    def missing_roles(self) -> list[str]:
        """Roles of ours that do not exist."""
        return [row["name"] for row in self._all("list_missing_roles")]

    def rows_seen_without_workspace(self) -> int:
        """How many identifiers the application's role sees outside any workspace."""
        with self._conn.transaction():
            self._conn.execute(_SQL["act_as_app"].encode())
            return int(self._value("count_visible"))

    def long_transactions(self) -> list[Row]:
        """Transactions that hold back every reader of the event stream."""
        return self._all("list_long_transactions")

    def prepared_transactions(self) -> list[str]:
        """Prepared transactions that nobody has ended."""
        return [row["gid"] for row in self._all("list_prepared")]


def connect(dsn: str) -> psycopg.Connection[Row]:
    """A connection as the owner of the schema, in UTC and UTF-8 whatever the server's habits."""
    conn = psycopg.Connection[Row].connect(dsn, row_factory=dict_row, client_encoding="utf8")
    # A backup or a restore may be slow at any point; nothing may time out.
    for setting in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
        conn.execute(sql.SQL("SET {} = 0").format(sql.Identifier(setting)))
    conn.execute("SET timezone = 'UTC'")
    conn.execute("SET datestyle = 'iso, ymd'")
    conn.execute("SET extra_float_digits = 1")
    conn.commit()
    return conn
