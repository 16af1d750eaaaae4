"""What the channels of a world cost, by day and campaign."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from fanwheel.measure.world import calendar
from fanwheel.measure.world.basket import CURRENCIES
from fanwheel.measure.world.config import ChannelSpec, WorldConfig
from fanwheel.measure.world.ledger import Ledger, Table
from fanwheel.measure.world.people import People
from fanwheel.measure.world.streams import Floats, Indices

_DAY_S: Final = 24 * 3600
_PRICE_SPREAD: Final = 0.5  # a visit costs between 0.75 and 1.25 of the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendRow:
    """What one campaign of a source cost on one day, in minor units of ``currency``."""

    channel: str
    source: str
    domain: str
    spent_on: date
    campaign: str
    currency: str
    amount_minor: int


def campaign_of(channel: ChannelSpec, luck: Floats) -> Indices:
    """The index of the campaign behind each visit or message, shape of ``luck``; 0 where there is one or none."""
    return np.floor(luck * max(len(channel.evidence.campaigns), 1)).astype(np.int64)


def spend_rows(config: WorldConfig, people: People, ledger: Ledger) -> Iterator[SpendRow]:
    """Spend by channel, campaign and day (UTC); rows of nothing are left out."""
    for index, channel in enumerate(config.channels):
        names = channel.evidence.campaigns or ("",)
        cost = np.full((len(names), config.weeks * 7), channel.fixed_cost / 7 / len(names))
        billed = ledger.messages if channel.is_messaging else ledger.visits
        _add_unit_costs(config, people, billed, channel=index, cost=cost)
        _add_commission(config, people, ledger.orders, channel=index, cost=cost)
        for (campaign, day), amount in np.ndenumerate(np.rint(cost * 100).astype(np.int64)):
            if amount:
                yield SpendRow(
                    channel=channel.slug,
                    source=channel.source,
                    domain=channel.domain.value,
                    spent_on=calendar.first_day(config) + timedelta(days=day),
                    campaign=names[campaign],
                    currency=channel.currency,
                    amount_minor=int(amount),
                )


def _days(config: WorldConfig, people: People, table: Table) -> Indices:
    who = table["person"].astype(np.int64)
    seconds = calendar.epoch_seconds(config, table["at"].astype(np.float64), people.is_china[who])
    return (seconds - int(calendar.starts_at(config).timestamp())) // _DAY_S


def _add_unit_costs(config: WorldConfig, people: People, table: Table, *, channel: int, cost: Floats) -> None:
    spec = config.channels[channel]
    if spec.visit_cost == 0 or len(table) == 0:
        return
    rows = Table({name: column[table["channel"] == channel] for name, column in table.columns.items()})
    day, luck = _days(config, people, rows), rows["luck"].astype(np.float64)
    shown = (day >= 0) & (day < cost.shape[1])
    price = spec.visit_cost * (1.0 + _PRICE_SPREAD * (luck * 997 % 1.0 - 0.5))
    np.add.at(cost, (campaign_of(spec, luck)[shown], day[shown]), price[shown])


def _add_commission(config: WorldConfig, people: People, orders: Table, *, channel: int, cost: Floats) -> None:
    spec = config.channels[channel]
    if spec.commission == 0 or len(orders) == 0:
        return
    rows = Table({name: column[orders["channel"] == channel] for name, column in orders.columns.items()})
    day = _days(config, people, rows)
    shown = (day >= 0) & (day < cost.shape[1])
    rate = np.array([config.rates[currency] for currency in CURRENCIES])[rows["currency"].astype(np.int64)]
    fee = spec.commission * rows["total"] / 100 * rate / config.rates[spec.currency]
    np.add.at(cost, (campaign_of(spec, rows["luck"].astype(np.float64))[shown], day[shown]), fee[shown])
