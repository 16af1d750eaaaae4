"""Worlds on which verdicts are scored: the same people and machinery as the demo brand, other channels.

Nine channels of all three domains for which the brand pays about a tenth of its revenue, and invites, which are free.
In the world called ``harvest`` four of them lose money: brand search and the coupon affiliate add nothing, retargeting
adds too little, text messages cost orders.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from fanwheel.measure.world.config import ChannelSpec, Content, Domain, Evidence, Holdouts, Region, WorldConfig

MARGIN: Final = 0.4
PRE_WEEKS: Final = 13
_UNTIL: Final = date(2026, 3, 1)
# The utm_medium that links of a channel carry; messages and invites say by themselves what they are.
_MEDIUMS: Final = {
    "video": "short_video",
    "social": "article",
    "generic_search": "cpc",
    "brand_search": "cpc",
    "marketplace_ads": "ads",
    "retargeting": "retargeting",
    "coupon_affiliate": "affiliate",
}


def _channel(slug: str, domain: Domain, content: Content, **rates: object) -> ChannelSpec:
    medium = _MEDIUMS.get(slug)
    base = ChannelSpec(
        slug=slug,
        source=f"{slug}/{medium}" if medium else slug,
        name=slug,
        domain=domain,
        content=content,
        region=Region.ALL,
        evidence=Evidence(utm_source=slug, utm_medium=medium) if medium else Evidence(),
    )
    return replace(base, **rates)  # type: ignore[arg-type]


HARVEST: Final[tuple[ChannelSpec, ...]] = (
    _channel(
        "video", Domain.PUBLIC, Content.VIDEO,
        reach=0.10, reach_new=0.006, effect=0.026, effect_customer=0.018, carry_over=0.6, fatigue=0.35, saturation=1.0,
        visit_cost=4.2,
    ),
    _channel(
        "social", Domain.PUBLIC, Content.ARTICLE,
        reach=0.06, reach_new=0.005, effect=0.11, effect_customer=0.10, fatigue=0.35, visit_cost=5.0,
    ),
    _channel(
        "generic_search", Domain.COMMERCIAL, Content.SEARCH,
        reach=0.04, reach_new=0.006, intent_power=0.3, effect=0.165, effect_customer=0.145, fatigue=0.35,
        visit_cost=12.5,
    ),
    _channel(
        "brand_search", Domain.COMMERCIAL, Content.SEARCH,
        reach=0.02, intent_power=1.3, at_checkout=0.35, visit_cost=12.0,
    ),
    _channel(
        "marketplace_ads", Domain.COMMERCIAL, Content.AD,
        reach=0.04, reach_new=0.004, intent_power=0.2, effect=0.15, effect_customer=0.165, fatigue=0.35,
        currency="USD", visit_cost=1.35,
    ),
    _channel(
        "retargeting", Domain.COMMERCIAL, Content.AD,
        reach=0.02, intent_power=0.9, recent_visit_power=5.0, at_checkout=0.08, effect=0.021, effect_customer=0.013,
        fatigue=0.35, visit_cost=2.6,
    ),
    _channel(
        "coupon_affiliate", Domain.COMMERCIAL, Content.AD,
        reach=0.002, intent_power=1.2, at_checkout=0.2, commission=0.068,
    ),
    _channel(
        "email", Domain.PRIVATE, Content.MESSAGE,
        cadence=0.5, reach=0.34, intent_power=0.15, click_rate=0.16, effect=0.07, effect_customer=0.06, fatigue=0.35,
        opt_out=0.002, join_at_order=0.5, visit_cost=0.05,
    ),
    _channel(
        "sms", Domain.PRIVATE, Content.MESSAGE,
        cadence=0.5, reach=0.8, intent_power=0.2, click_rate=0.05, effect=0.004, effect_customer=-0.008,
        opt_out=0.01, join_at_order=0.5, visit_cost=0.6,
    ),
    _channel("invites", Domain.PUBLIC, Content.INVITE),
)  # fmt: skip


def _nothing_works(config: WorldConfig) -> WorldConfig:
    idle = tuple(
        replace(c, effect=0.0, effect_customer=0.0, reach_new=0.0, discount=0.0)
        for c in config.channels
        if c.content is not Content.INVITE
    )
    return replace(config, channels=idle)


def _all_work(config: WorldConfig) -> WorldConfig:
    return replace(config, channels=tuple(c for c in config.channels if c.slug not in _WASTED))


def _leaky(config: WorldConfig) -> WorldConfig:
    return replace(config, contamination=0.05, lost_identities=0.05)


_WASTED: Final = ("brand_search", "coupon_affiliate", "retargeting", "sms")
WORLDS: Final[MappingProxyType[str, Callable[[WorldConfig], WorldConfig]]] = MappingProxyType(
    {"harvest": lambda config: config, "nothing": _nothing_works, "all_work": _all_work, "leaky": _leaky}
)


def scored_config(name: str = "harvest", *, people: int = 300_000, seed: int = 0, weeks: int = 39) -> WorldConfig:
    """A world with known truth, by name: ``harvest``, ``nothing`` (no channel adds anything), ``all_work``, ``leaky``.

    Holdouts of 10 % for each channel and 5 % universal begin after 13 weeks.
    """
    base = WorldConfig(
        until=_UNTIL,
        channels=HARVEST,
        people=people,
        weeks=weeks,
        seed=seed,
        visits_until=0.28,
        pre_weeks=PRE_WEEKS,
        known_share=0.45,
        awareness=0.004,
        dropout_a=0.5,
        dropout_b=5.5,
        sleeping_dogs=0.05,
        holdouts=Holdouts(),
    )
    return WORLDS[name](base)
