"""A brand world whose truth is known: people, channels, events, spend, and what each channel truly adds."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from fanwheel.measure.world import calendar
from fanwheel.measure.world.channels import DEFAULT_CHANNELS
from fanwheel.measure.world.config import ChannelSpec, Content, Domain, Evidence, Holdouts, Region, WorldConfig
from fanwheel.measure.world.days import TrueDay, true_days
from fanwheel.measure.world.dossier import Registry
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.messages import messages
from fanwheel.measure.world.people import People, draw_people
from fanwheel.measure.world.simulation import simulate
from fanwheel.measure.world.spend import SpendRow, spend_rows
from fanwheel.measure.world.tables import Tables
from fanwheel.measure.world.timeline import Timeline, lay_out
from fanwheel.measure.world.truth import ChannelTruth, Truth, measure_truth, revenue_minor
from fanwheel.measure.world.worlds import MARGIN, WORLDS, scored_config

__all__ = [
    "DEFAULT_CHANNELS",
    "MARGIN",
    "WORLDS",
    "ChannelSpec",
    "ChannelTruth",
    "Content",
    "Domain",
    "Evidence",
    "Holdouts",
    "Ledger",
    "People",
    "Region",
    "SpendRow",
    "Tables",
    "TrueDay",
    "Truth",
    "World",
    "WorldConfig",
    "default_config",
    "draw_people",
    "measure_truth",
    "revenue_minor",
    "scored_config",
    "simulate",
    "spend_rows",
    "true_days",
]


def default_config(until: date, *, people: int = 40_000, weeks: int = 26, seed: int = 7) -> WorldConfig:
    """The demo brand up to and including the day ``until`` (UTC).

    From the second quarter on it holds 30 % of its people out of each channel that costs something, drawn anew for each
    of them, and 2 % out of all: bold, so that some months of a small brand prove something.
    """
    free = (c.slug for c in DEFAULT_CHANNELS if not (c.visit_cost or c.fixed_cost or c.commission))
    return WorldConfig(
        until=until,
        channels=DEFAULT_CHANNELS,
        people=people,
        weeks=weeks,
        seed=seed,
        visits_until=0.28,
        pre_weeks=weeks // 4,
        holdouts=Holdouts(universal=0.02, each=0.3, by_area=dict.fromkeys(free, 0.0)),
    )


class World:
    """One world, simulated once, ready to be told.

    Everything follows from ``config``: equal configs tell equal messages with equal message ids. Moving
    ``until`` moves the clock and nothing else, so a world sent again on another day is recognized as sent.
    """

    def __init__(self, config: WorldConfig) -> None:
        self.config = config
        self.people = draw_people(config)
        self.ledger = simulate(config)

    def messages(self) -> Iterator[dict[str, Any]]:
        """Messages in Segment's format, in time order per person."""
        return messages(self.config, self.people, self.ledger, self._timeline)

    @cached_property
    def tables(self) -> Tables:
        """What ``measure.verdict`` asks for, with nothing of the truth."""
        return Tables(config=self.config, inhabitants=self.people, ledger=self.ledger)

    @property
    def moments(self) -> int:
        """About how many messages there are; sign-ins add a few to each hundred."""
        start, end = calendar.window(self.config)
        shown = (self._timeline.milliseconds >= start * 1000) & (self._timeline.milliseconds < end * 1000)
        return int(shown.sum())

    @cached_property
    def _timeline(self) -> Timeline:
        devices = Registry(self.config.seed, self.people).device_count()
        return lay_out(self.config, self.people, self.ledger, devices=devices)

    def spend(self) -> Iterator[SpendRow]:
        """Spend by day, campaign and currency."""
        return spend_rows(self.config, self.people, self.ledger)

    def truth(self) -> Truth:
        """What each channel truly adds; takes one more simulation for each channel."""
        return measure_truth(self.config)
