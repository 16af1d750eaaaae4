"""The cluster on disk: made by initdb in one step that cannot be half done, and tuned for one product."""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fanwheel.infra.postgres.account import Account
from fanwheel.infra.postgres.binaries import Binaries
from fanwheel.infra.postgres.errors import NoClusterError, OtherVersionError, ServerStartError
from fanwheel.infra.postgres.process import child_environment, die_with_parent

ROLE: Final = "fanwheel"
_TUNING: Final = "fanwheel.conf"
_MEGABYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the cluster lives, as we see it and as the server's account sees it.

    The two differ when a parent directory is closed to that account: then ``seen`` goes through an open
    directory (``/proc/self/fd/<n>``), which needs no permission on the parents.
    """

    root: Path
    seen: Path
    fds: tuple[int, ...]

    @property
    def data(self) -> Path:
        """The data directory as this process sees it."""
        return self.root / "data"


def require_version(place: Place, binaries: Binaries) -> bool:
    """Whether a cluster exists; refuse one that these programs cannot run.

    Raises
    ------
    OtherVersionError
        If another major version wrote it.
    NoClusterError
        If the directory is something else.
    """
    if not place.data.exists() or not any(place.data.iterdir()):
        return False
    try:
        major = int((place.data / "PG_VERSION").read_text().split(".")[0])
    except (OSError, ValueError):
        raise NoClusterError(
            f"{place.data} is not empty and not a PostgreSQL data directory.",
            hint="Move it away, or set FANWHEEL_HOME to another directory.",
        ) from None
    if major != binaries.major:
        newer = "newer" if major > binaries.major else "older"
        raise OtherVersionError(
            f"{place.data} was written by PostgreSQL {major}, which is {newer} than {binaries.major} "
            f"in {binaries.bin_dir}.",
            hint=f"Set FANWHEEL_POSTGRES_BIN to the programs of PostgreSQL {major}. To change version, take a backup "
            "with those (fanwheel backup) and restore it into a new FANWHEEL_HOME (fanwheel restore).",
        )
    return True


def create(place: Place, binaries: Binaries, account: Account) -> None:
    """Make a new cluster; a process killed at any moment leaves none, or a whole one."""
    for left_over in place.root.glob("data.tmp-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    if place.data.exists():
        place.data.rmdir()
    fresh = place.root / f"data.tmp-{secrets.token_hex(4)}"
    fresh.mkdir(mode=0o700)
    account.take(fresh)
    _initdb(place.seen / fresh.name, binaries, account, place.fds)
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        # Not on the command line, so that ALTER SYSTEM and later lines can overrule it.
        file.write(f"\ninclude_if_exists = '{_TUNING}'\n")
    fresh.rename(place.data)
    _sync_directory(place.root)


def _initdb(target: Path, binaries: Binaries, account: Account, fds: tuple[int, ...]) -> None:
    base = [str(binaries.program("initdb")), "-D", str(target), "-U", ROLE, "--encoding=UTF8", "--data-checksums"]
    base += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
    # Code point order everywhere: the same on every platform, and no index breaks when the C library changes.
    if binaries.major >= 17:
        attempts = [["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    else:
        attempts = [["--locale=C.UTF-8"], ["--no-locale"]]
    output = ""
    for locale in attempts:
        done = subprocess.run(  # noqa: S603
            base + locale,
            cwd="/",
            env=child_environment(),
            check=False,
            capture_output=True,
            text=True,
            pass_fds=fds,
            preexec_fn=die_with_parent("SIGKILL"),
            **account.identity(),
        )
        if done.returncode == 0:
            return
        output = done.stdout + done.stderr
    raise ServerStartError(
        f"initdb could not make a cluster: {' '.join(output.split()[-40:])}",
        hint="Run fanwheel doctor; it checks the disk, the account and the programs.",
    )


def repair(place: Place, account: Account) -> None:
    """Give a cluster that was copied by root back to the account that runs it, closed to everybody else."""
    if place.data.stat().st_uid != account.uid:
        account.take_tree(place.data)
    if place.data.stat().st_mode & 0o077:
        place.data.chmod(0o700)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tune(place: Place, account: Account) -> None:
    """Write the settings for this machine; called before every start, so that upgrades take effect."""
    path = place.data / _TUNING
    path.write_text(tuning(_memory()), encoding="utf-8")
    account.take(path)


def tuning(memory: int) -> str:
    """The server's settings on a machine with ``memory`` bytes."""
    # PostgreSQL reads mostly through the page cache; small shared buffers keep an idle product small.
    buffers = min(max(memory // 64, 32 * _MEGABYTE), 128 * _MEGABYTE) // _MEGABYTE
    maintenance = min(max(memory // 64, 32 * _MEGABYTE), 256 * _MEGABYTE) // _MEGABYTE
    return f"""# Written by Fanwheel at every start. Change settings with ALTER SYSTEM, which overrules this file.
shared_buffers = {buffers}MB
work_mem = 16MB
maintenance_work_mem = {maintenance}MB
max_connections = 60
jit = off
fsync = on
synchronous_commit = on
full_page_writes = on
wal_init_zero = off
wal_compression = off
max_wal_size = 4GB
min_wal_size = 128MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
max_logical_replication_workers = 0
autovacuum_max_workers = 2
autovacuum_naptime = 30s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.05
idle_in_transaction_session_timeout = 10min
tcp_keepalives_idle = 60
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
logging_collector = on
log_directory = 'log'
log_filename = 'server-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_checkpoints = off
log_autovacuum_min_duration = 1min
log_lock_waits = on
# Values of rows belong to people: no statement, parameter or key detail reaches the log.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def _memory() -> int:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return machine
    return min(machine, int(limit)) if limit.isdigit() else machine
