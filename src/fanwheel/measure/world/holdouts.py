"""Who is held out of what: drawn by person, or by the area in which they live."""

from collections.abc import Collection

import numpy as np

from fanwheel.measure.world.config import ChannelSpec, Content, WorldConfig
from fanwheel.measure.world.people import Flags, People
from fanwheel.measure.world.streams import Floats, Indices, Streams

UNIVERSAL = "universal"


def assignments(config: WorldConfig, people: People) -> dict[str, Flags]:
    """Who is held out, each of shape (people,): ``universal`` first, then by channel; empty without holdouts."""
    if config.holdouts is None:
        return {}
    streams, everyone = Streams(config.seed), np.arange(people.count, dtype=np.int64)
    held = {UNIVERSAL: streams.uniform("holdout", everyone, channel=UNIVERSAL) < config.holdouts.universal}
    area = areas(config, people)
    for channel in config.channels:
        if channel.content is Content.INVITE:
            continue
        if channel.slug in config.holdouts.by_area:
            luck = streams.uniform("holdout/area", np.arange(config.areas, dtype=np.int64), channel=channel.slug)
            dark = np.argsort(luck)[: round(config.areas * config.holdouts.by_area[channel.slug])]
            held[channel.slug] = np.isin(area, dark)
        else:
            held[channel.slug] = streams.uniform("holdout", everyone, channel=channel.slug) < config.holdouts.each
    return held


def planned_shares(config: WorldConfig) -> dict[str, float]:
    """The share of people that each holdout was planned with, by the source held out, and ``universal``."""
    if config.holdouts is None:
        return {}
    each, by_area = config.holdouts.each, config.holdouts.by_area
    shares = {channel.source: by_area.get(channel.slug, each) for channel in config.channels}
    return {UNIVERSAL: config.holdouts.universal, **shares}


def areas(config: WorldConfig, people: People) -> Indices:
    """The area in which each person lives, 0 to ``config.areas`` - 1; no area lies in both regions."""
    luck = Streams(config.seed).uniform("area", np.arange(people.count, dtype=np.int64))
    western = max(1, round(config.areas * (1.0 - config.china_share)))
    chinese = max(1, config.areas - western)
    drawn: Indices = np.where(people.is_china, luck * chinese, chinese + luck * western).astype(np.int64)
    return np.minimum(drawn, config.areas - 1)


class Gate:
    """Decides which would-be exposures happen."""

    def __init__(self, config: WorldConfig, people: People, off: Collection[str]) -> None:
        self._since = float(config.pre_weeks) if config.pre_weeks else -np.inf
        self._off = off
        self._leak = config.contamination
        held = assignments(config, people)
        universal = held.pop(UNIVERSAL, None)
        self._held = {slug: own | universal for slug, own in held.items() if universal is not None}

    def is_gone(self, slug: str) -> bool:
        """Whether the channel is off from the beginning."""
        return slug in self._off and self._since < 0

    def watches(self, channel: ChannelSpec) -> bool:
        """Whether any exposure to the channel may be kept from happening."""
        return channel.slug in self._off or channel.slug in self._held

    def ghosts(self, channel: ChannelSpec, who: Indices, at: Floats) -> Flags:
        """Which would-be exposures of ``who`` at ``at`` fall to people held out of the channel."""
        held = self._held.get(channel.slug)
        if held is None or channel.slug in self._off:
            return np.zeros(len(who), dtype=np.bool_)
        late: Flags = held[who] & (at >= max(self._since, 0.0))
        return late

    def passes(self, channel: ChannelSpec, who: Indices, at: Floats, luck: Floats | None) -> Flags:
        """Which would-be exposures happen: none of a channel that is off, else those not held, and leaks."""
        if channel.slug in self._off:
            gone: Flags = at < self._since
            return gone
        shown = ~self.ghosts(channel, who, at)
        return shown if luck is None else shown | (luck < self._leak)
