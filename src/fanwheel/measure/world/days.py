"""What each channel of a world costs and truly adds, day by day, with nobody held out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from fanwheel.measure.world import calendar
from fanwheel.measure.world.config import Content, WorldConfig
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.people import People, draw_people
from fanwheel.measure.world.simulation import simulate
from fanwheel.measure.world.spend import spend_rows
from fanwheel.measure.world.streams import Floats

_DAY_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueDay:
    """What a source cost and truly added on one day (UTC), in minor units of the reporting currency."""

    source: str
    day: date
    spend_minor: int
    revenue_minor: int


def true_days(config: WorldConfig) -> Iterator[TrueDay]:
    """The truth about every channel with spend from the beginning of the holdouts on.

    Notes
    -----
    What channel c adds on a day = revenue(all on) - revenue(c off after the pre-period), nobody held out, with the same
    luck; the days of a channel add up to its truth. One simulation for each channel.
    """
    config = replace(config, holdouts=None)
    people, full = draw_people(config), simulate(config)
    everything, spend = _revenue(config, people, full), _spend(config, people, full)
    first = calendar.first_day(config)
    for channel in config.channels:
        if channel.content is Content.INVITE or channel.source not in spend:
            continue
        added = everything - _revenue(config, people, simulate(config, off={channel.slug}))
        for day in range(config.pre_weeks * 7, config.weeks * 7):
            yield TrueDay(
                source=channel.source,
                day=first + timedelta(days=day),
                spend_minor=round(spend[channel.source][day]),
                revenue_minor=round(added[day]),
            )


def _revenue(config: WorldConfig, people: People, ledger: Ledger) -> Floats:
    """Net revenue by day of the order, shape (days,)."""
    orders = ledger.orders
    who = orders["person"].astype(np.int64)
    seconds = calendar.epoch_seconds(config, orders["at"].astype(np.float64), people.is_china[who])
    day = (seconds - int(calendar.starts_at(config).timestamp())) // _DAY_S
    shown = (day >= 0) & (day < config.weeks * 7)
    rate = np.array([config.rates[currency] for currency in ledger.currencies])
    value = ledger.net_minor() * rate[orders["currency"].astype(np.int64)]
    return np.bincount(day[shown], weights=value[shown], minlength=config.weeks * 7).astype(np.float64)


def _spend(config: WorldConfig, people: People, ledger: Ledger) -> dict[str, Floats]:
    """Spend by day of each source, shape (days,)."""
    first = calendar.first_day(config)
    found: dict[str, Floats] = {}
    for row in spend_rows(config, people, ledger):
        by_day = found.setdefault(row.source, np.zeros(config.weeks * 7))
        by_day[(row.spent_on - first).days] += row.amount_minor * config.rates[row.currency]
    return found
