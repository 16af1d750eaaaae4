"""The ledger of a world as one column-wise list of moments, in order per person."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from fanwheel.measure.world import brand, calendar, intents
from fanwheel.measure.world.config import Content, WorldConfig
from fanwheel.measure.world.holdouts import assignments
from fanwheel.measure.world.ledger import Column, Ledger
from fanwheel.measure.world.people import Flags, People
from fanwheel.measure.world.streams import Floats, Indices, Streams

EVERY_CHANNEL: Final = -1  # the channel of whoever is held out of all of them
_DAYS: Final = 7
_WEEK_S: Final = 7 * 24 * 3600
_MAX_VIEWS: Final = 5


class Moment(IntEnum):
    """What a row of the timeline is."""

    LANDED = 0
    VIEWED = 1
    ADDED = 2
    COMMENTED = 3
    SHARED = 4
    SENT = 5
    OPENED = 6
    ASKED = 7
    JOINED = 8
    LEFT = 9
    CHECKED_OUT = 10
    APPLIED_COUPON = 11
    ORDERED = 12
    REFUNDED = 13
    CANCELLED = 14
    INVITED = 15
    ACCEPTED = 16
    ORDER_LINE_VIEWED = 17
    ORDER_LINE_ADDED = 18
    HELD_OUT = 19
    ASSIGNED = 20
    WATCHED = 21
    LEFT_CHECKOUT = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Moments sorted by person and time, each column of shape (moments,).

    ``row`` numbers a moment independently of the calendar; ``ref`` points to a product, an order or a person;
    ``day`` is the operational day on which it belongs, by which a device is chosen.
    """

    person: Indices
    milliseconds: Indices
    code: Indices
    channel: Indices
    ref: Indices
    luck: Floats
    device: Indices
    row: Indices


class _Builder:
    def __init__(self, config: WorldConfig, people: People) -> None:
        self._config, self._people = config, people
        self._parts: list[tuple[Indices, Indices, Indices, Indices, Indices, Floats, Indices]] = []

    def add(
        self, code: Moment, person: Column, at: Column, *, channel: Column | int = -1, ref: Column | int = -1,
        luck: Column | float = 0.0, delay_s: Column | float = 0.0,
    ) -> None:  # fmt: skip
        """Add one moment for each element of ``person``."""
        who, moment = person.astype(np.int64), at.astype(np.float64)
        seconds = calendar.epoch_seconds(self._config, moment, self._people.is_china[who])
        size = (len(who),)
        self._parts.append((
            who,
            seconds + np.rint(np.broadcast_to(np.asarray(delay_s), size)).astype(np.int64),
            np.full(size, int(code), dtype=np.int64),
            np.broadcast_to(np.asarray(channel, dtype=np.int64), size),
            np.broadcast_to(np.asarray(ref, dtype=np.int64), size),
            np.broadcast_to(np.asarray(luck, dtype=np.float64), size),
            np.floor(moment * _DAYS).astype(np.int64),
        ))  # fmt: skip

    def assign(self, held: Mapping[int, Flags], *, since_s: int, until_s: int) -> None:
        """Add that people are held out, from ``since_s`` on or just before the first that is shown of them.

        ``held`` says who, by the index of the channel, or -1 for all of them. Of whom nothing is shown, nothing is
        known, so nobody holds them out.
        """
        person = np.concatenate([part[0] for part in self._parts])
        seconds = np.concatenate([part[1] for part in self._parts])
        day = np.concatenate([part[6] for part in self._parts])
        window_s = int(calendar.starts_at(self._config).timestamp())
        shown = np.flatnonzero((seconds >= window_s) & (seconds < until_s))
        order = shown[np.lexsort((seconds[shown], person[shown]))]
        who, first = np.unique(person[order], return_index=True)
        first_s, first_day = seconds[order][first], day[order][first]
        for channel, flags in held.items():
            mine = flags[who]
            size = int(mine.sum())
            self._parts.append((
                who[mine],
                np.maximum(first_s[mine] - 1, since_s),
                np.full(size, int(Moment.ASSIGNED), dtype=np.int64),
                np.full(size, channel, dtype=np.int64),
                np.full(size, -1, dtype=np.int64),
                np.zeros(size),
                first_day[mine],
            ))  # fmt: skip

    def build(self, devices: Indices) -> Timeline:
        person, seconds, code, channel, ref, luck, day = (
            np.concatenate(column) for column in zip(*self._parts, strict=True)
        )
        milliseconds = seconds * 1000 + np.floor(luck * 991 % 1.0 * 1000).astype(np.int64)
        order = np.lexsort((code, milliseconds, person))
        chance = Streams(self._config.seed).uniform("device", person * 1_009 + day)
        device = np.minimum((chance > 0.7).astype(np.int64) + (chance > 0.92), devices[person] - 1)
        return Timeline(
            person=person[order], milliseconds=milliseconds[order], code=code[order], channel=channel[order],
            ref=ref[order], luck=luck[order], device=device[order], row=order.astype(np.int64),
        )  # fmt: skip


def lay_out(config: WorldConfig, people: People, ledger: Ledger, *, devices: Indices) -> Timeline:
    """Every moment of the ledger; ``devices`` says how many each person has, shape (people,)."""
    builder = _Builder(config, people)
    _add_visits(builder, config, ledger)
    _add_messages(builder, config, ledger)
    joins = ledger.joins
    leaving = joins["is_leaving"] > 0
    for code, mask in ((Moment.JOINED, ~leaving), (Moment.LEFT, leaving)):
        builder.add(code, joins["person"][mask], joins["at"][mask], channel=joins["channel"][mask],
                    ref=joins["via"][mask], luck=joins["luck"][mask])  # fmt: skip
    _add_orders(builder, ledger)
    _add_invites(builder, ledger)
    _add_holdouts(builder, config, people, ledger)
    # Last, so that all the others keep their numbers and with them their message ids.
    _add_intents(builder, config, ledger)
    return builder.build(devices)


def _add_holdouts(builder: _Builder, config: WorldConfig, people: People, ledger: Ledger) -> None:
    ghosts = ledger.ghosts
    builder.add(Moment.HELD_OUT, ghosts["person"], ghosts["at"], channel=ghosts["channel"])
    index = {channel.slug: number for number, channel in enumerate(config.channels)}
    held = {index.get(name, EVERY_CHANNEL): flags for name, flags in assignments(config, people).items()}
    start_s, until_s = calendar.window(config)
    builder.assign(held, since_s=start_s + config.pre_weeks * _WEEK_S, until_s=until_s)


def fraction(luck: Floats, salt: int) -> Floats:
    """A further draw out of a draw, for choices that change nothing but the look of an event."""
    return luck * (7_919.0 + 104_729.0 * salt) % 1.0


def _kinds(config: WorldConfig, channel: Column, *contents: Content) -> Flags:
    """Which rows come through a channel with one of these contents."""
    is_kind = np.array([spec.content in contents for spec in config.channels] + [False], dtype=np.bool_)
    found: Flags = is_kind[channel.astype(np.int64)]
    return found


def _views(luck: Floats) -> Floats:
    """How many products each visit looks at."""
    return np.floor(fraction(luck, 1) * (_MAX_VIEWS + 0.99))


def _viewed(luck: Floats, number: int) -> Indices:
    """The product that each visit looks at, as its first with number 0."""
    found: Indices = np.floor(fraction(luck, 2 + number) ** 1.5 * len(brand.PRODUCTS)).astype(np.int64)
    return found


def _adds(luck: Floats) -> Flags:
    """Which visits put the first product that they look at into the cart."""
    found: Flags = fraction(luck, 20) < 0.10
    return found


def _asks(config: WorldConfig, channel: Column, luck: Floats) -> Flags:
    """Which messages answer a question: to direct messages people write first, to a WeCom adviser now and then."""
    slugs = [spec.slug for spec in config.channels]
    asking = np.array([1.0 if slug.endswith("_dm") else 0.15 if slug == "wecom" else 0.0 for slug in slugs])
    found: Flags = fraction(luck, 1) < asking[channel.astype(np.int64)]
    return found


def _add_intents(builder: _Builder, config: WorldConfig, ledger: Ledger) -> None:
    sent, luck = ledger.messages, ledger.visits["luck"].astype(np.float64)
    asks = _asks(config, sent["channel"], sent["luck"].astype(np.float64))
    fans = intents.watching(config, ledger, asks)
    builder.add(Moment.WATCHED, fans.person, fans.at, channel=fans.channel, luck=fans.luck)
    left = intents.leaving(config, ledger, (_views(luck) > 0) & _adds(luck), _viewed(luck, 0))
    builder.add(Moment.LEFT_CHECKOUT, left.person, left.at, ref=left.product, luck=left.luck, delay_s=520.0)


def _add_visits(builder: _Builder, config: WorldConfig, ledger: Ledger) -> None:
    visits = ledger.visits
    person, at, channel = visits["person"], visits["at"], visits["channel"]
    luck = visits["luck"].astype(np.float64)
    builder.add(Moment.LANDED, person, at, channel=channel, ref=visits["is_arrival"], luck=luck)
    views = _views(luck)
    for number in range(_MAX_VIEWS):
        looks = views > number
        product = _viewed(luck, number)[looks]
        builder.add(Moment.VIEWED, person[looks], at[looks], ref=product, luck=luck[looks],
                    delay_s=(number + 1) * (12 + 40 * luck[looks]))  # fmt: skip
        if number == 0:
            adds = _adds(luck[looks])
            builder.add(Moment.ADDED, person[looks][adds], at[looks][adds], ref=product[adds],
                        luck=luck[looks][adds], delay_s=400.0)  # fmt: skip
    speaks = _kinds(config, channel, Content.LIVE) & (fraction(luck, 21) < 0.22)
    builder.add(Moment.COMMENTED, person[speaks], at[speaks], channel=channel[speaks], luck=luck[speaks], delay_s=90.0)
    shares = _kinds(config, channel, Content.VIDEO, Content.LIVE, Content.ARTICLE) & (fraction(luck, 22) < 0.025)
    builder.add(Moment.SHARED, person[shares], at[shares], channel=channel[shares], luck=luck[shares], delay_s=130.0)


def _add_messages(builder: _Builder, config: WorldConfig, ledger: Ledger) -> None:
    sent = ledger.messages
    person, at, channel = sent["person"], sent["at"], sent["channel"]
    luck, is_opened = sent["luck"].astype(np.float64), sent["is_opened"] > 0
    asks = _asks(config, channel, luck)
    builder.add(Moment.ASKED, person[asks], at[asks], channel=channel[asks], luck=luck[asks], delay_s=-240.0)
    builder.add(Moment.SENT, person, at, channel=channel, luck=luck)
    builder.add(Moment.OPENED, person[is_opened], at[is_opened], channel=channel[is_opened], luck=luck[is_opened],
                delay_s=300 + 3_000 * fraction(luck[is_opened], 2))  # fmt: skip


def _add_orders(builder: _Builder, ledger: Ledger) -> None:
    orders = ledger.orders
    person, at, luck = orders["person"], orders["at"], orders["luck"]
    number = np.arange(len(orders), dtype=np.int64)
    for line in range(3):
        has = orders["line_count"] > line
        product = ledger.lines["product"][(orders["first_line"] + line)[has].astype(np.int64)]
        for code, delay in ((Moment.ORDER_LINE_VIEWED, -420.0), (Moment.ORDER_LINE_ADDED, -380.0)):
            builder.add(code, person[has], at[has], ref=product, luck=luck[has], delay_s=delay + 90.0 * line)
    builder.add(Moment.CHECKED_OUT, person, at, ref=number, luck=luck, delay_s=-75.0)
    has_coupon = orders["discount"] > 0
    builder.add(Moment.APPLIED_COUPON, person[has_coupon], at[has_coupon], ref=number[has_coupon],
                luck=luck[has_coupon], delay_s=-40.0)  # fmt: skip
    builder.add(Moment.ORDERED, person, at, ref=number, luck=luck)
    for code, mask in (
        (Moment.REFUNDED, ledger.observed_orders() & (orders["refunded"] > 0)),
        (Moment.CANCELLED, ledger.observed_orders() & (orders["is_cancelled"] > 0)),
    ):
        builder.add(code, person[mask], orders["refund_at"][mask], ref=number[mask], luck=luck[mask])


def _add_invites(builder: _Builder, ledger: Ledger) -> None:
    invites = ledger.invites
    builder.add(Moment.INVITED, invites["person"], invites["at"], ref=invites["referee"], luck=invites["luck"])
    accepted: npt.NDArray[np.bool_] = invites["referee"] >= 0
    builder.add(Moment.ACCEPTED, invites["referee"][accepted], invites["accepted_at"][accepted],
                ref=invites["person"][accepted], luck=invites["luck"][accepted], delay_s=5.0)  # fmt: skip
