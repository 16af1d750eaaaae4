"""A backup holds one moment of everything, and a restore brings all of it back or nothing."""

import threading
import zipfile
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
from tests.integration.operations.conftest import add_events, contents

from fanwheel.infra.operations import back_up, require_no_half_restore, restore
from fanwheel.infra.operations.contracts import MANIFEST
from fanwheel.infra.operations.errors import (
    BackupTargetError,
    HalfRestoredError,
    NewerBackupError,
    NotABackupError,
    NotFreshError,
)
from fanwheel.infra.postgres import check_migrations


def rewrite(source: Path, target: Path, change: dict[str, bytes | None]) -> Path:
    """A copy of an archive with some members changed or, for None, left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def unread(dsn: str) -> dict[str, set[object]]:
    """Which events each reader of the stream has still to read."""
    with psycopg.connect(dsn) as conn:
        consumers = conn.execute("SELECT consumer_name, next_tx FROM consumer").fetchall()
        return {
            name: {row[0] for row in conn.execute("SELECT event_id FROM event WHERE tx >= %s", [next_tx])}
            for name, next_tx in consumers
        }


def test_a_restore_gives_every_row_and_sequence_back(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    expected = contents(filled_dsn)

    written = back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    restored = restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    assert contents(empty_dsn) == expected
    assert restored == written
    assert written.rows >= 1500
    assert check_migrations(empty_dsn) == []


def test_a_restored_database_goes_on_counting(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    with psycopg.connect(empty_dsn) as conn:
        conn.execute("INSERT INTO workspace (slug, name) VALUES ('three', 'Three')")
        workspace = conn.execute("SELECT workspace_id FROM workspace WHERE slug = 'three'").fetchone()
        home = conn.execute("SELECT nextval('person_home_id')").fetchone()
        fenced = conn.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'identifier'").fetchone()

    assert (workspace, home, fenced) == ((3,), (501,), (True,))


def test_every_reader_goes_on_where_it_was(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    with psycopg.connect(filled_dsn) as conn:
        for number, reader in enumerate(["projector", "journeys", "late"]):
            conn.execute("INSERT INTO consumer VALUES (%s, pg_current_xact_id()::text::bigint)", [reader])
            add_events(conn, 10 + number)
            conn.commit()
        conn.execute("INSERT INTO consumer VALUES ('new', 0)")
    expected = unread(filled_dsn)

    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    assert unread(empty_dsn) == expected
    assert {name: len(rows) for name, rows in expected.items()} == {
        "projector": 33, "journeys": 23, "late": 12, "new": 1033,
    }  # fmt: skip
    with psycopg.connect(empty_dsn) as conn:
        add_events(conn, 1)
    assert {name: len(rows) for name, rows in unread(empty_dsn).items()} == {
        name: len(rows) + 1 for name, rows in expected.items()
    }


def test_restored_changes_of_portraits_are_over(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    with psycopg.connect(filled_dsn) as conn:
        conn.execute(
            "INSERT INTO portrait_change (workspace_id, tx, person_id, kind, name) VALUES (1, 9e15, 1, 'tag', 'vip')"
        )

    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    with psycopg.connect(empty_dsn) as conn:
        waiting = "SELECT FROM portrait_change WHERE tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        assert conn.execute("SELECT name FROM portrait_change").fetchall() == [("vip",)]
        assert conn.execute(waiting).fetchall() == []


def test_a_backup_is_of_one_moment_while_writers_go_on(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    enough = threading.Event()

    def write() -> None:
        # Each transaction adds a person here and an event there: a backup that has one and not the other is torn.
        with psycopg.connect(filled_dsn) as conn:
            while not enough.is_set():
                home = conn.execute("SELECT nextval('person_home_id')").fetchone()
                assert home
                conn.execute("INSERT INTO identifier VALUES (1, %s, 'device', 'd', %s, 1, now())", [uuid4(), home[0]])
                conn.execute(
                    "INSERT INTO event VALUES (1, %s, %s, %s, 1, 'x', now(), now(), 0, 0, '{}', '{}')",
                    [uuid4(), uuid4(), home[0]],
                )
                conn.commit()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    finally:
        enough.set()
        for writer in writers:
            writer.join()

    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    with psycopg.connect(empty_dsn) as conn:
        torn = conn.execute(
            "SELECT count(*) FROM (SELECT home_id FROM identifier WHERE kind = 'device') AS one "
            "FULL JOIN (SELECT person_id FROM event WHERE name = 'x') AS other ON one.home_id = other.person_id "
            "WHERE one.home_id IS NULL OR other.person_id IS NULL"
        ).fetchone()
        reused = conn.execute("SELECT nextval('person_home_id') <= max(home_id) FROM identifier").fetchone()
    assert (torn, reused) == ((0,), (False,))


def test_erasures_that_the_copy_of_the_lake_has_missed_are_repeated(
    filled_dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    with psycopg.connect(empty_dsn) as conn:
        done = conn.execute("SELECT home_ids, lake_done_at IS NOT NULL FROM erasure ORDER BY home_ids").fetchall()

    assert done == [([7], True), ([8], False)]


def test_keys_come_along_and_stay_private(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    (old / "secret.key").write_bytes(b"\x00\xffsealed")

    back_up(filled_dsn, old, tmp_path / "backup.zip")
    restore(empty_dsn, new, tmp_path / "backup.zip")

    assert (new / "secret.key").read_bytes() == b"\x00\xffsealed"
    assert (new / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "backup.zip").stat().st_mode & 0o777 == 0o600


def test_media_come_along(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    for name in ("media/1/a.png", "media/2/b.pdf", "media/2/.half"):
        (tmp_path / "old" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "old" / name).write_text(name)

    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    new = tmp_path / "new"
    found = {str(path.relative_to(new)): path.read_text() for path in (new / "media").rglob("*.*")}
    assert found == {"media/1/a.png": "media/1/a.png", "media/2/b.pdf": "media/2/b.pdf"}


def test_a_backup_is_never_overwritten(filled_dsn: str, tmp_path: Path) -> None:
    (tmp_path / "backup.zip").write_text("last year's")

    with pytest.raises(BackupTargetError):
        back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")

    assert (tmp_path / "backup.zip").read_text() == "last year's"


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(psycopg.OperationalError):
        back_up(f"postgresql:///x?host={tmp_path}", tmp_path / "old", tmp_path / "backup.zip")

    assert [path.name for path in tmp_path.iterdir()] == []


def test_an_installation_in_use_is_not_overwritten(filled_dsn: str, dsn: str, tmp_path: Path) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    before = contents(filled_dsn)

    with pytest.raises(NotFreshError):
        restore(filled_dsn, tmp_path / "new", tmp_path / "backup.zip")

    assert contents(filled_dsn) == before


def test_a_lake_in_use_is_not_overwritten(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    kept = tmp_path / "new/lake/part.parquet"
    kept.parent.mkdir(parents=True)
    kept.write_text("rows")

    with pytest.raises(NotFreshError):
        restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    assert kept.read_text() == "rows"


def test_a_damaged_backup_changes_nothing_and_a_good_one_can_follow(
    filled_dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    good = tmp_path / "backup.zip"
    back_up(filled_dsn, tmp_path / "old", good)
    with zipfile.ZipFile(good) as archive:
        last = archive.read("database/spend.copy")
    damaged = rewrite(good, tmp_path / "damaged.zip", {"database/spend.copy": last.replace(b"12345", b"12346")})

    with pytest.raises(NotABackupError, match="spend"):
        restore(empty_dsn, tmp_path / "new", damaged)

    with psycopg.connect(empty_dsn) as conn:
        assert conn.execute("SELECT count(*) FROM identifier").fetchone() == (0,)
    with pytest.raises(HalfRestoredError) as half:
        require_no_half_restore(tmp_path / "new")
    assert str(damaged) in (half.value.hint or "")
    restore(empty_dsn, tmp_path / "new", good)
    require_no_half_restore(tmp_path / "new")
    assert contents(empty_dsn) == contents(filled_dsn)


@pytest.mark.parametrize("missing", [MANIFEST, "database/event_202503.copy"])
def test_an_incomplete_backup_is_refused(filled_dsn: str, empty_dsn: str, tmp_path: Path, missing: str) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    incomplete = rewrite(tmp_path / "backup.zip", tmp_path / "incomplete.zip", {missing: None})

    with pytest.raises(NotABackupError):
        restore(empty_dsn, tmp_path / "new", incomplete)


def test_a_file_cut_short_is_refused(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    content = (tmp_path / "backup.zip").read_bytes()
    (tmp_path / "short.zip").write_bytes(content[: len(content) // 2])

    with pytest.raises(NotABackupError):
        restore(empty_dsn, tmp_path / "new", tmp_path / "short.zip")


@pytest.mark.parametrize(
    "change", [{"format": 2}, {"migrations": ["0001_pre_ground.sql", "9999_pre_future.sql"]}], ids=["format", "schema"]
)
def test_a_backup_of_a_newer_version_is_refused(
    filled_dsn: str, empty_dsn: str, tmp_path: Path, change: dict[str, object]
) -> None:
    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        manifest = msgspec.json.decode(archive.read(MANIFEST)) | change
    newer = rewrite(tmp_path / "backup.zip", tmp_path / "newer.zip", {MANIFEST: msgspec.json.encode(manifest)})

    with pytest.raises(NewerBackupError):
        restore(empty_dsn, tmp_path / "new", newer)


def test_a_backup_cannot_write_outside_the_data_directory(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "secret.key").write_text("x")
    back_up(filled_dsn, old, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        text = archive.read(MANIFEST).replace(b'"secret.key"', b'"../evil.key"')
    evil = rewrite(tmp_path / "backup.zip", tmp_path / "evil.zip", {MANIFEST: text})

    with pytest.raises(NotABackupError, match="outside"):
        restore(empty_dsn, tmp_path / "new", evil)

    assert not (tmp_path / "evil.key").exists()
