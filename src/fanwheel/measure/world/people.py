"""Who lives in a world: purchase rates, temper, region, and who could bring whom."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fanwheel.measure.world.config import WorldConfig
from fanwheel.measure.world.streams import Floats, Indices, Streams

_ACQUAINTANCES: Final = 8

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The fixed traits of everybody, each an array of shape (people,).

    ``rate`` is purchases a week while alive, ``dropout`` the chance to leave after an order (BG/NBD);
    ``tier`` tilts towards dearer products; ``social`` lies in [0, 1] and ``persuadable`` too, but for
    sleeping dogs, whose sign is turned; ``referrer`` is the
    person who could invite this one, or -1; ``phase`` shifts the person's weeks against the calendar.
    """

    is_china: Flags
    rate: Floats
    dropout: Floats
    tier: Floats
    persuadable: Floats
    social: Floats
    referrer: Indices
    phase: Floats

    @property
    def count(self) -> int:
        """How many people there are."""
        return len(self.rate)


def draw_people(config: WorldConfig) -> People:
    """The people of the world that ``config`` describes."""
    rng = np.random.Generator(np.random.PCG64(config.seed))
    count = config.people
    rate = rng.gamma(config.purchase_shape, config.purchase_mean / config.purchase_shape, count)
    dropout = rng.beta(config.dropout_a, config.dropout_b, count)
    tier = np.exp(rng.normal(0.0, 0.35, count))
    persuadable = rng.beta(1.6, 1.6, count)
    social = rng.beta(0.8, 1.6, count)
    everyone = np.arange(count, dtype=np.int64)
    streams = Streams(config.seed)
    is_china = streams.uniform("region", everyone) < config.china_share
    return People(
        is_china=is_china,
        rate=rate,
        dropout=dropout,
        tier=tier,
        persuadable=np.where(streams.uniform("dog", everyone) < config.sleeping_dogs, -persuadable, persuadable),
        social=social,
        referrer=_referrers(streams, rate, is_china, config.share_of_referees),
        phase=streams.uniform("phase", everyone),
    )


def _referrers(streams: Streams, rate: Floats, is_china: Flags, share: float) -> Indices:
    """For a share of people somebody of the same region and a lower index; nobody invites in a circle.

    Of several acquaintances the keenest buyer is the one who would invite.
    """
    everyone = np.arange(len(rate), dtype=np.int64)
    is_referee = (streams.uniform("referee", everyone) < share) & (everyone > 0)
    referrer = np.full(len(rate), -1, dtype=np.int64)
    best = np.zeros(len(rate))
    for number in range(_ACQUAINTANCES):
        candidate = np.floor(streams.uniform(f"referrer/{number}", everyone) * everyone).astype(np.int64)
        wins = is_referee & (is_china[candidate] == is_china) & (rate[candidate] > best)
        referrer = np.where(wins, candidate, referrer)
        best = np.where(wins, rate[candidate], best)
    return referrer
