"""Ingest over HTTP, durable before the answer, with dedupe and identity; against what the parts can do alone.

Batches are compared with a bare COPY of the same rows at 1,000 rows a commit on one connection into a table without
an index; single events with the same uvicorn answering after it has read the body, without a database.
``--sustained SECONDS`` also holds the batches for that long.
"""

import argparse
import base64
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
from benchmarks._bench import Product, a_product, report, wrk
from tests.support.product import free_port

HERE = Path(__file__).parent
LOAD = HERE / "_load.lua"
USERS = 200_000
BATCH = 100
ROWS_PER_COMMIT = 1_000
LAG = re.compile(r"^fanwheel_worker_lag_seconds\{.*\} (\S+)$", re.MULTILINE)
SILENT = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive(); await send({"type": "lifespan.startup.complete"})
        await receive(); await send({"type": "lifespan.shutdown.complete"}); return
    while (await receive()).get("more_body"): pass
    body = b'{"success":true}'
    head = [(b"content-length", b"16"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})
import uvicorn, sys
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False, loop="uvloop", http="httptools")
"""


def load(url: str, key: str, *, size: int, connections: int, seconds: int) -> dict[str, float]:
    auth = base64.b64encode(f"{key}:".encode()).decode()
    arguments = [auth, str(size), str(USERS), secrets.token_hex(6)]
    return wrk(url, script=LOAD, connections=connections, seconds=seconds, arguments=arguments)


def bare_copy(dsn: str, seconds: float = 8) -> float:
    """Rows a second of a COPY of rows that ingest stored, 1,000 a commit."""
    columns = (
        "workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at, properties, context"
    )
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(f"CREATE TABLE bench_copy AS SELECT {columns} FROM event LIMIT 0")
        with conn.cursor().copy(
            f"COPY (SELECT {columns} FROM event LIMIT {ROWS_PER_COMMIT}) TO STDOUT (FORMAT BINARY)"
        ) as copy:
            block = b"".join(bytes(part) for part in copy)
        rows, begin = 0, time.perf_counter()
        while (spent := time.perf_counter() - begin) < seconds:
            with conn.cursor().copy(f"COPY bench_copy ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(block)
            rows += ROWS_PER_COMMIT
        conn.execute("DROP TABLE bench_copy")
    return rows / spent


def silent_server() -> float:
    """Requests a second of the same server without a database."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SILENT, str(port)])
    try:
        time.sleep(2)
        return load(f"http://127.0.0.1:{port}/v1/track", "none", size=0, connections=64, seconds=8)["rate"]
    finally:
        process.terminate()
        process.wait()


def count(product: Product) -> int:
    with psycopg.connect(product.dsn) as conn:
        row = conn.execute("SELECT count(*) FROM event").fetchone()
    assert row
    return int(row[0])


def batches(product: Product, *, seconds: int) -> tuple[float, dict[str, float]]:
    """Events a second that are stored, and the load generator's figures."""
    before, begin = count(product), time.perf_counter()
    figures = load(f"{product.url}/v1/batch", product.write_key, size=BATCH, connections=16, seconds=seconds)
    spent = time.perf_counter() - begin
    stored = count(product) - before
    assert not figures["errors"], figures
    assert stored >= figures["requests"] * BATCH, (stored, figures)
    return min(figures["rate"] * BATCH, stored / spent), figures


def know_everybody(product: Product) -> None:
    """Send until nearly all users have been met: what a running brand looks like."""
    known = 0
    while known < 0.95 * USERS:
        batches(product, seconds=5)
        with psycopg.connect(product.dsn) as conn:
            row = conn.execute("SELECT count(*) FROM identifier").fetchone()
        assert row
        known = int(row[0])
    let_the_worker_catch_up(product)


def let_the_worker_catch_up(product: Product) -> None:
    """Wait until nothing of what was sent before is still to be worked off."""
    while any(float(lag) > 0 for lag in LAG.findall(httpx.get(f"{product.url}/metrics").text)):
        time.sleep(2)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sustained", type=int, default=0)
    sustained = parser.parse_args().sustained
    with a_product() as product:
        know_everybody(product)
        limit = bare_copy(product.dsn)
        rate, figures = batches(product, seconds=15)
        ok = report("ingest_batch", rate, "events/s", limit=limit, target=0.35)
        ok &= report("ingest_batch_p99", figures["p99_ms"], "ms", limit=0, target=50, at_most=True)
        silent = silent_server()
        let_the_worker_catch_up(product)
        single = load(f"{product.url}/v1/track", product.write_key, size=0, connections=64, seconds=15)
        ok &= report("ingest_single", single["rate"], "requests/s", limit=silent, target=0.4)
        ok &= report("ingest_single_p99", single["p99_ms"], "ms", limit=0, target=30, at_most=True)
        if sustained:
            held, _ = batches(product, seconds=sustained)
            ok &= report("ingest_sustained", held, "events/s", limit=rate, target=0.7)
    return not ok


if __name__ == "__main__":
    sys.exit(main())
