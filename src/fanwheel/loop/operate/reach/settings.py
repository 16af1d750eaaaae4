"""What the brand itself allows: caps, quiet hours and holdouts, kept as one JSON document per workspace."""

from typing import Annotated, Final

import msgspec

from fanwheel.loop.operate.reach.rules.case import Cap, Holdout, Quiet
from fanwheel.loop.operate.reach.rules.holdouts import UNIVERSAL

DAY_S: Final = 86_400
Minute = Annotated[int, msgspec.Meta(ge=0, le=1_440)]
Share = Annotated[float, msgspec.Meta(ge=0, le=0.9)]
Channels = Annotated[tuple[str, ...], msgspec.Meta(max_length=50)]


class CapRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many marketing messages to one person in so long; no channels: over all of them."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    most: Annotated[int, msgspec.Meta(ge=0, le=1_000)]
    window_s: Annotated[int, msgspec.Meta(ge=60, le=366 * DAY_S)]
    channels: Channels = ()
    kept: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0


class QuietRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours without marketing, in minutes after midnight where the person lives."""

    begins: Minute
    ends: Minute
    channels: Channels = ()


class HoldoutRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shares of people kept from marketing: from all of it, from a channel; ``channel`` where none is named."""

    universal: Share = 0.05
    channel: Share = 0.1
    channels: Annotated[dict[str, Share], msgspec.Meta(max_length=50)] = {}


class SendingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    caps: Annotated[tuple[CapRule, ...], msgspec.Meta(max_length=20)] = ()
    quiet: Annotated[tuple[QuietRule, ...], msgspec.Meta(max_length=20)] = ()
    holdouts: HoldoutRules = HoldoutRules()


STANDARD: Final = SendingRules(
    caps=(CapRule("day", 2, DAY_S), CapRule("week", 5, 7 * DAY_S, kept=1)),
    quiet=(QuietRule(22 * 60, 8 * 60),),
)


def caps_of(rules: SendingRules) -> list[Cap]:
    """The caps as the gate reads them."""
    return [Cap(rule.name, rule.most, rule.window_s, rule.channels, rule.kept) for rule in rules.caps]


def quiet_of(rules: SendingRules) -> list[Quiet]:
    """The quiet hours as the gate reads them."""
    return [Quiet(rule.begins, rule.ends, rule.channels) for rule in rules.quiet]


def holdouts_of(rules: SendingRules, channel: str) -> list[Holdout]:
    """The holdouts that concern a channel, the widest first."""
    share = rules.holdouts.channels.get(channel, rules.holdouts.channel)
    found = [Holdout(UNIVERSAL, rules.holdouts.universal), Holdout(f"channel:{channel}", share)]
    return [holdout for holdout in found if holdout.share > 0]
