"""Scores of every buyer: what they will spend, whether they still buy, their RFM tier, when they are due."""

from datetime import datetime
from typing import Any, Final

import numpy as np

from fanwheel.cdp.scores import Score
from fanwheel.infra import sqlfile
from fanwheel.infra.settings import Settings
from fanwheel.kernel.money import exponent
from fanwheel.measure import retention
from fanwheel.measure.errors import NotEnoughDataError
from fanwheel.measure.insights import values
from fanwheel.measure.insights.sitting import Sitting, sit
from fanwheel.measure.reports.desk import give_memory_back

_SQL: Final = sqlfile.load("fanwheel.measure.insights", "buyers.sql")
_DAY_US: Final = 86_400_000_000
_CHANCE_DIGITS: Final = 4

Columns = dict[str, list[Any]]


def work_out(settings: Settings, dsn: str, workspace: int, *, now: datetime) -> list[Score]:
    """The scores of everybody with a paid order, as of now.

    A score that the data cannot tell is left out: habits with few people who bought again, the next purchase with few
    intervals between purchases.
    """
    try:
        with sit(settings, dsn, workspace, kept=("orders",), with_events=False) as sitting:
            return scores(sitting, now=now)
    finally:
        give_memory_back()


def scores(sitting: Sitting, *, now: datetime) -> list[Score]:
    """The scores of everybody with a paid order, from tables that were filled."""
    today = sitting.today(now)
    sitting.engine.keep("purchase", _SQL["purchase"], until_day=today)
    sitting.engine.keep("rfm_person", _SQL["rfm_person"], until_day=today)
    history, _ = values.histories(sitting.engine, _SQL, today=today)
    if not history.num_rows:
        return []
    columns = _outlook(history, digits=exponent(sitting.place.currency))
    columns["rfm_tier"] = _tiers(sitting, history)
    columns["next_purchase_due"] = _due(sitting, history, today=today)
    names = [name for name, cells in columns.items() if cells]
    rows = zip(history["person_id"].to_pylist(), *(columns[name] for name in names), strict=True)
    return [Score(person, dict(zip(names, cells, strict=True))) for person, *cells in rows]


def _outlook(history: Any, *, digits: int) -> Columns:
    found = values.estimate(history)
    if isinstance(found, str):
        return {"clv_12m": [], "p_alive": []}
    worth = np.round(found.worth_minor / 10**digits, digits)
    return {"clv_12m": worth.tolist(), "p_alive": np.round(found.alive, _CHANCE_DIGITS).tolist()}


def _tiers(sitting: Sitting, history: Any) -> list[str]:
    rows = sitting.engine.query(_SQL["rfm_scores"]).to_pylist()
    tier = {row["person_id"]: f"{row['recency']}-{row['frequency']}" for row in rows}
    return [tier[person] for person in history["person_id"].to_pylist()]


def _due(sitting: Sitting, history: Any, *, today: int) -> list[str]:
    bought = sitting.engine.query(_SQL["purchase_days"])
    orders = {
        "person": bought["person_id"].to_numpy(),
        "at": (bought["bought_on"].to_numpy() * _DAY_US).view("datetime64[us]"),
    }
    until = np.datetime64(today * _DAY_US, "us").astype(datetime)
    try:
        cadence = retention.replenishment_cadence(orders, as_of=until)
    except NotEnoughDataError:
        return []
    due = dict(zip(cadence.person, np.datetime_as_string(cadence.due_on).tolist(), strict=True))
    return [due[person] for person in history["person_id"].to_pylist()]
