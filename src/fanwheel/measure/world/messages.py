"""A world told in the words of a tracking SDK: messages in time order per person."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from fanwheel.measure.world import brand, calendar, details
from fanwheel.measure.world.basket import CURRENCIES
from fanwheel.measure.world.config import WorldConfig
from fanwheel.measure.world.dossier import Dossier, Registry
from fanwheel.measure.world.holdouts import UNIVERSAL, assignments, planned_shares
from fanwheel.measure.world.ledger import DIRECT, Ledger
from fanwheel.measure.world.people import Flags, People
from fanwheel.measure.world.streams import Indices, Streams, mix, word
from fanwheel.measure.world.timeline import EVERY_CHANNEL, Moment, Timeline

Message = dict[str, Any]

_CHUNK: Final = 65_536
_TRACKED_QR: Final = 0.7  # chance that joining a platform channel still knows the visitor's cookie
_CONSENTS: Final = 0.94
# What may lose its person: exposures one by one, an order with all that is said of it.
_EXPOSURES: Final = (Moment.LANDED, Moment.SENT, Moment.HELD_OUT)
_OF_ORDERS: Final = (Moment.CHECKED_OUT, Moment.APPLIED_COUPON, Moment.ORDERED, Moment.REFUNDED, Moment.CANCELLED)


def messages(config: WorldConfig, people: People, ledger: Ledger, timeline: Timeline) -> Iterator[Message]:
    """Every message of the world in the window that it shows; the same config gives the same messages."""
    teller = _Teller(config, people, ledger)
    start, end = calendar.window(config)
    digest = np.uint64(word("world", config.seed, config.people, config.weeks))
    for low in range(0, len(timeline.person), _CHUNK):
        yield from teller.tell(timeline, slice(low, low + _CHUNK), window_ms=(start * 1000, end * 1000), digest=digest)


class _Teller:
    """Knows what the brand's systems know of the current person, and turns moments into messages."""

    def __init__(self, config: WorldConfig, people: People, ledger: Ledger) -> None:
        self._channels = config.channels
        self._lost_share, self._streams = config.lost_identities, Streams(config.seed)
        self._registry = registry = Registry(config.seed, people)
        held = assignments(config, people).get(UNIVERSAL)
        self._nowhere = set() if held is None else set(np.flatnonzero(held).tolist())
        self._shares = planned_shares(config)
        self._orders = details.read_orders(config, ledger)
        self._said: list[Message] = []
        self._person: Dossier = registry.open(0)
        self._device, self._channel, self._ref, self._sub = 0, DIRECT, -1, 0
        self._luck, self._timestamp, self._id_head, self._id_tail = 0.0, "", "", ""
        self._stranger = ""  # the cookie under which a fact is told that lost its person
        # In the order of Moment.
        self._tell: tuple[Callable[[], None], ...] = (
            self._landed, self._viewed, self._added, self._commented, self._shared, self._sent, self._opened,
            self._asked, self._joined, self._left, self._checked_out, self._applied_coupon, self._ordered,
            self._refunded, self._cancelled, self._invited, self._accepted, self._viewed, self._added,
            self._held_out, self._assigned, self._watched, self._left_checkout,
        )  # fmt: skip
        assert len(self._tell) == len(Moment)

    def tell(
        self, timeline: Timeline, part: slice, *, window_ms: tuple[int, int], digest: np.uint64
    ) -> Iterator[Message]:
        """Messages of one slice of the timeline; slices must be told in order."""
        milliseconds = timeline.milliseconds[part]
        shown = ((milliseconds >= window_ms[0]) & (milliseconds < window_ms[1])).tolist()
        stamps = np.datetime_as_string(milliseconds.astype("datetime64[ms]")).tolist()
        keys = mix(timeline.row[part].astype(np.uint64) ^ digest).tolist()
        columns = (
            timeline.person,
            timeline.code,
            timeline.channel,
            timeline.ref,
            timeline.luck,
            timeline.device,
            timeline.row,
        )
        strangers = self._strangers(timeline, part)
        rows = zip(*(column[part].tolist() for column in columns), stamps, keys, shown, strangers, strict=True)
        for person, code, channel, ref, luck, device, row, stamp, key, is_shown, self._stranger in rows:
            if person != self._person.index:
                self._person = self._registry.open(person)
            self._channel, self._ref, self._luck, self._device, self._sub = channel, ref, luck, device, 0
            self._timestamp = stamp + "Z"
            self._id_head = f"{key >> 32:08x}-{key >> 16 & 0xFFFF:04x}-8{key & 0xFFF:03x}-8"
            self._id_tail = f"-{row:012x}"
            if is_shown and self._person.is_registered and not (self._person.is_introduced or self._stranger):
                self._introduce()
            self._tell[code]()
            if is_shown:
                yield from self._said
            elif self._said:
                self._person.is_introduced = False
            self._said.clear()

    def _strangers(self, timeline: Timeline, part: slice) -> list[str]:
        """The cookie of somebody never seen otherwise for each moment that lost its person, else nothing."""
        code = timeline.code[part]
        if self._lost_share == 0:
            return [""] * len(code)
        return [
            name or other
            for name, other in zip(
                self._lose("exposure", timeline.row[part], np.isin(code, _EXPOSURES)),
                self._lose("order", timeline.ref[part], np.isin(code, _OF_ORDERS)),
                strict=True,
            )
        ]

    def _lose(self, kind: str, number: Indices, counts: Flags) -> list[str]:
        lost = counts & (self._streams.uniform(f"lost/{kind}/told", number) < self._lost_share)
        named = zip(number.tolist(), lost.tolist(), strict=True)
        return [f"lost-{kind}-{one}" if is_lost else "" for one, is_lost in named]

    # ------------------------------------------------------------ saying
    def _say(self, kind: str, ids: Message, context: Message, body: Message) -> None:
        self._said.append(
            {"type": kind, **ids, **body, "context": context, "timestamp": self._timestamp,
             "messageId": f"{self._id_head}{self._sub:03x}{self._id_tail}"}
        )  # fmt: skip
        self._sub += 1

    def _track(self, event: str, properties: Message, context: Message | None = None) -> None:
        """Something the person did on one of their devices."""
        self._say(
            "track", self._web_ids(), context or self._device_context(), {"event": event, "properties": properties}
        )

    def _report(self, event: str, properties: Message, channel: str = "") -> None:
        """Something that a server or a platform reports of the person."""
        ids, context = self._server_ids(channel)
        self._say("track", ids, context, {"event": event, "properties": properties})

    def _server_ids(self, channel: str) -> tuple[Message, Message]:
        """By what a server, or the platform of a channel, knows the person: ids and context."""
        if self._stranger:
            return {"anonymousId": self._stranger}, {}
        person = self._person
        accounts = person.accounts.get(channel)
        context: Message = {}
        ids: Message = {"userId": person.user_id} if person.is_registered else {}
        if accounts:
            context = {"externalIds": [{"type": kind, "id": value} for kind, value in accounts]}
        elif not ids:
            ids = {"anonymousId": person.anonymous_ids[0]}
        return ids, context

    def _web_ids(self) -> Message:
        if self._stranger:
            return {"anonymousId": self._stranger}
        person = self._person
        ids: Message = {"anonymousId": person.anonymous_ids[self._device]}
        if self._device in person.known_devices:
            ids["userId"] = person.user_id
        return ids

    def _device_context(self) -> Message:
        return self._person.contexts[self._device]

    # ------------------------------------------------------------ who it is
    def _introduce(self) -> None:
        person = self._person
        person.is_introduced = True
        ids = {"userId": person.user_id, "anonymousId": person.anonymous_ids[self._device]}
        person.known_devices.add(self._device)
        self._say("identify", ids, self._device_context(), {"traits": person.signup_traits()})

    def _log_in(self) -> None:
        """The person signs in, or up, on this device."""
        if self._stranger:
            return
        person = self._person
        if not person.is_registered:
            person.is_registered = True
            self._introduce()
        elif self._device not in person.known_devices:
            person.known_devices.add(self._device)
            anonymous = person.anonymous_ids[self._device]
            if self._luck < 0.3:  # some integrations alias the old id instead of identifying again
                self._say("alias", {"previousId": anonymous, "userId": person.user_id}, self._device_context(), {})
            else:
                ids = {"userId": person.user_id, "anonymousId": anonymous}
                self._say("identify", ids, self._device_context(), {"traits": {}})

    # ------------------------------------------------------------ visiting
    def _landed(self) -> None:
        base = self._device_context()
        if self._channel == DIRECT:
            self._say("page", self._web_ids(), {**base, "page": details.HOME}, {"name": "Home", "properties": {}})
            return
        channel = self._channels[self._channel]
        context = {**base, **details.arrival(channel, self._luck, is_china=self._person.is_china)}
        event = details.landing_event(channel, self._luck)
        if event is None:
            self._say("page", self._web_ids(), context, {"name": "Landing", "properties": {}})
        else:
            self._track(event[0], event[1], context)
            if channel.is_messaging:
                self._say("page", self._web_ids(), {**base, "page": details.HOME}, {"name": "Home", "properties": {}})
        if self._person.is_registered and self._luck < 0.5:
            self._log_in()

    def _viewed(self) -> None:
        self._track("Product Viewed", details.PRODUCTS[self._currency()][self._ref])

    def _added(self) -> None:
        self._track("Product Added", details.CART_PRODUCTS[self._currency()][self._ref])

    def _commented(self) -> None:
        self._track("Comment Posted", {"content_type": "live", "text": details.pick(brand.QUESTIONS, self._luck, 3)})

    def _shared(self) -> None:
        self._track("Content Shared", {"content_type": self._channels[self._channel].content.value})

    def _currency(self) -> str:
        return CURRENCIES[0] if self._person.is_china else CURRENCIES[1]

    # ------------------------------------------------------------ private channels
    def _sent(self) -> None:
        self._report_on_channel("Message Sent", **self._campaign())

    def _opened(self) -> None:
        self._report_on_channel("Message Opened", **self._campaign())

    def _asked(self) -> None:
        self._report_on_channel("Message Received", text=details.pick(brand.QUESTIONS, self._luck, 4))

    def _left(self) -> None:
        self._report_on_channel("Channel Left")

    def _joined(self) -> None:
        channel = self._channels[self._channel].slug
        via = self._channels[self._ref].source if self._ref >= 0 else "order"
        properties: Message = {"channel": channel, "consent": self._luck * 523 % 1.0 < _CONSENTS, "via": via}
        if channel in ("email", "sms"):
            if via != "order":
                self._track("Form Submitted", {"form": "newsletter" if channel == "email" else "sms_club"})
            self._log_in()
        person = self._person
        # One cookie that came with two accounts that nothing else joins would look like a shared device.
        if channel in person.accounts and not person.is_registered and not person.tracked and self._luck < _TRACKED_QR:
            person.tracked = channel
            accounts = [{"type": kind, "id": value} for kind, value in person.accounts[channel]]
            self._track("Channel Joined", properties, {"externalIds": accounts})
        else:
            self._report("Channel Joined", properties, channel)

    def _watched(self) -> None:
        self._report("Live Joined", details.live(self._luck), self._channels[self._channel].slug)

    def _report_on_channel(self, event: str, **properties: Any) -> None:
        channel = self._channels[self._channel].slug
        self._report(event, {"channel": channel, **properties}, channel)

    def _campaign(self) -> Message:
        return {"campaign": details.pick(self._channels[self._channel].evidence.campaigns, self._luck, -1)}

    # ------------------------------------------------------------ holding out
    def _assigned(self) -> None:
        """Somebody of whom the brand hears is held out of a channel, or of all of them."""
        self._hold_out(self._web_ids(), {}, self._slug_of_holdout(self._channel))

    def _held_out(self) -> None:
        """A message or an ad was due, and the person's holdout kept it back."""
        channel = self._channels[self._channel]
        ids, context = self._server_ids(channel.slug) if channel.is_messaging else (self._web_ids(), {})
        # A device that nobody knows yet is held out like its owner: the holdout is drawn by person.
        is_universal = self._person.index in self._nowhere
        self._hold_out(ids, context, self._slug_of_holdout(EVERY_CHANNEL if is_universal else self._channel))
        event = "Message Held Out" if channel.is_messaging else "Ad Held Out"
        properties = {"source": channel.source, "ghost": True}
        self._say("track", ids, context, {"event": event, "properties": properties})

    def _hold_out(self, ids: Message, context: Message, holdout: str) -> None:
        """Say that whoever has these ids is held out, unless that was said."""
        named = str(ids.get("userId") or ids.get("anonymousId") or context)
        if (named, holdout) not in self._person.held_out:
            self._person.held_out.add((named, holdout))
            properties = {"holdout": holdout, "share": self._shares[holdout]}
            self._say("track", ids, context, {"event": "Holdout Assigned", "properties": properties})

    def _slug_of_holdout(self, channel: int) -> str:
        return UNIVERSAL if channel == EVERY_CHANNEL else self._channels[channel].source

    # ------------------------------------------------------------ buying
    def _checked_out(self) -> None:
        order = self._orders[self._ref]
        self._track(
            "Checkout Started", {"order_id": order["order_id"], "value": order["total"], "currency": order["currency"]}
        )

    def _left_checkout(self) -> None:
        product = details.CART_PRODUCTS[self._currency()][self._ref]
        self._track(
            "Checkout Started", {"value": product["price"], "currency": product["currency"], "products": [product]}
        )

    def _applied_coupon(self) -> None:
        order = self._orders[self._ref]
        self._track(
            "Coupon Applied", {"order_id": order["order_id"], "coupon": order["coupon"], "discount": order["discount"]}
        )

    def _ordered(self) -> None:
        self._log_in()
        self._track("Order Completed", self._orders[self._ref])

    def _refunded(self) -> None:
        order = self._orders[self._ref]
        refund = details.refund(order, self._orders.refunded_minor[self._ref])
        self._report("Order Refunded", refund)

    def _cancelled(self) -> None:
        order = self._orders[self._ref]
        self._report("Order Cancelled", {"order_id": order["order_id"], "reason": "changed mind"})

    # ------------------------------------------------------------ inviting
    def _invited(self) -> None:
        self._report("Invite Sent", {"code": f"MW{self._person.index:06d}", "channel_of_invite": "poster"})

    def _accepted(self) -> None:
        code, referrer = f"MW{self._ref:06d}", self._registry.user_id(self._ref)
        self._track("Invite Accepted", {"referrer_id": referrer, "code": code})
