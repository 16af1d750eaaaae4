"""A database that is down is answered for at once, and found again when it is back."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.integration.postgres.conftest import Holder
from tests.support.house import House

from fanwheel.infra.postgres import pool
from fanwheel.infra.postgres.migrate import _migrate

SECRET = "fw_write_" + "0" * 27


def a_write_key(house: House) -> tuple[str, str]:
    """A key as HTTP Basic wants it."""
    house.rows(
        "INSERT INTO api_key (workspace_id, kind, name, prefix, secret_hash)"
        " VALUES (%s, 'write', 'k', 'fw', sha256(%s))",
        house.workspace(),
        SECRET.encode(),
    )
    return SECRET, ""


@pytest.mark.embedded
def test_a_stopped_server_is_answered_for_without_waiting_and_found_again(
    home: Path, tmp_path: Path, hold: Callable[[Path], Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody may wait as long as for a busy server: whoever does never comes back.
    monkeypatch.setattr(pool, "_BUSY_S", 1e6)
    server = hold(home)
    dsn = server.dsn()
    _migrate(dsn)
    with House.open(dsn, tmp_path) as house:
        browser = house.member(house.workspace(), "owner")
        key = a_write_key(house)

        def answers() -> list[tuple[int, str | None]]:
            event = {"userId": "u1", "event": "X"}
            found = [browser.get(path) for path in ("/readyz", "/api/people", "/api/auth/me")]
            found += [browser.post("/v1/track", event, auth=key)]
            return [(answer.status_code, answer.headers.get("Retry-After")) for answer in found]

        assert [status for status, _ in answers()] == [200] * 4
        assert server.close() == 0

        assert answers() == [(503, "1")] * 4
        assert browser.get("/healthz").status_code == 200

        hold(home).dsn()
        deadline = time.monotonic() + 60
        while [status for status, _ in answers()] != [200] * 4:
            assert time.monotonic() < deadline
        with psycopg.connect(dsn) as conn:
            assert conn.execute("SELECT count(*) >= 2 FROM event").fetchone() == (True,)


def test_a_server_that_is_only_busy_is_waited_for(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_PROMPT_S", 0.01)

    async def run() -> str:
        async with await pool.Database.open(dsn, max_size=1) as db:
            held = asyncio.Event()

            async def hold() -> None:
                async with db.connection():
                    held.set()
                    await asyncio.sleep(0.2)

            holding = asyncio.create_task(hold())
            await held.wait()
            async with db.installation() as tx:
                found = await tx.value("SELECT 'got it'")
            await holding
            return str(found)

    assert asyncio.run(run()) == "got it"
