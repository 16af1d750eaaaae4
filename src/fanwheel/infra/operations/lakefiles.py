"""The lake's files as of one moment, held fast while they are copied."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from deltalake import DeltaTable
from deltalake.exceptions import TableNotFoundError

from fanwheel.infra.operations.errors import LakeMovedError

LAKE: Final = "lake"
LOG: Final = "_delta_log"
_ATTEMPTS: Final = 5


@contextmanager
def held(home: Path) -> Iterator[list[tuple[Path, str]]]:
    """The files of one version of each of the lake's tables: where they can be read, and their names below ``home``.

    They are linked into a directory of their own, so a compaction or an erasure meanwhile takes nothing away.

    Raises
    ------
    LakeMovedError
        If no version stood still long enough.
    """
    lake = home / LAKE
    logs = sorted(lake.rglob(LOG)) if lake.is_dir() else []
    if not logs:
        yield []
        return
    stage = Path(mkdtemp(prefix="backup-", dir=home))
    try:
        for log in logs:
            _hold_table(log.parent, stage / log.parent.relative_to(home))
        yield [(path, str(path.relative_to(stage))) for path in sorted(stage.rglob("*")) if path.is_file()]
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _hold_table(table: Path, stage: Path) -> None:
    for _ in range(_ATTEMPTS):
        try:
            now = DeltaTable(str(table))
            version = now.version()
            names = _file_names(now)
        except TableNotFoundError:  # its first commit is still being written: nothing is in it
            return
        try:
            for name in [*names, *_log_names(table, version)]:
                _link(table / name, stage / name)
        except FileNotFoundError:  # removed since; a newer version does not need it
            shutil.rmtree(stage, ignore_errors=True)
            continue
        copy = DeltaTable(str(stage))
        if copy.version() == version and _file_names(copy) == names:
            return
        shutil.rmtree(stage)
    raise LakeMovedError(hint="Try again when no compaction runs.")


def _file_names(table: DeltaTable) -> list[str]:
    root = table.table_uri.removeprefix("file://").rstrip("/")
    return sorted(uri.removeprefix("file://").removeprefix(root).lstrip("/") for uri in table.file_uris())


def _log_names(table: Path, version: int) -> list[str]:
    # _last_checkpoint is a hint that may point past our version; the log can be read without it.
    return [
        f"{LOG}/{path.name}"
        for path in (table / LOG).iterdir()
        if path.name[:20].isdigit() and int(path.name[:20]) <= version
    ]


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
