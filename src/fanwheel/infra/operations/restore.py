"""The way back: a fresh installation becomes the one that was backed up, wholly or not at all.

Transaction ids do not survive a cluster. The backup holds ranks in their place (see ``read_table``): small numbers,
below any id that the new cluster hands out, which keep every row on its side of every reader's watermark. What the
lake has already must not be exported again: `installation.lake_system` is emptied, by which the exporter knows that
it has to compare the rows here with the lake, by event id, before it goes on.
"""

import asyncio
import shutil
from pathlib import Path
from typing import Final

import structlog

from fanwheel.infra.operations import archive
from fanwheel.infra.operations.contracts import Manifest
from fanwheel.infra.operations.errors import HalfRestoredError, NewerBackupError, NotABackupError, NotFreshError
from fanwheel.infra.operations.lakefiles import LAKE, LOG
from fanwheel.infra.operations.repository import OperationsRepository, connect
from fanwheel.infra.postgres import migrate

_log = structlog.get_logger(__name__)
_MARK: Final = "restore.incomplete"


def restore(dsn: str, home: Path, source: Path) -> Manifest:
    """Fill a fresh installation from ``source``; what was restored. Interrupted, it can be run again.

    Raises
    ------
    NotABackupError
        If the file is damaged; the database is left as it was.
    NewerBackupError
        If this version does not know the backup's schema.
    NotFreshError
        If the installation is in use already.
    """
    with archive.read(source) as reader:
        _migrate_to(dsn, reader.manifest)
        with connect(dsn) as conn:  # one transaction: another process never sees half of it
            rows = OperationsRepository(conn)
            _require_fresh(rows, home)
            mark = home / _MARK
            home.mkdir(parents=True, exist_ok=True)
            mark.write_text(f"{source}\n", encoding="utf-8")
            shutil.rmtree(home / LAKE, ignore_errors=True)
            for part in reader.manifest.files:
                reader.extract(part, home=home)
            _fill(rows, reader)
        mark.unlink()
    asyncio.run(migrate(dsn))
    return reader.manifest


def require_no_half_restore(home: Path) -> None:
    """Refuse to run on what an interrupted restore left.

    Raises
    ------
    HalfRestoredError
        If one was interrupted.
    """
    mark = home / _MARK
    if mark.exists():
        source = mark.read_text(encoding="utf-8").strip()
        raise HalfRestoredError(hint=f"Run it again: fanwheel restore {source}")


def _migrate_to(dsn: str, manifest: Manifest) -> None:
    """Give the database the schema that the backup was taken from."""
    if not manifest.migrations:
        raise NotABackupError("The backup names no schema.")
    known = set(asyncio.run(migrate(dsn, upto=manifest.migrations[-1])))
    with connect(dsn) as conn:
        known |= set(OperationsRepository(conn).migrations())
    if missing := sorted(set(manifest.migrations) - known):
        raise NewerBackupError(
            f"The backup needs migrations that this version does not have: {', '.join(missing)}.",
            hint=f"Install Fanwheel {manifest.fanwheel} or a newer version.",
        )
    if known - set(manifest.migrations):
        raise NotFreshError(
            "The database's schema is newer than the backup's.", hint="Restore into an empty database or a new home."
        )


def _require_fresh(rows: OperationsRepository, home: Path) -> None:
    if not rows.keep_exporters_out():
        raise NotFreshError("A worker runs on this database.", hint="Stop fanwheel up and every fanwheel worker.")
    in_use = rows.has_content()
    lake = home / LAKE
    has_lake = not (home / _MARK).exists() and any(LOG not in path.parts for path in lake.rglob("*.parquet"))
    if in_use or has_lake:
        raise NotFreshError(
            "The database already holds an installation." if in_use else f"{lake} already holds events.",
            hint="Set FANWHEEL_HOME to a new directory, or FANWHEEL_DATABASE_URL to an empty database and "
            "FANWHEEL_HOME to a new directory.",
        )


def _fill(rows: OperationsRepository, reader: archive.Reader) -> None:
    rows.clear()
    for part in rows.in_order(reader.manifest.tables):
        _log.info("restoring", table=part.name, rows=part.rows)
        count = rows.write_table(part, reader.table(part))
        if count != part.rows:
            raise NotABackupError(f"{part.name} has {count} rows and should have {part.rows}.")
    for sequence in reader.manifest.sequences:
        rows.put_sequence(sequence)
    rows.distrust_lake()
    rows.settle_changes()
    rows.repeat_late_erasures(copied_at=reader.manifest.created_at)
