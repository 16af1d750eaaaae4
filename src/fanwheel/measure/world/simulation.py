"""One run of a brand world, week by week, for everybody at once.

Exposure follows intent, so channels that wait at the shop's door look good; purchases follow intent plus what
exposures truly add. With a channel switched off everybody keeps the same luck (see ``streams``).
"""

from collections.abc import Collection
from typing import Final

import numpy as np

from fanwheel.measure.world import basket, calendar
from fanwheel.measure.world.config import ChannelSpec, Content, Region, WorldConfig
from fanwheel.measure.world.holdouts import Gate
from fanwheel.measure.world.ledger import (
    DIRECT,
    GHOST_COLUMNS,
    INVITE_COLUMNS,
    JOIN_COLUMNS,
    LINE_COLUMNS,
    MESSAGE_COLUMNS,
    ORDER_COLUMNS,
    VISIT_COLUMNS,
    Ledger,
    TableBuilder,
)
from fanwheel.measure.world.people import Flags, People, draw_people
from fanwheel.measure.world.streams import Floats, Indices, Streams, poisson

MAX_ORDERS_A_WEEK: Final = 3
_LAPSED_REACH: Final = 0.4  # those who dropped out still meet the brand, less often
_LAPSED_LIFT: Final = 0.25  # ... and can be won back, with more effort
_NEVER: Final = -99
_MOST_KEEN: Final = 12.0
_YEAR_W: Final = 52
_BEFORE_CHECKOUT_W: Final = 0.0012
_NEED_MEMORY, _NEED_SPREAD = 0.6, 0.8  # short-lived need for the product: an AR(1) process on the log scale


def simulate(config: WorldConfig, *, off: Collection[str] = ()) -> Ledger:
    """What happens in the world of ``config`` when the channels named in ``off`` do nothing after the pre-period."""
    unknown = set(off) - {channel.slug for channel in config.channels}
    if unknown:
        raise KeyError(f"no channel {sorted(unknown)}")
    run = _Run(config, draw_people(config), frozenset(off))
    for week in range(config.weeks + 1):  # one more: personal weeks are shifted against the calendar
        run.step(week)
    return run.ledger()


class _Run:
    """The state of everybody while the weeks pass."""

    def __init__(self, config: WorldConfig, people: People, off: frozenset[str]) -> None:
        self.config, self.people = config, people
        self.streams = Streams(config.seed)
        self.everyone: Indices = np.arange(people.count, dtype=np.int64)
        count = people.count
        self.need: Floats = self.streams.normal("need", self.everyone, week=-1)
        self.gate = Gate(config, people, off)
        self.is_aware: Flags = self.streams.uniform("known", self.everyone) < config.known_share
        self.is_alive: Flags = np.ones(count, dtype=np.bool_)
        has_bought = self.streams.uniform("bought", self.everyone) < 1.0 - np.exp(-_YEAR_W * people.rate)
        self.order_count = (self.is_aware & has_bought).astype(np.int64)
        self.last_visit = np.full(count, _NEVER, dtype=np.int64)
        self.members = {c.slug: np.zeros(count, dtype=np.bool_) for c in config.channels if c.is_messaging}
        self.index = {channel.slug: i for i, channel in enumerate(config.channels)}
        self.visits, self.messages = TableBuilder(VISIT_COLUMNS), TableBuilder(MESSAGE_COLUMNS)
        self.ghosts = TableBuilder(GHOST_COLUMNS)
        self.remembered = {c.slug: np.zeros(count) for c in config.channels if c.fatigue > 0}
        self.carried = {c.slug: np.zeros(count) for c in config.channels if c.carry_over > 0}
        self.joins, self.orders = TableBuilder(JOIN_COLUMNS), TableBuilder(ORDER_COLUMNS)
        self.lines, self.invites = TableBuilder(LINE_COLUMNS), TableBuilder(INVITE_COLUMNS)
        self.week = 0
        self.intent: Floats = np.zeros(count)
        self.lift: Floats = np.zeros(count)
        self.not_before: Floats = np.zeros(count)  # share of the week that had passed when newcomers arrived

    def ledger(self) -> Ledger:
        return Ledger(
            visits=self.visits.build(),
            messages=self.messages.build(),
            joins=self.joins.build(),
            orders=self.orders.build(),
            lines=self.lines.build(),
            invites=self.invites.build(),
            ghosts=self.ghosts.build(),
            currencies=basket.CURRENCIES,
            weeks=self.config.weeks,
        )

    def step(self, week: int) -> None:
        """Let one week pass."""
        self.week = week
        innovation = self.streams.normal("need", self.everyone, week=week)
        self.need = _NEED_MEMORY * self.need + np.sqrt(1.0 - _NEED_MEMORY**2) * innovation
        bias = np.exp(_NEED_SPREAD * self.need - _NEED_SPREAD**2 / 2)
        self.intent = self.people.rate * self.is_alive * bias * calendar.season(week)
        self.lift = np.zeros(self.people.count)
        self.not_before = np.zeros(self.people.count)
        self._wear_off()
        newcomers = self._arrive()
        for channel in self._switched_on():
            if channel.is_messaging:
                self._write(channel)
            elif channel.content is not Content.INVITE:
                self._visit(channel, newcomers)
        self._browse_directly(newcomers)
        self.is_aware |= newcomers
        self._buy()
        self._share_in_vain()

    # ------------------------------------------------------------ meeting the brand
    def _arrive(self) -> Flags:
        """Who meets the brand for the first time this week, by any way; their first visit is recorded."""
        unaware = self.everyone[~self.is_aware]
        openness = np.where(self.people.referrer >= 0, self.config.referee_reach, 1.0)
        best: Floats = np.full(self.people.count, np.inf)
        through = np.full(self.people.count, DIRECT - 1, dtype=np.int64)
        held_back: list[tuple[ChannelSpec, Indices]] = []
        for channel in self._switched_on():
            if channel.reach_new > 0:
                who = self._of_region(unaware, channel)
                who = who[self._draw("arrive", who, channel.slug) < channel.reach_new * openness[who]]
                at = self.week - self.people.phase[who] + self._arrival_moment(who, channel.slug)
                held_back.append((channel, who[self.gate.ghosts(channel, who, at)]))
                self._race(best, through, who[self._passes(channel, who, at)], self.index[channel.slug])
        who = unaware[self._draw("awareness", unaware) < self.config.awareness * openness[unaware]]
        self._race(best, through, who, DIRECT)
        self._race_invites(best, through)
        for channel, who in held_back:
            self._haunt_arrivals(channel, who, best)
        newcomers = np.isfinite(best)
        who = self.everyone[newcomers]
        self.not_before[who] = best[who]
        self._record_visits(who, best[who], through[who], way="arrival")
        for index in np.unique(through[who]):
            if index != DIRECT:
                self._join_after(self.config.channels[index], who[through[who] == index])
                self._expose(self.config.channels[index], who[through[who] == index])
        return newcomers

    def _race(self, best: Floats, through: Indices, who: Indices, index: int) -> Indices:
        """Keep the earliest of the ways by which newcomers came; returns those for whom this way is it."""
        name = DIRECT if index == DIRECT else self.config.channels[index].slug
        moment = self._arrival_moment(who, str(name))
        wins = moment < best[who]
        best[who[wins]] = moment[wins]
        through[who[wins]] = index
        return who[wins]

    def _arrival_moment(self, who: Indices, way: str) -> Floats:
        moment: Floats = 0.6 * self._draw("arrive/moment", who, way)
        return moment

    def _haunt_arrivals(self, channel: ChannelSpec, who: Indices, best: Floats) -> None:
        """Keep ghosts of those whom only the holdout kept from coming through the channel first."""
        moment = self._arrival_moment(who, channel.slug)
        first = moment <= best[who]
        at = self.week - self.people.phase[who] + moment
        self.ghosts.add(person=who[first], at=at[first], channel=self.index[channel.slug])

    def _race_invites(self, best: Floats, through: Indices) -> None:
        """Customers invite friends; a friend who accepts comes through the invite."""
        referral = next((c for c in self._switched_on() if c.content is Content.INVITE), None)
        if referral is None:
            return
        people = self.people
        referees = self.everyone[~self.is_aware & (people.referrer >= 0)]
        referees = referees[self.order_count[people.referrer[referees]] > 0]
        referrer = people.referrer[referees]
        # The referrer's personal week must begin before the friend's, so that an invite follows an order.
        is_after = people.phase[referrer] > people.phase[referees] + 0.1
        is_hit = self._draw("invite", referees) < self.config.invite_rate * people.social[referrer]
        accepted = self._race(best, through, referees[is_hit & is_after], self.index[referral.slug])
        at = self._clock(accepted, best[accepted])
        self.invites.add(
            person=people.referrer[accepted],
            at=at - 0.001 - 0.09 * self._draw("invite/lag", accepted),
            referee=accepted,
            accepted_at=at,
            luck=self._draw("invite/luck", accepted),
        )

    def _visit(self, channel: ChannelSpec, newcomers: Flags) -> None:
        """Visits by people who know the brand already, more by those who are about to buy anyhow."""
        who = self._of_region(self.everyone[self.is_aware & ~newcomers], channel)
        luck = self._draw("visit", who, channel.slug)
        # Most are ruled out before the costly power is taken.
        likely = luck < channel.reach * _MOST_KEEN**channel.intent_power * max(channel.recent_visit_power, 1.0)
        who, luck = who[likely], luck[likely]
        who = who[luck < channel.reach * self._selection(who, channel)]
        moment = self.config.visits_until * self._draw("visit/moment", who, channel.slug)
        who, moment = self._let_through(channel, who, moment)
        self._record_visits(who, moment, self.index[channel.slug], way=f"visit/{channel.slug}")
        self._expose(channel, who)
        self._join_after(channel, who, moment)

    def _browse_directly(self, newcomers: Flags) -> None:
        """Customers and the interested also come by on their own."""
        who = self.everyone[self.is_aware & ~newcomers]
        relative = self.intent[who] / self.config.purchase_mean
        who = who[self._draw("direct", who) < 0.05 * np.minimum(1.0, 0.3 + relative)]
        self._record_visits(who, 0.85 * self._draw("direct/moment", who), DIRECT, way="direct")

    def _selection(self, who: Indices, channel: ChannelSpec) -> Floats:
        """By how much more than on average each person meets the channel."""
        relative = np.minimum(self.intent[who] / self.config.purchase_mean, _MOST_KEEN)
        factor: Floats = relative**channel.intent_power if channel.intent_power else np.ones(len(who))
        factor = factor * np.where(self.is_alive[who], 1.0, _LAPSED_REACH)
        is_recent = self.last_visit[who] >= self.week - 2
        return factor * np.where(is_recent, channel.recent_visit_power, 1.0)

    def _expose(self, channel: ChannelSpec, who: Indices) -> None:
        effect = np.where(self.order_count[who] > 0, channel.effect_customer, channel.effect)
        added = effect * self.people.persuadable[who]
        if channel.saturation > 0:
            added = added / (1.0 + channel.saturation * len(who) / self.people.count)
        if channel.slug in self.remembered:
            added = added * np.exp(-channel.fatigue * self.remembered[channel.slug][who])
            self.remembered[channel.slug][who] += 1.0
        self.lift[who] += added
        if channel.slug in self.carried:
            self.carried[channel.slug][who] += added * channel.carry_over

    def _wear_off(self) -> None:
        """Exposures of earlier weeks are half forgotten; what of their effect is carried over works and fades."""
        for count in self.remembered.values():
            count *= 0.5
        for slug, carried in self.carried.items():
            self.lift += carried
            carried *= self.config.channel(slug).carry_over

    # ------------------------------------------------------------ holding out
    def _passes(self, channel: ChannelSpec, who: Indices, at: Floats) -> Flags:
        """Which of the would-be exposures happen."""
        luck = self._draw("leak", who, channel.slug) if self.config.contamination > 0 else None
        return self.gate.passes(channel, who, at, luck)

    def _let_through(self, channel: ChannelSpec, who: Indices, moment: Floats) -> tuple[Indices, Floats]:
        """Those whose would-be exposure happens, and when; of those held out a ghost is kept."""
        if not self.gate.watches(channel):
            return who, moment
        at = self._clock(who, moment)
        self._haunt(channel, who, at)
        shown = self._passes(channel, who, at)
        return who[shown], moment[shown]

    def _haunt(self, channel: ChannelSpec, who: Indices, at: Floats) -> None:
        ghosts = self.gate.ghosts(channel, who, at)
        self.ghosts.add(person=who[ghosts], at=at[ghosts], channel=self.index[channel.slug])

    # ------------------------------------------------------------ private channels
    def _write(self, channel: ChannelSpec) -> None:
        """The brand writes to members; some open, click, or leave because of it."""
        who = self.everyone[self.members[channel.slug]]
        who = who[self._draw("send", who, channel.slug) < channel.cadence]
        moment = min(0.7, self.config.visits_until) * self._draw("send/moment", who, channel.slug)
        who, moment = self._let_through(channel, who, moment)
        opens = self._draw("open", who, channel.slug) < channel.reach * self._selection(who, channel)
        self.messages.add(
            person=who,
            at=self._clock(who, moment),
            channel=self.index[channel.slug],
            is_opened=opens.astype(np.int64),
            luck=self._draw("send/luck", who, channel.slug),
        )
        self._expose(channel, who[opens])
        clicks = opens & (self._draw("click", who, channel.slug) < channel.click_rate)
        self._record_visits(who[clicks], moment[clicks] + 0.02, self.index[channel.slug], way=f"click/{channel.slug}")
        leaves = self._draw("leave", who, channel.slug) < channel.opt_out
        self._join(channel, who[leaves], moment[leaves] + 0.03, is_leaving=True)

    def _join_after(self, channel: ChannelSpec, who: Indices, moment: Floats | None = None) -> None:
        """Visits end in joining private channels that the person has not joined."""
        after = np.zeros(len(who)) if moment is None else moment
        for slug, chance in channel.joins.items():
            if slug not in self.members or self.gate.is_gone(slug):
                continue
            private = self.config.channel(slug)
            picked = self._draw(f"join/{slug}", who, channel.slug) < chance
            picked &= ~self.members[slug][who] & self._serves(private)[who]
            self._join(private, who[picked], after[picked] + 0.002, via=self.index[channel.slug])

    def _join(
        self, channel: ChannelSpec, who: Indices, moment: Floats, *, via: int = DIRECT, is_leaving: bool = False
    ) -> None:
        self.members[channel.slug][who] = not is_leaving
        self.joins.add(
            person=who,
            at=self._clock(who, moment),
            channel=self.index[channel.slug],
            is_leaving=int(is_leaving),
            via=via,
            luck=self._draw(f"join/luck/{via}/{is_leaving}", who, channel.slug),
        )

    # ------------------------------------------------------------ buying
    def _buy(self) -> None:
        """Orders of the week, with everything that follows from them."""
        people, known = self.people, self.everyone[self.is_aware]
        eagerness = np.where(self.order_count[known] > 0, 1.0, self.config.first_order_factor)
        lift = self.lift[known] * np.where(self.is_alive[known], 1.0, _LAPSED_LIFT)
        rate = np.maximum(self.intent[known] * eagerness + lift, 0.0)
        wanted = poisson(rate, self._draw("buy", known), most=MAX_ORDERS_A_WEEK)
        for slot in range(MAX_ORDERS_A_WEEK):
            who = known[wanted > slot]
            who = who[self.is_alive[who] | (slot == 0)]
            if len(who) == 0:
                return
            moment = 0.3 + 0.65 * (slot + self._draw(f"buy/moment/{slot}", who)) / MAX_ORDERS_A_WEEK
            self._place_orders(who, moment, slot)
            self.order_count[who] += 1
            self.is_alive[who] = self._draw(f"dropout/{slot}", who) >= people.dropout[who]

    def _place_orders(self, who: Indices, moment: Floats, slot: int) -> None:
        door = self._pass_the_door(who, moment, slot)
        at = self._clock(who, moment)
        discount_rate = np.array([*(c.discount for c in self.config.channels), 0.0])[door]
        orders, lines = basket.fill(
            self.streams, self.people, who, week=self.week, slot=slot, discount_rate=discount_rate
        )
        fate = basket.fates(self.streams, self.config, who, week=self.week, slot=slot, total=orders["total"])
        self.orders.add(
            person=who,
            at=at,
            week=self.week,
            slot=slot,
            channel=door,
            first_line=self.lines.rows + np.concatenate([[0], np.cumsum(orders["line_count"])[:-1]]),
            refund_at=at + fate["delay"],
            is_cancelled=fate["is_cancelled"],
            refunded=fate["refunded"],
            luck=self._draw(f"order/luck/{slot}", who),
            **orders,
        )
        self.lines.add(**lines)
        for channel in self._switched_on():
            if channel.join_at_order > 0 and channel.is_messaging:
                picked = self._draw(f"join/order/{slot}", who, channel.slug) < channel.join_at_order
                picked &= ~self.members[channel.slug][who] & self._serves(channel)[who]
                self._join(channel, who[picked], moment[picked] + 0.001)

    def _pass_the_door(self, who: Indices, moment: Floats, slot: int) -> Indices:
        """The harvesting channel, if any, through which each buyer comes to the checkout."""
        door = np.full(len(who), DIRECT, dtype=np.int64)
        for channel in reversed(self._switched_on()):
            if channel.at_checkout > 0:
                passes = self._draw(f"door/{slot}", who, channel.slug) < channel.at_checkout
                place = np.flatnonzero(passes & self._serves(channel)[who] & (door == DIRECT))
                at = self._clock(who[place], moment[place] - _BEFORE_CHECKOUT_W)
                self._haunt(channel, who[place], at)
                door[place[self._passes(channel, who[place], at)]] = self.index[channel.slug]
        came = door != DIRECT
        self._record_visits(who[came], moment[came] - _BEFORE_CHECKOUT_W, door[came], way=f"door/{slot}")
        return door

    def _share_in_vain(self) -> None:
        """Customers also invite people who do not come."""
        if not any(c.content is Content.INVITE for c in self._switched_on()):
            return
        who = self.everyone[self.order_count > 0]
        who = who[self._draw("share", who) < 0.05 * self.people.social[who]]
        at = self._clock(who, 0.5 + 0.5 * self._draw("share/moment", who))
        self.invites.add(person=who, at=at, referee=-1, accepted_at=np.inf, luck=self._draw("share/luck", who))

    # ------------------------------------------------------------ small print
    def _switched_on(self) -> tuple[ChannelSpec, ...]:
        return tuple(channel for channel in self.config.channels if not self.gate.is_gone(channel.slug))

    def _draw(self, purpose: str, who: Indices, channel: str = "") -> Floats:
        return self.streams.uniform(purpose, who, week=self.week, channel=channel)

    def _serves(self, channel: ChannelSpec) -> Flags:
        if channel.region is Region.ALL:
            return np.ones(self.people.count, dtype=np.bool_)
        is_chinese_channel = channel.region is Region.CHINA
        served: Flags = self.people.is_china == is_chinese_channel
        return served

    def _of_region(self, who: Indices, channel: ChannelSpec) -> Indices:
        return who if channel.region is Region.ALL else who[self._serves(channel)[who]]

    def _clock(self, who: Indices, moment: Floats) -> Floats:
        """Operational time of a moment (a share of the personal week), after the person's arrival."""
        start = self.not_before[who]
        return self.week - self.people.phase[who] + start + (1.0 - start) * np.clip(moment, 0.0, 0.9999)

    def _record_visits(self, who: Indices, moment: Floats, channel: Indices | int, *, way: str) -> None:
        self.visits.add(
            person=who,
            at=self._clock(who, moment) if way != "arrival" else self.week - self.people.phase[who] + moment,
            channel=channel,
            is_arrival=int(way == "arrival"),
            luck=self._draw("visit/luck", who, way),
        )
        self.last_visit[who] = self.week
