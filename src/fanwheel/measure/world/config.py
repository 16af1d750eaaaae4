"""What a brand world is made of: its size, its channels, its dials."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Domain(StrEnum):
    """Where a channel meets people."""

    PUBLIC = "public"
    COMMERCIAL = "commercial"
    PRIVATE = "private"


class Content(StrEnum):
    """What a person meets on a channel, which decides the events it leaves."""

    VIDEO = "video"
    LIVE = "live"
    ARTICLE = "article"
    SEARCH = "search"
    AD = "ad"
    MESSAGE = "message"
    INVITE = "invite"


class Region(StrEnum):
    """Which half of the world a channel serves."""

    CHINA = "cn"
    WEST = "west"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a visit from a channel carries to show where it came from."""

    utm_source: str = ""
    utm_medium: str = ""
    campaigns: tuple[str, ...] = ()
    referrer: str = ""
    click_id: str = ""  # the query parameter that carries the platform's click id
    west_referrer: str = ""  # where a channel serves all regions through different platforms
    west_click_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """One channel: whom it reaches, what it truly does, what it costs. Rates are per week and person.

    Parameters
    ----------
    source
        The slug of the source to which the events of this channel belong by the default rules.
    reach, reach_new
        Chance of a visit (of an opened message, for private channels) by people who know the brand, and
        by those who do not yet.
    intent_power
        Selection: the chance is multiplied by (intent / mean intent) to this power.
    at_checkout
        Chance that somebody about to buy passes through this channel first. It never changes whether they buy.
    effect, effect_customer
        Purchases added by one exposure of a fully persuadable person before and after their first order.
    joins
        Chance that a visit ends in joining a private channel, by that channel's slug.
    visit_cost, fixed_cost, commission
        Cost of a visit (of a message sent), of a week, and share of the order's value, in ``currency``.
    discount
        Share of the order's goods that the channel's coupon takes off.
    cadence, click_rate, opt_out
        Private channels: chance to be written to, to click once opened, to leave for having been written to.
    fatigue
        One exposure remembered makes the next one work by the factor exp(-fatigue); half is forgotten each week.
    carry_over
        Share of a week's effect that is still at work in the next one.
    saturation
        The effect is divided by 1 + saturation x the share of all people whom the channel reaches in the week.
    """

    slug: str
    source: str
    name: str
    domain: Domain
    content: Content
    region: Region
    evidence: Evidence
    reach: float = 0.0
    reach_new: float = 0.0
    intent_power: float = 0.0
    recent_visit_power: float = 1.0  # factor for people who visited in the two weeks before
    at_checkout: float = 0.0
    effect: float = 0.0
    effect_customer: float = 0.0
    joins: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    currency: str = "CNY"
    visit_cost: float = 0.0
    fixed_cost: float = 0.0
    commission: float = 0.0
    discount: float = 0.0
    cadence: float = 0.0
    click_rate: float = 0.0
    opt_out: float = 0.0
    join_at_order: float = 0.0
    fatigue: float = 0.0
    carry_over: float = 0.0
    saturation: float = 0.0

    def serves(self, region: Region) -> bool:
        """Whether people of ``region`` can meet this channel."""
        return self.region in (Region.ALL, region)

    @property
    def is_messaging(self) -> bool:
        """Whether the brand writes to members of this channel."""
        return self.content is Content.MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdouts:
    """Who is kept from seeing what, from the end of the pre-period on.

    ``universal`` is the share of people who meet no channel, ``each`` the share kept from one channel, drawn anew for
    every channel; ``by_area`` names channels switched off in a share of the world's areas, everybody there included.
    """

    universal: float = 0.05
    each: float = 0.10
    by_area: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        shares = (self.universal, self.each, *self.by_area.values())
        if not all(0.0 <= share < 1.0 for share in shares):
            raise ValueError("shares of holdouts lie in [0, 1)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldConfig:
    """A world: the same config gives the same world, to the byte.

    ``until`` is the last day (UTC) that the world shows; it only moves the clock. ``rates`` turn one unit
    of a currency into the reporting currency. ``pre_weeks`` pass with every channel on before holdouts begin and
    before a channel named as off goes off; ``known_share`` of the people know the brand at the start, ``areas`` is
    into how many places they divide. With ``visits_until`` below 0.3 no order comes before the visit that caused it.
    Two dials spoil what is seen: ``contamination`` is the chance that an exposure held back reaches the person all the
    same, ``lost_identities`` the share of facts that lose their person.
    """

    until: date
    channels: tuple[ChannelSpec, ...]
    people: int = 40_000
    weeks: int = 26
    seed: int = 7
    reporting_currency: str = "CNY"
    rates: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"CNY": 1.0, "USD": 7.1}))
    china_share: float = 0.62
    purchase_shape: float = 0.55  # BG/NBD: the weekly purchase rate is gamma(shape, mean / shape)
    purchase_mean: float = 0.085
    dropout_a: float = 0.9  # BG/NBD: the chance to drop out after an order is beta(a, b)
    dropout_b: float = 3.6
    first_order_factor: float = 0.30  # before the first order people buy at this share of their rate
    awareness: float = 0.016  # chance a week to come by on one's own
    share_of_referees: float = 0.16
    referee_reach: float = 0.2  # friends who wait to be invited meet the brand otherwise at this share of the usual
    invite_rate: float = 0.6
    refund_rate: float = 0.07
    cancel_rate: float = 0.03
    visits_until: float = 0.85  # visits fall into this share of a week, and orders into the share from 0.3 on
    pre_weeks: int = 0
    known_share: float = 0.0
    sleeping_dogs: float = 0.0  # share of people whom every exposure makes less likely to buy
    areas: int = 40
    holdouts: Holdouts | None = None
    contamination: float = 0.0
    lost_identities: float = 0.0

    def __post_init__(self) -> None:
        if self.people < 1 or self.weeks < 1:
            raise ValueError("a world needs people >= 1 and weeks >= 1")
        if not 0 <= self.pre_weeks < self.weeks:
            raise ValueError("a world needs 0 <= pre_weeks < weeks")
        slugs = [channel.slug for channel in self.channels]
        if len(set(slugs)) != len(slugs):
            raise ValueError("channel slugs must be distinct")
        missing = {channel.currency for channel in self.channels} - set(self.rates)
        if missing:
            raise ValueError(f"rates lack {sorted(missing)}")

    def channel(self, slug: str) -> ChannelSpec:
        """The channel of that slug; KeyError if the world has none."""
        for channel in self.channels:
            if channel.slug == slug:
                return channel
        raise KeyError(slug)
