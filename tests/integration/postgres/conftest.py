"""Homes for embedded servers, and processes of ours that hold one open."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_HOLD = """
import sys
from pathlib import Path
from fanwheel.infra import telemetry
from fanwheel.infra.postgres.supervisor import embedded
telemetry.configure("error")  # to standard error; this process says its DSN on standard output
print("begin", flush=True)
with embedded(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that every user can reach, with a path short enough for a socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="fw-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


class Holder:
    """Another process of ours that has the server of a home open."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "begin\n"

    def dsn(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> int:
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()
        return self._process.returncode


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    holders: list[Holder] = []

    def start(home: Path) -> Holder:
        holders.append(Holder(home))
        return holders[-1]

    yield start
    for holder in holders:
        holder.kill()


def in_child(task: Callable[[], str], *, uid: int | None = None) -> str:
    """What ``task`` returns in a fork that acts as ``uid``; its exception's text if it raises."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            if uid is not None:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            try:
                answer = task()
            except BaseException as error:  # noqa: BLE001
                answer = f"{type(error).__name__}: {error}"
            os.write(write, answer.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(child, 0)
    return answer
