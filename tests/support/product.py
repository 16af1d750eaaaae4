"""The product as its user runs it: `fanwheel up` in a process of its own."""

import asyncio
import os
import secrets
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from fanwheel.entrypoints import accounts
from fanwheel.infra import access
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.supervisor import embedded

OWNER = "owner@brand.example"
PASSWORD = "correct horse battery staple"
FANWHEEL = str(Path(sys.executable).parent / "fanwheel")
# For `verify=` of a call by plain HTTP: httpx would read all certificates there are before each.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """A `fanwheel up` that can be asked, killed and started again."""

    # Starting a second process for each test would cost more than it shows; 0 is what users get.
    api_processes = 1

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.write_key = ""
        self.server_key = ""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the product is told."""
        told = {name: value for name, value in os.environ.items() if not name.startswith("FANWHEEL_")}
        database = os.environ.get("FANWHEEL_TEST_DATABASE_URL")
        if database:
            told["FANWHEEL_DATABASE_URL"] = self._own_database(database)
        return told | {
            "FANWHEEL_HOME": str(self.home),
            "FANWHEEL_PORT": str(self.port),
            "FANWHEEL_API_PROCESSES": str(self.api_processes),
            "FANWHEEL_OWNER_EMAIL": OWNER,
            "FANWHEEL_OWNER_PASSWORD": PASSWORD,
        }

    def _own_database(self, server: str) -> str:
        import psycopg

        name = getattr(self, "_database", None)
        if name is None:
            name = self._database = f"fw_product_{secrets.token_hex(4)}"
            with psycopg.connect(server, autocommit=True) as conn:
                conn.execute(f"CREATE DATABASE {name}")
        return psycopg.conninfo.make_conninfo(server, dbname=name)

    @property
    def dsn(self) -> str:
        """Where its database is, as the owner of the tables."""
        if external := self.environment.get("FANWHEEL_DATABASE_URL"):
            return external
        with embedded(self.home) as dsn:  # attaches to the running server
            return dsn

    @classmethod
    @contextmanager
    def started(cls, home: Path) -> Iterator["Product"]:
        """Run the product for the length of the block."""
        product = cls(home, free_port())
        product.start()
        try:
            product.make_keys()
            yield product
        finally:
            product.stop()

    def make_keys(self) -> None:
        """Give it a write key and a server key; in this process, since starting a command takes longer than a test."""
        with ThreadPoolExecutor(1) as pool:  # a thread has no event loop, while tests of browsers run one
            self.write_key, self.server_key = pool.submit(asyncio.run, _make_keys(self.dsn)).result()

    def start(self) -> None:
        """Start and wait until it answers."""
        log = (self.home / "product.log").open("ab")
        self._process = subprocess.Popen([FANWHEEL, "up"], env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 90
        while True:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2, verify=PLAIN).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.home / "product.log").read_text()[-4000:])
            time.sleep(0.05)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self._process is not None
        if self.is_running:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def command(self, *words: str) -> str:
        """What a `fanwheel` command prints."""
        done = subprocess.run([FANWHEEL, *words], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"fanwheel {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def api(self, method: str, path: str, **options: Any) -> Any:
        """A call of the management API with the server key; the decoded answer."""
        headers = {"Authorization": f"Bearer {self.server_key}"}
        answer = httpx.request(method, self.url + path, headers=headers, timeout=30, verify=PLAIN, **options)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def get(self, path: str, **params: Any) -> Any:
        """The decoded answer to a GET."""
        return self.api("GET", path, params=params)

    def send(self, *events: dict[str, Any], key: str | None = None) -> httpx.Response:
        """Send a batch as a server SDK would."""
        return httpx.post(
            f"{self.url}/v1/batch",
            json={"batch": list(events)},
            auth=(key or self.write_key, ""),
            timeout=30,
            verify=PLAIN,
        )

    def eventually(self, path: str, holds: Any, *, seconds: float = 20, **params: Any) -> Any:
        """The answer of a GET once ``holds`` is true of it."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.get(path, **params)
            if holds(answer):
                return answer
            assert time.monotonic() < deadline, f"{path} stayed at {str(answer)[:2000]}"
            time.sleep(0.1)


async def _make_keys(dsn: str) -> tuple[str, str]:
    async with await Database.open(dsn, max_size=1) as db:
        workspace = await accounts.find_workspace(db, None)
        write = await access.create_key(db, workspace, "write", "Test")
        return write, await access.create_key(db, workspace, "server", "Test")
