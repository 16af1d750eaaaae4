"""One consistent backup while everything runs on: every row of one snapshot, and the lake that goes with it.

The lake is held first and the snapshot taken second, so what the lake has is in the snapshot too. It does not
have to be the other way round as well: an event that is in both is known by its id, and the lake settles such
events when it meets a restored database (see the lake's settling).

pg_dump was not taken: a dump of PostgreSQL 18 does not load into 15, it is not part of an installation that
only talks to an external server, and transaction ids, which mean nothing elsewhere, have to be changed on the way.
"""

from functools import partial
from pathlib import Path
from typing import Final

import fanwheel
from fanwheel.infra.operations import archive, lakefiles
from fanwheel.infra.operations.contracts import FORMAT, FilePart, Manifest, TablePart
from fanwheel.infra.operations.errors import LakeMovedError
from fanwheel.infra.operations.repository import OperationsRepository, connect
from fanwheel.kernel.clock import utc_now

_ATTEMPTS: Final = 3


def back_up(dsn: str, home: Path, target: Path) -> Manifest:
    """Write a backup of database and lake to ``target``; what is in it.

    Raises
    ------
    BackupTargetError
        If ``target`` exists or cannot be written.
    LakeMovedError
        If the lake gave no moment's rest.
    """
    with archive.create(target.absolute()) as writer:
        for _ in range(_ATTEMPTS):
            manifest = _attempt(dsn, home, writer)
            if manifest is not None:
                writer.put_manifest(manifest)
                return manifest
    raise LakeMovedError(hint="Try again in a minute.")


def _attempt(dsn: str, home: Path, writer: archive.Writer) -> Manifest | None:
    """The whole backup; None if a month left the database between the two looks."""
    with connect(dsn) as conn:
        rows = OperationsRepository(conn)
        before = rows.list_tables()
        conn.commit()
        created_at = utc_now()
        with lakefiles.held(home) as files:
            tables = rows.begin_snapshot()
            if before.keys() - tables.keys():
                return None
            parts = [_put_table(rows, writer, name=name, parent=parent) for name, parent in tables.items()]
            sequences, migrations = rows.sequences(), rows.migrations()
            kept = [writer.put_file(path, name=name) for path, name in files] + _put_keys(home, writer)
            kept += _put_media(home, writer)
    return Manifest(
        format=FORMAT,
        fanwheel=fanwheel.__version__,
        created_at=created_at,
        migrations=migrations,
        tables=parts,
        sequences=sequences,
        files=kept,
    )


def _put_table(rows: OperationsRepository, writer: archive.Writer, *, name: str, parent: str | None) -> TablePart:
    part = TablePart(name=name, columns=rows.columns(name), rows=0, sha256="", partition_of=parent)
    read = partial(rows.read_table, name, part.columns, positions=rows.watermarks())
    count, digest = writer.put_stream(part.member, lambda put: read(put=put))
    return TablePart(name=name, columns=part.columns, rows=count, sha256=digest, partition_of=parent)


def _put_keys(home: Path, writer: archive.Writer) -> list[FilePart]:
    # Without the key that sealed them, secrets in the database could not be read again.
    return [writer.put_file(path, name=path.name) for path in sorted(home.glob("*.key"))]


def _put_media(home: Path, writer: archive.Writer) -> list[FilePart]:
    """Files of the library of media; one that is being written has a name that begins with a dot."""
    paths = sorted(path for path in (home / "media").rglob("[!.]*") if path.is_file())
    return [writer.put_file(path, name=str(path.relative_to(home))) for path in paths]
