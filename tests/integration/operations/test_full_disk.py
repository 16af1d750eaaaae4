"""A disk without room: nothing is taken that cannot be kept, and room is all it takes to go on."""

import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from tests.support.product import Product

pytestmark = pytest.mark.embedded
LEFT_BYTES = 12 << 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 160 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def free_bytes(place: Path) -> int:
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def test_a_full_disk_costs_no_acknowledged_event_and_needs_no_restart(small_disk: Path) -> None:
    home, ballast = small_disk / "home", small_disk / "ballast"
    home.mkdir()
    acknowledged: list[uuid.UUID] = []
    with Product.started(home) as product:

        def send(count: int) -> httpx.Response:
            keys = [uuid.uuid4() for _ in range(count)]
            pad = os.urandom(10_000).hex()
            answer = product.send(
                *(
                    {"type": "track", "event": "X", "userId": "u1", "messageId": str(key), "properties": {"pad": pad}}
                    for key in keys
                )
            )
            if answer.status_code == 200:
                acknowledged.extend(keys)
            return answer

        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free_bytes(small_disk) - LEFT_BYTES)
        while (refusal := send(20)).status_code == 200:
            pass

        # Refused, with the word to come again; the next ones too, though the server may have ended over it.
        refusals = [refusal, send(1), send(1)]
        assert {answer.status_code for answer in refusals} <= {429, 503}
        assert all(answer.headers["Retry-After"] for answer in refusals)
        ready = httpx.get(f"{product.url}/readyz", timeout=30)
        assert (ready.status_code, ready.json()["code"]) == (503, "disk_full")
        assert httpx.get(f"{product.url}/healthz").status_code == 200

        ballast.unlink()
        deadline = time.monotonic() + 120
        while send(1).status_code != 200 or httpx.get(f"{product.url}/readyz", timeout=30).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        with psycopg.connect(product.dsn) as conn:
            stored = [row[0] for row in conn.execute("SELECT message_key FROM event")]
        assert sorted(stored) == sorted(acknowledged)
        # The worker goes on too.
        product.eventually("/api/people", lambda answer: answer["total"] == 1, seconds=60)
