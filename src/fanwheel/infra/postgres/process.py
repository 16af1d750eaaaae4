"""Server processes as the operating system sees them: who runs, whose it is, and that it ends with us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARK: Final = "cluster_name=fanwheel"
_PR_SET_PDEATHSIG: Final = 1
_IS_LINUX: Final = sys.platform.startswith("linux")


def die_with_parent(signal_name: str) -> Callable[[], None] | None:
    """What a child runs before exec so that the kernel signals it when the starting *thread* ends; Linux only."""
    if not _IS_LINUX:
        return None
    number = int(signal.Signals[signal_name])
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl  # looked up here: little may be done between fork and exec

    def arm() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent was gone before the kernel knew of our wish
            os._exit(1)

    return arm


def child_environment() -> dict[str, str]:
    """Our environment without PostgreSQL's variables, which would redirect it, and ours, which may hold secrets."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("PG", "FANWHEEL_", "LC_"))}
    return {**kept, "LC_ALL": "C", "LANG": "C"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PidFile:
    """What a postmaster says about itself in ``postmaster.pid``."""

    pid: int
    port: int
    socket_dir: str
    status: str

    @property
    def is_ready(self) -> bool:
        """Whether it takes connections."""
        return self.status == "ready"


def read_pid_file(data: Path) -> PidFile | None:
    """The postmaster that claims ``data``; None without a claim or while it is being written."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return None
    lines += [""] * (8 - len(lines))
    try:
        return PidFile(pid=abs(int(lines[0])), port=int(lines[3] or 0), socket_dir=lines[4], status=lines[7].strip())
    except ValueError:
        return None


def is_alive(pid: int) -> bool:
    """Whether a process with that id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def serves(pid: int, data: Path) -> bool:
    """Whether that process is a postmaster on ``data``, and not a stranger who was given its old id."""
    if not is_alive(pid):
        return False
    if not _IS_LINUX:
        return "postgres" in command_line(pid)
    try:
        # A server's working directory is its data directory. One of another user cannot be looked at,
        # and cannot be a server on a directory that is not that user's.
        return Path(f"/proc/{pid}/cwd").samefile(data) and Path(f"/proc/{pid}/comm").read_text().startswith("postgres")
    except OSError:
        return False


def is_ours(pid: int) -> bool:
    """Whether our supervisor started that server."""
    return MARK in command_line(pid)


def command_line(pid: int) -> str:
    """The command line of a process; empty when it cannot be read."""
    if _IS_LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    shown = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return shown.stdout
