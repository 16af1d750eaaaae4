"""The calendar laid over a world: evenings and weekends are busier, and the order of events stays."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from fanwheel.measure.world.config import WorldConfig
from fanwheel.measure.world.people import Flags
from fanwheel.measure.world.streams import Floats

_WEEK_S: Final = 7 * 24 * 3600
_CHINA_OFFSET_H: Final = 8
# How busy each hour of a local day is, and each day from Monday.
_HOURS: Final = (3, 2, 1.5, 1, 1, 1.5, 3, 5, 7, 8, 9, 9.5, 11, 9, 8, 8, 8, 8.5, 9, 11, 14, 15, 11, 6)
_DAYS: Final = (0.94, 0.92, 0.95, 0.97, 1.08, 1.12, 1.06)


def first_day(config: WorldConfig) -> date:
    """The first day (UTC) that the world shows."""
    return config.until + timedelta(days=1 - 7 * config.weeks)


def starts_at(config: WorldConfig) -> datetime:
    """The instant at which the world starts to show."""
    return datetime.combine(first_day(config), time(), tzinfo=UTC)


def window(config: WorldConfig) -> tuple[int, int]:
    """Unix seconds of the first instant that the world shows, and of the first that it does not show any more."""
    start = int(starts_at(config).timestamp())
    return start, start + config.weeks * _WEEK_S


def epoch_seconds(config: WorldConfig, at: Floats, is_china: Flags) -> npt.NDArray[np.int64]:
    """Unix seconds of operational times ``at`` (weeks from the start), same shape; strictly monotone by region."""
    seconds = np.empty(len(at), dtype=np.int64)
    start = int(starts_at(config).timestamp())
    for of_china, offset_h in ((True, _CHINA_OFFSET_H), (False, 0)):
        who = is_china == of_china
        week = np.floor(at[who])
        share = np.interp(at[who] - week, _busyness(config, offset_h), np.linspace(0.0, 1.0, 169))
        seconds[who] = start + np.floor((week + share) * _WEEK_S).astype(np.int64)
    return seconds


def season(week: int) -> float:
    """How much more than usual people buy in a week: slow growth, with a festival every ninth week."""
    return (1.0 + 0.01 * week) * (1.55 if week % 9 == 7 else 1.0)


def _busyness(config: WorldConfig, offset_h: int) -> Floats:
    """Cumulative share of a week's bustle at each of its 168 hours, from the weekday on which the world starts."""
    local_hour = np.arange(168) + first_day(config).weekday() * 24 + offset_h
    weight = np.array(_HOURS)[local_hour % 24] * np.array(_DAYS)[local_hour // 24 % 7]
    return np.concatenate([[0.0], np.cumsum(weight) / weight.sum()])
