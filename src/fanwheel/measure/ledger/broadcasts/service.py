"""Lifts of broadcasts: the arms worked out by a thread and kept on a desk, judged when asked for."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.settings import Settings
from fanwheel.measure.ledger.broadcasts import rules
from fanwheel.measure.ledger.broadcasts.contracts import ORDER, Arm, Lift
from fanwheel.measure.ledger.broadcasts.errors import BroadcastNotFoundError
from fanwheel.measure.reports.desk import Desk, effort_of, give_memory_back

_SQL: Final = sqlfile.load("fanwheel.measure.ledger.broadcasts")


class Asked(NamedTuple):
    """The arms of one broadcast by what its people did within some days."""

    workspace: int
    step: str
    goal: str
    days: int


class Counted(NamedTuple):
    """Arms as they stood at a moment, and how many people were in two of them."""

    as_of: datetime
    arms: tuple[Arm, ...]
    in_both: int


class Lifts(Desk[Asked, Counted]):
    """Arms by question."""

    @classmethod
    def of(cls, settings: Settings, dsn: str) -> "Lifts":
        """Arms over the lake and the database of an installation."""
        return cls(lambda asked: _count(settings, dsn, asked), effort=effort_of(settings))


def _count(settings: Settings, dsn: str, asked: Asked) -> Counted:
    # DuckDB and Arrow are loaded with the first question, not with the server.
    from fanwheel.infra.engine import EngineDownError
    from fanwheel.measure.ledger.broadcasts import datasets

    try:
        return datasets.count(settings, dsn, asked)
    except EngineDownError:
        # An erasure takes files away at once, even from under a reader; a new look finds those that replaced them.
        return datasets.count(settings, dsn, asked)
    finally:
        give_memory_back()


async def find(tx: Transaction, broadcast_id: int) -> dict[str, Any]:
    """What is asked of a broadcast itself.

    Raises
    ------
    BroadcastNotFoundError
        If there is none with that id.
    """
    found = await tx.one_or_none(_SQL["find_broadcast"], broadcast_id=broadcast_id) if broadcast_id < 2**63 else None
    if found is None:
        raise BroadcastNotFoundError(broadcast_id=broadcast_id)
    return found


def judge(counted: Counted, asked: Asked, *, step_share: float) -> Lift:
    """What the arms say."""
    return rules.lift(
        counted.arms,
        in_both=counted.in_both,
        step_share=step_share,
        with_value=asked.goal == ORDER,
        as_of=counted.as_of,
    )
