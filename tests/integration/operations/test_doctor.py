"""The doctor sees what is wrong and names the remedy."""

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fanwheel.infra.operations.contracts import Finding
from fanwheel.infra.operations.doctor import examine
from fanwheel.infra.settings import Settings

PORT = 18120


def finding(settings: Settings, check: str) -> Finding:
    return next(found for found in examine(settings) if found.check == check)


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, database_url=dsn, port=PORT)


@pytest.fixture
def spoilt_dsn(dsn: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(dsn, autocommit=True) as conn:
        yield conn


def test_a_sound_installation_has_no_failure(settings: Settings) -> None:
    findings = examine(settings)

    assert [found for found in findings if found.state == "failure"] == []
    assert {found.check for found in findings} >= {
        "data directory", "disk space", "port", "PostgreSQL", "clock", "migrations", "row-level security",
        "long transactions", "lake",
    }  # fmt: skip


def test_an_embedded_installation_is_examined_too(tmp_path: Path) -> None:
    findings = {found.check: found for found in examine(Settings(home=tmp_path, port=PORT))}

    assert findings["PostgreSQL programs"].state == "ok"
    assert findings["migrations"].state == "failure"
    assert findings["migrations"].remedy == "Run fanwheel migrate."


def test_a_table_without_its_fence_is_named(settings: Settings, spoilt_dsn: psycopg.Connection[object]) -> None:
    spoilt_dsn.execute("ALTER TABLE consent DISABLE ROW LEVEL SECURITY")

    found = finding(settings, "row-level security")

    assert (found.state, "consent" in found.detail) == ("failure", True)


def test_a_fence_that_lets_everybody_through_is_noticed(
    settings: Settings, spoilt_dsn: psycopg.Connection[object]
) -> None:
    spoilt_dsn.execute("CREATE POLICY gap ON identifier TO fanwheel_app USING (true)")
    spoilt_dsn.execute("INSERT INTO workspace (slug, name) VALUES ('one', 'One')")
    spoilt_dsn.execute(
        "INSERT INTO identifier VALUES (1, gen_random_uuid(), 'email', 'ana@brand.example', 1, 1, now())"
    )

    found = finding(settings, "row-level security")

    assert (found.state, "without a workspace" in found.detail) == ("failure", True)


def test_a_table_that_the_application_owns_is_noticed(
    settings: Settings, spoilt_dsn: psycopg.Connection[object]
) -> None:
    spoilt_dsn.execute("GRANT CREATE ON SCHEMA public TO fanwheel_app")
    spoilt_dsn.execute("ALTER TABLE spend OWNER TO fanwheel_app")

    found = finding(settings, "row-level security")

    assert (found.state, "fanwheel_app" in found.detail) == ("failure", True)


def test_a_missing_migration_is_named(settings: Settings, spoilt_dsn: psycopg.Connection[object]) -> None:
    spoilt_dsn.execute("DELETE FROM schema_migration WHERE name LIKE '0002%'")

    found = finding(settings, "migrations")

    assert (found.state, "0002" in found.detail) == ("failure", True)


def test_a_taken_port_is_named(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", PORT))
        other.listen()

        found = finding(settings, "port")

    assert found.state == "failure"
    assert "FANWHEEL_PORT" in (found.remedy or "")


def test_an_interrupted_restore_is_named(settings: Settings) -> None:
    (settings.home / "restore.incomplete").write_text("/backups/last.zip\n")

    found = finding(settings, "data directory")

    assert (found.state, found.remedy) == ("failure", "Run it again: fanwheel restore /backups/last.zip")


def test_an_open_key_is_named(settings: Settings) -> None:
    (settings.home / "secret.key").write_text("x")
    (settings.home / "secret.key").chmod(0o644)

    found = finding(settings, "data directory")

    assert (found.state, "chmod 600" in (found.remedy or "")) == ("failure", True)


def test_a_lake_that_has_lost_a_file_is_noticed(settings: Settings) -> None:
    import pyarrow as pa
    from deltalake import write_deltalake

    write_deltalake(settings.home / "lake/event", pa.table({"a": [1]}))
    next((settings.home / "lake/event").glob("*.parquet")).unlink()

    assert finding(settings, "lake").state == "failure"


def test_a_database_that_does_not_answer_leaves_the_other_checks(tmp_path: Path) -> None:
    found = examine(Settings(home=tmp_path, database_url=f"postgresql:///x?host={tmp_path}", port=PORT))

    assert {item.check: item.state for item in found}["database"] == "failure"
    assert {item.check: item.state for item in found}["data directory"] == "ok"
