"""What people want who have not bought: fans who watch again and again, and checkouts that nobody finished.

None of it brings anybody anywhere, costs anything or leads to an order, so the truth of a world does not know of it. It
is told in words without an origin, of people and devices of whom something was told before, with draws of its own.
"""

from typing import Final, NamedTuple

import numpy as np

from fanwheel.measure.world import brand
from fanwheel.measure.world.config import WorldConfig
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.people import Flags
from fanwheel.measure.world.streams import Floats, Indices, Streams

_LATELY: Final = 30 / 7  # weeks
_KEEN: Final = 0.8  # of those who ask and have never bought
_LIVES: Final = 4
_LEAVES: Final = 0.5  # of those who put something into the cart


class Wish(NamedTuple):
    """Moments of some people: who, when, through which channel, about which product, and their luck."""

    person: Indices
    at: Floats
    channel: Indices
    product: Indices
    luck: Floats


def watching(config: WorldConfig, ledger: Ledger, asks: Flags) -> Wish:
    """Lives that fans joined after they had asked something within the last 30 days; they have never bought.

    ``asks`` says which messages people answered with a question of their own. All of it comes after a question, so
    nobody is reached earlier by it than they were.
    """
    sent = ledger.messages
    person, at = sent["person"].astype(np.int64), sent["at"].astype(np.float64)
    asked = np.flatnonzero(asks & (at >= max(0.0, config.weeks - _LATELY)) & (at < config.weeks - 0.2))
    has_bought = np.zeros(int(person.max(initial=0)) + 1, dtype=np.bool_)
    buyers = ledger.orders["person"].astype(np.int64)
    has_bought[buyers[buyers < len(has_bought)]] = True
    # The first question of each.
    asked = asked[np.lexsort((at[asked], person[asked]))]
    who, first = np.unique(person[asked], return_index=True)
    streams = Streams(config.seed)
    keen = (streams.uniform("fan/keen", who) < _KEEN) & ~has_bought[who]
    fans, question = who[keen], asked[first[keen]]
    since = at[question] + 0.02
    shares = [streams.uniform(f"fan/live/{number}", fans) for number in range(_LIVES)]
    lucks = [streams.uniform(f"fan/luck/{number}", fans) for number in range(_LIVES)]
    return Wish(
        person=np.tile(fans, _LIVES),
        at=np.concatenate([since + (config.weeks - 0.02 - since) * share for share in shares]),
        channel=np.tile(sent["channel"][question].astype(np.int64), _LIVES),
        product=np.full(len(fans) * _LIVES, -1, dtype=np.int64),
        luck=np.concatenate(lucks),
    )


def leaving(config: WorldConfig, ledger: Ledger, adds: Flags, product: Indices) -> Wish:
    """Checkouts that were begun after something was put into the cart, and left.

    ``adds`` says which visits put something into the cart, ``product`` what.
    """
    visits = ledger.visits
    at = visits["at"].astype(np.float64)
    chance = Streams(config.seed).uniform("checkout/left", np.arange(len(visits), dtype=np.int64))
    left = adds & (at >= 0) & (chance < _LEAVES)
    assert bool((product[left] < len(brand.PRODUCTS)).all())
    return Wish(
        person=visits["person"][left].astype(np.int64),
        at=at[left],
        channel=np.full(int(left.sum()), -1, dtype=np.int64),
        product=product[left],
        luck=visits["luck"][left].astype(np.float64),
    )
