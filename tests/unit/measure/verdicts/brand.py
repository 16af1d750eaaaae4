"""A small made-up brand with one channel held out from some, as the four tables of a verdict."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

START = np.datetime64("2026-01-05")
END = np.datetime64("2026-04-06")  # 13 weeks later
DAYS = 91


@dataclass(kw_only=True)
class Brand:
    """``people`` who buy at gamma rates; the channel "ads" adds ``effect`` orders to everyone it reaches."""

    people: int = 3_000
    effect: float = 0.0
    share: float = 0.2
    spend: float = 20_000.0
    seed: int = 1
    is_ghosted: bool = True
    tables: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        people, everyone = self.people, np.arange(self.people)
        rate = rng.gamma(0.8, 1.0, people)  # orders in 13 weeks
        held = rng.random(people) < self.share
        reached = rng.random(people) < np.minimum(0.3 + 0.4 * rate, 0.95)  # keen people are reached more
        first = rng.random(people) * 0.5 * DAYS
        orders = [self._orders(rng, everyone, rate, low=-DAYS, high=0.0)]
        orders += [self._orders(rng, everyone, rate, low=0.0, high=DAYS)]
        shown = everyone[reached & ~held]
        orders += [self._orders(rng, shown, np.full(len(shown), self.effect), low=first[shown], high=DAYS)]
        person, day, value = (np.concatenate(parts) for parts in zip(*orders, strict=True))
        keep = ~(held & ~np.full(people, self.is_ghosted))[everyone] & reached
        self.tables = {
            "spend": {
                "channel": np.array(["ads"] * DAYS),
                "day": START + np.arange(DAYS),
                "amount": np.full(DAYS, self.spend / DAYS),
            },
            "exposures": {
                "person": everyone[keep],
                "channel": np.array(["ads"] * int(keep.sum())),
                "at": stamps(first[keep]),
                "ghost": held[keep],
            },
            "assignments": {
                "person": everyone[held],
                "holdout": np.array(["ads"] * int(held.sum())),
                "since": np.full(int(held.sum()), START),
            },
            "orders": {"person": person, "at": stamps(day), "value": value},
        }

    @staticmethod
    def _orders(rng: Any, who: Any, mean: Any, *, low: Any, high: float) -> tuple[Any, Any, Any]:
        count = rng.poisson(mean)
        buyer = np.repeat(who, count)
        begin = np.repeat(np.broadcast_to(low, who.shape), count)
        return buyer, begin + rng.random(len(buyer)) * (high - begin), np.rint(rng.lognormal(4.0, 0.4, len(buyer)))

    @property
    def arguments(self) -> dict[str, Any]:
        return {**self.tables, "margin": 0.4, "start": START, "end": END, "planned_days": DAYS}


def stamps(days: Any) -> Any:
    """Instants so many days after the start."""
    return START.astype("datetime64[us]") + np.rint(np.asarray(days) * 86_400e6).astype("timedelta64[us]")
