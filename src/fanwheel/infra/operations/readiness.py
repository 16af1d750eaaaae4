"""Readiness: whether events can be stored at this moment, and if not, why."""

import shutil
from pathlib import Path
from typing import ClassVar, Final

from fanwheel.infra.postgres import Database
from fanwheel.kernel.errors import ErrorKind, FanwheelError

# PostgreSQL asks for 16 MB at a time for its log, and ends when it does not get them.
_TOO_FEW_BYTES: Final = 32 << 20


class DiskFullError(FanwheelError):
    """The disk is full."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


async def require_ready(database: Database, home: Path) -> None:
    """Return if events can be stored.

    Raises
    ------
    DiskFullError, DatabaseFullError
        If there is no room where the data is, or was none for the database a moment ago.
    DatabaseDownError
        If the database does not answer.
    """
    free = shutil.disk_usage(home).free
    if free < _TOO_FEW_BYTES:
        raise DiskFullError(
            f"The disk of FANWHEEL_HOME is full: {free >> 20} MB are free.",
            hint="Make room; everything goes on by itself then.",
        )
    database.require_room()
    async with database.installation() as tx:
        await tx.value("SELECT 1")
