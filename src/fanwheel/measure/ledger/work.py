"""What the ledger costs is paid by a process of its own: question in, answer out, memory given back at the end."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from fanwheel.infra.postgres.process import die_with_parent
from fanwheel.infra.settings import Settings
from fanwheel.measure.ledger.errors import LedgerDownError

_NICENESS: Final = 5
_LONGEST_S: Final = 600.0


class Work(msgspec.Struct, kw_only=True):
    """What a child is to do; it reads this from its input."""

    home: str
    engine: str
    engine_memory_mb: int
    dsn: str
    workspace: int
    margin: float
    first: date | None = None
    last: date
    by: str = "channel"
    history_days: list[date] = []  # instead of a ledger: the profits on these days

    @classmethod
    def of(cls, settings: Settings, dsn: str, *, workspace: int, margin: float, last: date) -> "Work":
        """The ledger of one workspace up to a day."""
        return cls(
            home=str(settings.home),
            engine=settings.engine,
            engine_memory_mb=settings.engine_memory_mb,
            dsn=dsn,
            workspace=workspace,
            margin=margin,
            last=last,
        )

    @property
    def settings(self) -> Settings:
        """As much of the settings as reading the lake needs."""
        return Settings(home=Path(self.home), engine=self.engine, engine_memory_mb=self.engine_memory_mb)


class Done(msgspec.Struct, kw_only=True):
    """What the child says: the answer as JSON, or what went wrong."""

    answer: msgspec.Raw = msgspec.Raw(b"null")
    message: str = ""
    hint: str | None = None


def run(work: Work) -> bytes:
    """The answer to ``work`` as JSON; blocks until the child has ended.

    Raises
    ------
    LedgerDownError
        If it could not be made.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-m", "fanwheel.measure.ledger"],
            input=msgspec.json.encode(work),
            capture_output=True,
            check=False,
            timeout=_LONGEST_S,
            preexec_fn=die_with_parent("SIGKILL"),  # whoever asked does not wait for it at the end
        )
    except subprocess.TimeoutExpired as error:
        raise LedgerDownError("The ledger took too long.", hint="Ask for a shorter period.") from error
    if child.returncode != 0:
        raise LedgerDownError(f"The ledger could not be made: {child.stderr.decode(errors='replace')[-300:].strip()}")
    done = msgspec.json.decode(child.stdout, type=Done)
    if done.message:
        raise LedgerDownError(done.message, hint=done.hint)
    return bytes(done.answer)


def give_way() -> None:
    """Let ingest go first."""
    os.nice(_NICENESS)
