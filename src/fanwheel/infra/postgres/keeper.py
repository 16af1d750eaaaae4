"""Keeps one postmaster running: starts it, waits for its recovery, starts it again if it dies, stops it at the end."""

import atexit
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import structlog

from fanwheel.infra.postgres import process, sockets
from fanwheel.infra.postgres.account import Account
from fanwheel.infra.postgres.binaries import Binaries
from fanwheel.infra.postgres.cluster import Place
from fanwheel.infra.postgres.errors import DataDirectoryInUseError, ServerStartError

_log = structlog.get_logger(__name__)
_POLL_S: Final = 0.01
_PROGRESS_S: Final = 10.0
_PATIENCE_S: Final = 60.0
_LONGEST_BACKOFF_S: Final = 10.0


class Keeper:
    """One running server; use as a context manager.

    A thread of its own starts the server and waits for it: the kernel ties a child to the *thread* that made it,
    so the thread has to live as long as the server.
    """

    def __init__(self, place: Place, programs: Binaries, account: Account) -> None:
        self._place, self._programs, self._account = place, programs, account
        self._owner_pid = os.getpid()
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._failure: Exception | None = None
        self._has_been_ready = False
        self._thread = threading.Thread(target=self._run, name="postgres-keeper", daemon=True)
        self.socket_dir = sockets.make(place.root, account)

    def __enter__(self) -> Self:
        atexit.register(self.stop)
        self._thread.start()
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Shut the server down cleanly and wait for it; harmless when called again, or in a forked child."""
        if os.getpid() != self._owner_pid:
            return
        atexit.unregister(self.stop)
        with self._lock:
            self._stopping.set()
            postmaster = self._postmaster
        if postmaster is not None:
            _end(postmaster.pid, is_gone=lambda: postmaster.poll() is not None)
        if self._thread.is_alive():
            self._thread.join()
        sockets.discard(self.socket_dir, self._place.root)

    # ------------------------------------------------------------ the thread
    def _run(self) -> None:
        backoff_s = 0.1
        while True:
            try:
                started = self._spawn()
            except OSError as error:
                if not self._has_been_ready:
                    self._failure = error
                    return
                # Such as a full disk, which somebody may clear.
                _log.warning("PostgreSQL cannot be started; trying again", error=type(error).__name__)
                backoff_s = min(backoff_s * 2, _LONGEST_BACKOFF_S)
                if self._stopping.wait(backoff_s):
                    return
                continue
            if started is None:
                return
            born = time.monotonic()
            code = started.wait()
            if self._stopping.is_set():
                return
            if not self._has_been_ready and not self._may_try_again():
                self._failure = self._explain(code)
                return
            backoff_s = 0.1 if time.monotonic() - born > _PATIENCE_S else min(backoff_s * 2, _LONGEST_BACKOFF_S)
            _log.warning("PostgreSQL ended; starting it again", code=code)
            if self._stopping.wait(backoff_s):
                return

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        forget_stranger(self._place.data)
        if self._has_been_ready:
            for left_over in self.socket_dir.glob(".s.PGSQL.*"):
                left_over.unlink(missing_ok=True)
        options = ["listen_addresses=", f"port={sockets.PORT}", f"unix_socket_directories={self.socket_dir}"]
        options += ["unix_socket_permissions=0700", process.MARK]
        command = [str(self._programs.program("postgres")), "-D", str(self._place.seen / "data")]
        with self._lock, (self._place.root / "start.log").open("wb") as output:
            if self._stopping.is_set():
                return None
            self._postmaster = subprocess.Popen(  # noqa: S603
                [*command, *(part for option in options for part in ("-c", option))],
                cwd="/",
                env=process.child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=self._place.fds,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we then stop the server in order
                preexec_fn=process.die_with_parent("SIGINT"),
                **self._account.identity(),
            )
        return self._postmaster

    def _may_try_again(self) -> bool:
        # Sessions of a killed postmaster notice its death within moments and hold its shared memory until then.
        return "shared memory block" in self._tail() and not self._stopping.wait(0.2)

    # ------------------------------------------------------------ the caller
    def _wait_until_ready(self) -> None:
        began = last_word = time.monotonic()
        while True:
            if self._failure is not None:
                raise self._failure
            claim = process.read_pid_file(self._place.data)
            postmaster = self._postmaster
            if claim and postmaster and claim.pid == postmaster.pid and claim.is_ready:
                self._has_been_ready = True
                return
            if time.monotonic() - last_word > _PROGRESS_S:
                last_word = time.monotonic()
                _log.info("PostgreSQL is recovering", seconds=round(last_word - began), log=self._tail(lines=1))
            time.sleep(_POLL_S)

    def _explain(self, code: int) -> ServerStartError:
        return ServerStartError(
            f"PostgreSQL did not start (exit code {code}): {self._tail()}",
            hint=f"The log is in {self._place.data / 'log'}; fanwheel doctor checks disk, account and programs.",
        )

    def _tail(self, *, lines: int = 4) -> str:
        logs = sorted((self._place.data / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        texts = [path.read_text(errors="replace") for path in (self._place.root / "start.log", *logs[-1:])]
        return " | ".join(line for text in texts for line in text.strip().splitlines()[-lines:])

    @staticmethod
    def end_predecessor(data: Path) -> None:
        """Wait for the server of a killed owner to finish its shutdown; refuse a server that is not ours.

        Raises
        ------
        DataDirectoryInUseError
            If somebody else started a server on ``data``.
        """
        claim = process.read_pid_file(data) if data.exists() else None
        if claim is None or not process.serves(claim.pid, data):
            return
        if not process.is_ours(claim.pid):
            raise DataDirectoryInUseError(
                f"A PostgreSQL server that Fanwheel did not start (process {claim.pid}) runs on {data}.",
                hint=f"Stop it (pg_ctl -D {data} stop), or set FANWHEEL_DATABASE_URL to use it as it is.",
            )
        _log.info("the server of an earlier process is still stopping; waiting for it")
        _end(claim.pid, is_gone=lambda: not process.is_alive(claim.pid))


def forget_stranger(data: Path) -> None:
    """Let a new server start over the claim of a killed one, whoever runs under its process id now."""
    path = data / "postmaster.pid"
    claim = process.read_pid_file(data)
    if claim is None:
        path.unlink(missing_ok=True)  # killed between making the file and writing it
        return
    # PostgreSQL refuses while that id is taken (by a stranger, or by its own corpse that nobody has buried yet),
    # unless it is its own parent's: so name us. Removing the file would also lose the shared memory key in it,
    # by which it finds sessions that outlived their postmaster.
    lines = path.read_text(encoding="utf-8").split("\n")
    # Written over, not anew: that needs no room on a full disk, where an emptied file could not be filled again.
    with path.open("r+", encoding="utf-8") as file:
        file.write("\n".join([str(os.getpid()), *lines[1:]]))
        file.truncate()


def _end(pid: int, *, is_gone: Callable[[], bool]) -> None:
    began = time.monotonic()
    asked = ""
    while not is_gone():
        waited = time.monotonic() - began
        # Fast shutdown writes a checkpoint. An immediate one costs a recovery at the next start, so it comes last.
        wanted = "SIGINT" if waited < _PATIENCE_S else "SIGQUIT"
        if wanted != asked:
            asked = wanted
            try:
                os.kill(pid, signal.Signals[wanted])
            except ProcessLookupError:
                return
        time.sleep(_POLL_S)
