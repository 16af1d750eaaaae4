"""Which account of the operating system runs the server: ours, or a system user when we are root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from fanwheel.infra.postgres.errors import DataDirectoryOwnerError, ServerAccountError

SYSTEM_USER: Final = "fanwheel"


class _Identity(TypedDict, total=False):
    """The part of Popen's arguments that decides whom a child runs as."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom the server runs as."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process already has that identity."""
        return self.uid == os.geteuid()

    def identity(self) -> _Identity:
        """What Popen needs to start a child as this account."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Give ``path`` itself, not what is below it, to this account."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def take_tree(self, path: Path) -> None:
        """Give ``path`` and everything below it to this account."""
        if self.is_ours:
            return
        self.take(path)
        for folder, names, files in os.walk(path):
            for name in (*names, *files):
                self.take(Path(folder, name))

    def can_enter(self, path: Path) -> bool:
        """Whether the account can read and enter a directory, or read and run a file."""
        return self._test("-r", path) and self._test("-x", path)

    def can_enter_below(self, path: Path) -> bool:
        """Whether the account can reach what lies in a directory, which needs no right to list it."""
        return self._test("-x", path)

    def _test(self, what: str, path: Path) -> bool:
        # Asked of the kernel, as that user: mode bits alone do not know of ACLs, mounts and namespaces.
        shell = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", what, str(path)]
        try:
            return subprocess.run(shell, cwd="/", check=False, **self.identity()).returncode == 0  # noqa: S603
        except (OSError, subprocess.SubprocessError) as error:
            raise ServerAccountError(
                f"PostgreSQL does not run as root, and this process may not act as uid {self.uid}: {error}.",
                hint="Start Fanwheel as an ordinary user, or allow it to change its user (CAP_SETUID, CAP_SETGID).",
            ) from error


def choose(data: Path) -> Account:
    """The account that runs the cluster in ``data``, which need not exist yet.

    Raises
    ------
    DataDirectoryOwnerError
        If we are not root and the cluster belongs to somebody else.
    """
    try:
        owner = data.stat()
    except FileNotFoundError:
        owner = None
    except PermissionError:
        raise DataDirectoryOwnerError(
            f"{data} cannot be entered by uid {os.geteuid()}.",
            hint="Run Fanwheel as the user who made the data directory, or set FANWHEEL_HOME to another one.",
        ) from None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise DataDirectoryOwnerError(
                f"{data} belongs to {_name(owner.st_uid)}, and this process runs as {_name(os.geteuid())}.",
                hint="Run Fanwheel as the user who made the data directory, or set FANWHEEL_HOME to another one.",
            )
        return Account(uid=os.geteuid(), gid=os.getegid())
    if owner is not None and owner.st_uid != 0:
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    return _system_account()


def _system_account() -> Account:
    if not _known(SYSTEM_USER):
        _add_system_user()
    for name in (SYSTEM_USER, "nobody"):
        if _known(name):
            entry = pwd.getpwnam(name)
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServerAccountError(hint=f"Add a system user named {SYSTEM_USER}, or start Fanwheel as an ordinary user.")


def _add_system_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return
    # A failure (read-only /etc, a race with another start) is settled by looking again.
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    subprocess.run(  # noqa: S603
        [*command, "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=False, capture_output=True
    )


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
