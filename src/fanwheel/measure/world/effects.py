"""What each channel of a world truly adds after the pre-period, with nobody held out, by segment too."""

from dataclasses import dataclass, replace

import numpy as np

from fanwheel.measure.world.config import Content, WorldConfig
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.people import draw_people
from fanwheel.measure.world.simulation import simulate
from fanwheel.measure.world.streams import Floats
from fanwheel.measure.world.tables import Tables


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a channel cost and truly added in money of the reporting currency, in all and by segment (prospects first).

    Spend by segment is in proportion to exposures, as in a verdict.
    """

    channel: str
    spend: float
    revenue: float
    segment_spend: tuple[float, ...]
    segment_revenue: tuple[float, ...]

    @property
    def iroas(self) -> float:
        """Revenue added by unit of spend."""
        return self.revenue / self.spend if self.spend > 0 else 0.0

    def plus(self, other: "Effect") -> "Effect":
        """The same channel in two worlds taken together."""
        pairs = zip(self.segment_spend, other.segment_spend, strict=True)
        revenues = zip(self.segment_revenue, other.segment_revenue, strict=True)
        return Effect(
            channel=self.channel,
            spend=self.spend + other.spend,
            revenue=self.revenue + other.revenue,
            segment_spend=tuple(a + b for a, b in pairs),
            segment_revenue=tuple(a + b for a, b in revenues),
        )


def measure_effects(config: WorldConfig) -> dict[str, Effect]:
    """The truth about every channel with spend: two runs that share their luck, the channel on and off.

    Notes
    -----
    Increment of channel c = revenue(all on) - revenue(c off after the pre-period), nobody held out, segment by segment.
    """
    config = replace(config, holdouts=None)
    people, full = draw_people(config), simulate(config)
    tables = Tables(config=config, inhabitants=people, ledger=full)
    segment = tables.segment_index
    everything = _revenue(config, full, segment)
    late = tables.spend["day"] >= np.datetime64(tables.start)
    rate = np.array([config.rates[str(name)] for name in tables.spend["currency"]])
    met = tables.exposures["at"] >= np.datetime64(tables.start)
    effects = {}
    for channel in config.channels:
        mine = late & (tables.spend["channel"] == channel.slug)
        spend = float((tables.spend["amount"] * rate)[mine].sum())
        if channel.content is Content.INVITE or spend == 0:
            continue
        who = tables.exposures["person"][met & (tables.exposures["channel"] == channel.slug)]
        exposed = np.bincount(segment[who[who < people.count]], minlength=2)
        added = everything - _revenue(config, simulate(config, off={channel.slug}), segment)
        effects[channel.slug] = Effect(
            channel=channel.slug,
            spend=spend,
            revenue=float(added.sum()),
            segment_spend=tuple((spend * exposed / max(exposed.sum(), 1)).tolist()),
            segment_revenue=tuple(added.tolist()),
        )
    return effects


def _revenue(config: WorldConfig, ledger: Ledger, segment: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """Net revenue after the pre-period by segment of the buyer."""
    rate = np.array([config.rates[currency] for currency in ledger.currencies])
    orders = ledger.orders
    late = orders["at"] >= config.pre_weeks
    value = ledger.net_minor() * rate[orders["currency"].astype(np.int64)] / 100.0
    buyer = segment[orders["person"].astype(np.int64)]
    return np.bincount(buyer[late], weights=value[late], minlength=2).astype(np.float64)
