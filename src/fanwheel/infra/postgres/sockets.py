"""Where the server's socket lives: a private directory whose path is short enough for the kernel."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Final

from fanwheel.infra.postgres.account import Account

PORT: Final = 5432  # only names the socket file; nothing listens on TCP
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_LONGEST: Final = 103


def make(root: Path, account: Account) -> Path:
    """An empty directory that only ``account`` (and root) may enter; what a killed server left in it is gone."""
    inside = root / "run"
    if _fits(inside) and account.can_enter_below(root):
        shutil.rmtree(inside, ignore_errors=True)
        inside.mkdir(mode=0o700)
        account.take(inside)
        return inside
    return _outside(root, account)


def discard(folder: Path, root: Path) -> None:
    """Leave nothing behind outside the data directory."""
    if folder.parent != root:
        shutil.rmtree(folder, ignore_errors=True)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _LONGEST


def _outside(root: Path, account: Account) -> Path:
    name = f"fanwheel-{hashlib.sha256(os.fsencode(root)).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") if account.is_ours else ""
    for parent in (Path(runtime), Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - see below
        folder = parent / name
        if not parent.is_absolute() or not parent.is_dir() or not _fits(folder):
            continue
        if _is_private(folder, account):
            shutil.rmtree(folder)
        try:
            folder.mkdir(mode=0o700)
        except OSError:  # somebody else's: in a shared directory any name can be taken by anybody
            folder = Path(tempfile.mkdtemp(prefix="fanwheel-", dir="/tmp"))
        account.take(folder)
        return folder
    raise OSError("no directory is short enough for a socket")


def _is_private(folder: Path, account: Account) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077
