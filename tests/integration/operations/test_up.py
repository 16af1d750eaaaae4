"""`fanwheel up` as an operator meets it: started, asked, hurt, stopped."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.support.product import FANWHEEL, Product, free_port

from fanwheel.infra.postgres import process


@pytest.fixture(autouse=True)
def several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most users get: two processes that answer on one port."""
    monkeypatch.setattr(Product, "api_processes", 2)


@pytest.fixture(scope="module")
def enduring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product of two processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Product, "api_processes", 2)
        with Product.started(tmp_path_factory.mktemp("hardy")) as running:
            yield running


@pytest.fixture
def hardy(enduring: Product) -> Product:
    """A product that one test after the other hurts or ends: it is whole again each time."""
    if not enduring.is_running:
        enduring.start()
    return enduring


def wait_for(what: Callable[[], Any]) -> None:
    """Wait until ``what`` holds, and fail if it does not come to hold."""
    deadline = time.monotonic() + 120
    while not what():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.05)


def children(parent: int, word: str) -> list[int]:
    """Processes that ``parent`` started whose command line has ``word``."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            ppid = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if ppid == parent and word in process.command_line(int(folder.name)):
            found.append(int(folder.name))
    return found


def event(number: int) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": f"u{number % 7}", "messageId": f"m-{number}-{uuid4()}"}


def accepted(product: Product) -> int:
    return int(product.get("/api/ingest/stats", minutes=60)["totals"]["accepted"])


def pid_of(product: Product) -> int:
    assert product._process is not None
    return product._process.pid


def run(product: Product, *words: str, **told: str) -> "subprocess.CompletedProcess[str]":
    environment = product.environment | told
    return subprocess.run([FANWHEEL, *words], env=environment, capture_output=True, text=True, check=False, timeout=120)


def send_until(product: Product, hurt: Callable[[], None]) -> int:
    """How many events were acknowledged before ``hurt``, which comes after the first twenty, ended the product."""
    acknowledged = 0
    began = threading.Event()

    def send() -> None:
        nonlocal acknowledged
        with httpx.Client(auth=(product.write_key, ""), timeout=30) as client:
            while True:
                try:
                    answer = client.post(f"{product.url}/v1/batch", json={"batch": [event(acknowledged)]})
                except httpx.TransportError:
                    return
                if answer.status_code != 200:
                    return
                acknowledged += 1
                if acknowledged == 20:
                    began.set()

    sender = threading.Thread(target=send)
    sender.start()
    began.wait()
    hurt()
    sender.join()
    return acknowledged


def test_what_was_acknowledged_survives_every_ending(hardy: Product) -> None:
    before, acknowledged, endings = accepted(hardy), 0, (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)

    for ending in endings:
        acknowledged += send_until(hardy, lambda number=ending: os.kill(pid_of(hardy), number))  # type: ignore[misc]
        hardy.stop()
        hardy.start()

    # At each ending one more may have been stored whose answer was cut off.
    assert acknowledged >= 60
    assert 0 <= accepted(hardy) - before - acknowledged <= len(endings)


def test_a_worker_that_dies_is_replaced(hardy: Product) -> None:
    parent = pid_of(hardy)
    wait_for(lambda: children(parent, " worker"))
    first = children(parent, " worker")

    os.kill(first[0], signal.SIGKILL)
    wait_for(lambda: children(parent, " worker") not in ([], first))

    hardy.send({"type": "identify", "userId": "ana", "traits": {"name": "Ana"}})
    found = hardy.eventually("/api/people", lambda answer: answer["items"], seconds=60, q="ana")
    assert len(found["items"]) == 1


def listeners(port: int) -> list[str]:
    """The sockets that listen on ``port``, as the kernel lists them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"]


def counted(product: Product) -> int:
    """Accepted events as /metrics has them, asked over a connection of its own."""
    lines = httpx.get(f"{product.url}/metrics").text.splitlines()
    found = [line for line in lines if line.startswith('fanwheel_ingest_events_total{outcome="accepted"}')]
    return int(float(found[0].rpartition(" ")[2])) if found else 0


def test_whichever_process_answers_knows_what_all_have_counted(hardy: Product) -> None:
    wait_for(lambda: len(listeners(hardy.port)) == 2)
    before = counted(hardy)

    for number in range(40):
        hardy.send(event(number))

    assert {counted(hardy) for _ in range(12)} == {before + 40}


def test_one_of_several_processes_that_dies_is_replaced(hardy: Product) -> None:
    parent, before = pid_of(hardy), accepted(hardy)
    wait_for(lambda: children(parent, " api "))
    first = children(parent, " api ")

    os.kill(first[0], signal.SIGKILL)
    answers = [hardy.send(event(number)).status_code for number in range(20)]

    wait_for(lambda: children(parent, " api ") not in ([], first))
    assert answers == [200] * 20
    assert accepted(hardy) == before + 20


@pytest.mark.embedded
def test_a_killed_database_is_answered_for_and_comes_back(hardy: Product) -> None:
    before = accepted(hardy)
    hardy.send(event(1))
    claim = process.read_pid_file(hardy.home / "postgres/data")
    assert claim is not None

    os.kill(claim.pid, signal.SIGKILL)

    seen = set()
    while True:
        answer = hardy.send(event(2))
        seen.add(answer.status_code)
        if answer.status_code == 200:
            break
        time.sleep(0.05)
    assert seen <= {200, 429, 503}

    def stats() -> httpx.Response:
        headers = {"Authorization": f"Bearer {hardy.server_key}"}
        return httpx.get(f"{hardy.url}/api/ingest/stats", headers=headers)

    # A connection of the pool that has not been used since is found out when it is: that answer is a 503 too.
    wait_for(lambda: stats().status_code == 200)
    wait_for(lambda: stats().is_success and stats().json()["totals"]["accepted"] == before + 2)


def test_it_ends_in_order_and_starts_again_with_what_it_had(hardy: Product) -> None:
    before, log = accepted(hardy), hardy.home / "product.log"
    known = log.stat().st_size
    hardy.send(*[event(number) for number in range(50)])

    code = hardy.stop()
    hardy.start()

    assert code == 0
    assert accepted(hardy) == before + 50
    # It answers while the process beside it is still starting, which must end as well.
    assert hardy.stop() == 0
    assert b"did not end in time" not in log.read_bytes()[known:]
    if "FANWHEEL_DATABASE_URL" not in hardy.environment:
        assert not (hardy.home / "postgres/data/postmaster.pid").exists()


def test_nothing_outlives_a_killed_product(hardy: Product) -> None:
    parent = pid_of(hardy)
    wait_for(lambda: children(parent, " worker") and children(parent, " api "))
    started = [found for word in (" worker", " api ", "postgres") for found in children(parent, word)]

    hardy.kill()

    wait_for(lambda: not any(process.is_alive(pid) for pid in started))
    assert started  # there was something that could have outlived it


def test_a_second_start_on_the_same_port_says_so(product: Product) -> None:
    second = run(product, "up")

    assert second.returncode == 1
    assert "FANWHEEL_PORT" in second.stderr
    assert httpx.get(f"{product.url}/readyz").status_code == 200


def test_an_api_of_its_own_shares_the_database(product: Product) -> None:
    port = free_port()
    environment = product.environment | {"FANWHEEL_PORT": str(port)}
    second = subprocess.Popen([FANWHEEL, "api"], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                return httpx.get(f"{url}/readyz").status_code == 200
            except httpx.TransportError:
                return False

        wait_for(answers)
        before = accepted(product)
        sent = httpx.post(f"{url}/v1/batch", json={"batch": [event(1)]}, auth=(product.write_key, ""))

        assert sent.status_code == 200
        assert accepted(product) == before + 1
    finally:
        second.terminate()
        assert second.wait() == 0


def test_a_person_is_erased_from_the_command_line(product: Product) -> None:
    product.send({"type": "identify", "userId": "to-erase", "traits": {"email": "erase@brand.example"}})
    product.eventually("/api/people", lambda answer: answer["items"], q="erase@brand.example")

    erased = run(product, "erase", "email=Erase@Brand.example ", "--yes")
    again = run(product, "erase", "email=erase@brand.example", "--yes")

    assert (erased.returncode, again.returncode) == (0, 1), erased.stderr
    assert "Nobody has that identifier" in again.stderr
    assert product.get("/api/people", q="to-erase")["items"] == []


def test_a_running_product_is_backed_up_and_the_copy_runs(hardy: Product, tmp_path: Path) -> None:
    before = accepted(hardy)
    hardy.send(*[event(number) for number in range(40)], {"type": "identify", "userId": "ana"})
    file = tmp_path / "backup.zip"

    saved = run(hardy, "backup", str(file))
    assert saved.returncode == 0, saved.stderr
    hardy.stop()
    copy = Product(tmp_path / "copy", free_port())
    copy.home.mkdir()
    restored = run(copy, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    copy.server_key = hardy.server_key
    copy.start()

    try:
        assert accepted(copy) == before + 41
        assert run(copy, "doctor").returncode == 0
        again = run(copy, "restore", str(file))
        assert (again.returncode, "Stop fanwheel" in again.stderr or "already" in again.stderr) == (1, True)
    finally:
        copy.stop()


def test_an_interrupted_restore_keeps_the_product_from_starting(tmp_path: Path) -> None:
    product = Product(tmp_path, free_port())
    (tmp_path / "restore.incomplete").write_text("/backups/last.zip\n")

    started = run(product, "up")

    assert (started.returncode, "fanwheel restore /backups/last.zip" in started.stderr) == (1, True)


def test_migrate_checks_and_applies(tmp_path: Path) -> None:
    product = Product(tmp_path, free_port())

    before, applied, after = (
        run(product, *words) for words in (["migrate", "--check"], ["migrate"], ["migrate", "--check"])
    )

    assert (before.returncode, "0001_pre_ground.sql" in before.stdout) == (1, True)
    assert (applied.returncode, "0001_pre_ground.sql" in applied.stdout) == (0, True)
    assert (after.returncode, after.stdout) == (0, "the database is up to date\n")


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    product = Product(tmp_path, free_port())

    done = run(product, "doctor", FANWHEEL_PROT="8400")

    assert (done.returncode, "FANWHEEL_PROT is not a setting" in done.stderr) == (1, True)


def test_help_does_not_load_the_product(tmp_path: Path) -> None:
    code = "import sys, fanwheel.entrypoints.cli as cli; cli._add_parts(); print(*sorted(sys.modules))"

    loaded = subprocess.run(
        [Path(FANWHEEL).with_name("python"), "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert {"numpy", "duckdb", "pyarrow", "fastapi", "uvicorn", "psycopg", "deltalake"} & set(loaded) == set()
