"""What each channel truly adds: revenue with everything on minus revenue with the channel off, same luck."""

from dataclasses import dataclass

import numpy as np

from fanwheel.measure.world.config import WorldConfig
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.people import draw_people
from fanwheel.measure.world.simulation import simulate
from fanwheel.measure.world.spend import spend_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTruth:
    """What one channel cost and truly added, in minor units of the reporting currency.

    ``last_touch_minor`` is the revenue that last touch would credit to it: the newest visit with a known
    origin in the 30 days before the order.
    """

    channel: str
    domain: str
    spend_minor: int
    incremental_revenue_minor: int
    incremental_orders: int
    last_touch_minor: int

    @property
    def iroas(self) -> float | None:
        """Incremental revenue per unit of spend, None where nothing was spent."""
        return self.incremental_revenue_minor / self.spend_minor if self.spend_minor else None

    def is_wasted(self, margin: float) -> bool:
        """Whether the margin on what the channel adds does not pay for it."""
        return margin * self.incremental_revenue_minor < self.spend_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The truth about a world: revenue is net of refunds and cancellations, in minor units of ``currency``."""

    currency: str
    revenue_minor: int
    orders: int
    spend_minor: int
    channels: tuple[ChannelTruth, ...]

    def of(self, channel: str) -> ChannelTruth:
        """The truth about one channel; KeyError if the world has none of that slug."""
        for truth in self.channels:
            if truth.channel == channel:
                return truth
        raise KeyError(channel)

    def wasted_share(self, margin: float) -> float:
        """The share of spend that goes to channels which do not pay for themselves."""
        wasted = sum(truth.spend_minor for truth in self.channels if truth.is_wasted(margin))
        return wasted / self.spend_minor if self.spend_minor else 0.0


def revenue_minor(config: WorldConfig, ledger: Ledger) -> int:
    """Net revenue that the world shows, in minor units of the reporting currency."""
    rate = np.array([config.rates[currency] for currency in ledger.currencies])
    return int(np.rint((ledger.net_minor() * rate[ledger.orders["currency"].astype(np.int64)]).sum()))


def measure_truth(config: WorldConfig) -> Truth:
    """The truth by common random numbers: one run with everything on, one more with each channel off.

    Notes
    -----
    Increment of channel c = revenue(all on) - revenue(c off), over the same people with the same draws.
    """
    full = simulate(config)
    revenue, orders = revenue_minor(config, full), int(full.observed_orders().sum())
    spend = _spend_minor(config, full)
    credited = _last_touch_minor(config, full)
    channels = []
    for index, channel in enumerate(config.channels):
        without = simulate(config, off={channel.slug})
        channels.append(
            ChannelTruth(
                channel=channel.slug,
                domain=channel.domain.value,
                spend_minor=spend.get(channel.slug, 0),
                incremental_revenue_minor=revenue - revenue_minor(config, without),
                incremental_orders=orders - int(without.observed_orders().sum()),
                last_touch_minor=int(credited[index]),
            )
        )
    return Truth(
        currency=config.reporting_currency,
        revenue_minor=revenue,
        orders=orders,
        spend_minor=sum(spend.values()),
        channels=tuple(channels),
    )


def _spend_minor(config: WorldConfig, ledger: Ledger) -> dict[str, int]:
    totals: dict[str, float] = {}
    for row in spend_rows(config, draw_people(config), ledger):
        totals[row.channel] = totals.get(row.channel, 0.0) + row.amount_minor * config.rates[row.currency]
    return {channel: round(total) for channel, total in totals.items()}


def _last_touch_minor(config: WorldConfig, ledger: Ledger) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Net revenue by channel of the newest visit with an origin in the 30 days up to each order."""
    visits, orders = ledger.visits, ledger.orders
    origin = visits["channel"] >= 0
    person, at, channel = (visits[name][origin] for name in ("person", "at", "channel"))
    order = np.lexsort((at, person))
    span = config.weeks + 4.0  # wider than any time, so that (person, time) becomes one sortable number
    keys = person[order] * span + at[order]
    found = np.searchsorted(keys, orders["person"] * span + orders["at"], side="right") - 1
    newest = order[np.maximum(found, 0)]
    is_touched = (found >= 0) & (person[newest] == orders["person"]) & (orders["at"] - at[newest] <= 30 / 7)
    rate = np.array([config.rates[currency] for currency in ledger.currencies])
    value = ledger.net_minor() * rate[orders["currency"].astype(np.int64)]
    credited = np.bincount(
        channel[newest][is_touched].astype(np.int64), weights=value[is_touched], minlength=len(config.channels)
    )
    return np.rint(credited).astype(np.int64)
