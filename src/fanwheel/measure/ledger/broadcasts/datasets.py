"""The arms of a broadcast, from the ledger of the send path and from what people did."""

from datetime import UTC, datetime
from typing import Any, Final

from fanwheel.infra import lake, sqlfile
from fanwheel.infra.engine import Engine, WorkspaceReader, open_engine, register_events
from fanwheel.infra.settings import Settings
from fanwheel.measure.ledger.broadcasts.contracts import ORDER, Arm
from fanwheel.measure.ledger.broadcasts.service import Asked, Counted

_READ: Final = sqlfile.load("fanwheel.measure.ledger.broadcasts", "datasets.sql")
_ARMS: Final = sqlfile.load("fanwheel.measure.ledger.broadcasts", "arms.sql")
_SHARED: Final = sqlfile.load("fanwheel.measure.reports", "datasets.sql")
_RENAMED: Final = {
    "total": "value", "total_squares": "value_squares", "total_before": "value_before",
    "total_before_squares": "value_before_squares", "total_cross": "value_cross", "arm": "name",
}  # fmt: skip


def count(settings: Settings, dsn: str, asked: Asked) -> Counted:
    """The arms as they stand now."""
    as_of = datetime.now(UTC)
    is_order = asked.goal == ORDER
    # Events first: a person who is merged or erased meanwhile is then read as merged or erased.
    events = None if is_order else lake.snapshot(settings.home, dsn, workspace=asked.workspace)
    with WorkspaceReader(dsn, asked.workspace, step=asked.step, days=str(asked.days)) as reader:
        tables = {"met": reader.read(_READ["met"]), "person_map": reader.read(_SHARED["person_map"])}
        if is_order:
            tables["home_order"] = reader.read(_SHARED["home_order"])
        erased = reader.read(_SHARED["erased"])
    with open_engine(settings) as engine:
        for name, table in tables.items():
            engine.table(name, table)
        if events is not None:
            register_events(engine, events, asked.workspace, erased=erased)
        engine.keep(
            "deed", _ARMS["order_deed" if is_order else "event_deed"], **({} if is_order else {"goal": asked.goal})
        )
        return _counted(engine, as_of=as_of)


def _counted(engine: Engine, *, as_of: datetime) -> Counted:
    rows = engine.query(_ARMS["arms"]).to_pylist()
    mixed = sum(row["people"] for row in rows if row["is_mixed"])
    return Counted(as_of, tuple(_arm(row) for row in rows if not row["is_mixed"]), mixed)


def _arm(row: dict[str, Any]) -> Arm:
    return Arm(**{_RENAMED.get(name, name): value for name, value in row.items() if name != "is_mixed"})
