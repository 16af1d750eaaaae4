"""What the four tables say, checked and by number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Frame, Vector
from fanwheel.measure.verdicts import coding
from fanwheel.measure.verdicts.coding import Codes

When = date | datetime | str
UNIVERSAL: Final = "universal"
DAY_US: Final = 86_400_000_000
NOBODY: Final = -1


@dataclass(frozen=True, kw_only=True)
class Money:
    """How amounts become one currency."""

    currency: str | None
    rates: Mapping[str, float] | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Facts:
    """The tables as arrays: people and channels are numbers, times microseconds, money in one currency.

    There are ``known`` people: those in the tables and, where the caller said how many there are, all others, who did
    nothing and are held out of nothing. ``held`` says by holdout since when each is held out, ``NEVER`` for those who
    are not.
    """

    channels: tuple[str, ...]
    currency: str
    start: int
    end: int
    known: int
    is_counted: bool  # whether the caller said how many people there are
    spend_channel: Codes
    spend_at: Codes
    spend_amount: Vector
    touch_person: Codes
    touch_channel: Codes
    touch_at: Codes
    touch_is_ghost: NDArray[np.bool_]
    held: Mapping[str, Codes]
    parts: Mapping[str, str]  # of channels that are campaigns, the channel to which each belongs
    order_person: Codes
    order_at: Codes
    order_value: Vector
    order_referrer: Codes
    segments: tuple[str, ...]
    segment: Codes  # of each known person; NOBODY where unknown
    backend: str

    def spent(self, channel: int, since: int) -> float:
        """Money spent on a channel from an instant on."""
        mine = (self.spend_channel == channel) & (self.spend_at >= since - since % DAY_US)
        return float(self.spend_amount[mine].sum())

    def until(self, end: int) -> "Facts":
        """What was known at an earlier instant."""
        touched, sold, spent = self.touch_at < end, self.order_at < end, self.spend_at < end
        return replace(
            self,
            end=end,
            spend_channel=self.spend_channel[spent],
            spend_at=self.spend_at[spent],
            spend_amount=self.spend_amount[spent],
            touch_person=self.touch_person[touched],
            touch_channel=self.touch_channel[touched],
            touch_at=self.touch_at[touched],
            touch_is_ghost=self.touch_is_ghost[touched],
            held={name: np.where(since < end, since, NEVER) for name, since in self.held.items()},
            order_person=self.order_person[sold],
            order_at=self.order_at[sold],
            order_value=self.order_value[sold],
            order_referrer=self.order_referrer[sold],
        )

    def is_held(self, holdout: str) -> NDArray[np.bool_]:
        """Who of the known people is in a holdout."""
        since = self.held.get(holdout)
        return np.zeros(self.known, dtype=np.bool_) if since is None else since < NEVER


NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, kw_only=True)
class Span:
    """The time that is judged, in microseconds; ``end`` is None where the newest row decides."""

    start: int
    end: int | None

    @classmethod
    def of(cls, start: When, end: When | None) -> "Span":
        """The span of two dates that the caller gave."""
        return cls(start=instant(start, "start"), end=None if end is None else instant(end, "end"))


def read(
    tables: tuple[Any, Any, Any, Any],
    span: Span,
    money: Money,
    *,
    people: int | None,
    segments: Any,
    parts: Mapping[str, str] = MappingProxyType({}),
) -> Facts:
    """The four tables, checked: spend, exposures, assignments, orders."""
    spend, touch, held, order = _frames(tables)
    times = {
        "spend": frames.moments(spend, "day", table="spend"),
        "exposures": frames.moments(touch, "at", table="exposures"),
        "assignments": frames.moments(held, "since", table="assignments"),
        "orders": frames.moments(order, "at", table="orders"),
    }
    currency, (spent, value) = _in_one_currency(spend, order, money)
    cells = frames.read(segments, ("person", "segment"), table="segments") if segments is not None else None
    named = _people(touch, held, order, cells)
    known = named.among(people)
    names, (of_spend, of_touch) = _channels(spend, touch)
    _refuse_copies("orders", (named.bought, times["orders"], value))
    cell_names, segment = _segments(cells, named.of_cell, known)
    return Facts(
        channels=tuple(names),
        currency=currency,
        start=span.start,
        end=_end(times, span),
        known=known,
        is_counted=people is not None,
        spend_channel=of_spend,
        spend_at=times["spend"],
        spend_amount=spent,
        touch_person=named.touched,
        touch_channel=of_touch,
        touch_at=times["exposures"],
        touch_is_ghost=_ghosts(touch),
        held=_held(held, named.assigned, times["assignments"], known=known, channels={*names, *parts.values()}),
        parts=parts,
        order_person=named.bought,
        order_at=times["orders"],
        order_value=value,
        order_referrer=named.referrer,
        segments=cell_names,
        segment=segment,
        backend=spend.backend,
    )


@dataclass(frozen=True, kw_only=True)
class _People:
    """Who stands in each table, by number."""

    touched: Codes
    assigned: Codes
    bought: Codes
    referrer: Codes
    of_cell: Codes
    known: int

    def among(self, people: int | None) -> int:
        """How many people there are, those in no table included where the caller counted them."""
        if people is None:
            return self.known
        if people < self.known:
            raise BadDataError(
                f"people is {people}, but the tables name {self.known}.",
                hint="Count everybody, met or not; or leave it out.",
            )
        return people


def _people(touch: Frame, held: Frame, order: Frame, cells: Frame | None) -> _People:
    columns = [
        coding.required(frame["person"], "person", table=name)
        for name, frame in (("exposures", touch), ("assignments", held), ("orders", order))
    ]
    referrer = order["referrer"] if "referrer" in order else np.full(order.rows, np.nan)
    invited = coding.is_there(referrer)
    columns.append(referrer[invited] if invited.any() else columns[0][:0])
    columns.append(coding.required(cells["person"], "person", table="segments") if cells else columns[0][:0])
    (touched, assigned, bought, by, of_cell), known = coding.number([c if len(c) else columns[0][:0] for c in columns])
    referrers = np.full(order.rows, NOBODY, dtype=np.int64)
    referrers[invited] = by
    return _People(
        touched=touched,
        assigned=assigned,
        bought=bought,
        referrer=np.where(referrers == bought, NOBODY, referrers),
        of_cell=of_cell,
        known=known,
    )


def instant(moment: When, name: str) -> int:
    """Microseconds since 1970 (UTC) of a date or time that the caller gave."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return round(moment.timestamp() * 1e6)
    try:
        stamp: np.datetime64[Any] = np.array([moment], dtype="datetime64[us]")[0]
    except (TypeError, ValueError) as error:
        raise BadDataError(f"{name} is not a date.", hint="Give a date, a datetime or “2026-01-31”.") from error
    if np.isnat(stamp):
        raise BadDataError(f"{name} is missing.", hint="Give the first day of the holdouts.")
    return int(stamp.astype(np.int64))


def _frames(tables: tuple[Any, Any, Any, Any]) -> tuple[Frame, Frame, Frame, Frame]:
    spend = frames.read(tables[0], ("channel", "day", "amount"), optional=("currency", "campaign"), table="spend")
    touch = frames.read(tables[1], ("person", "channel", "at"), optional=("ghost",), table="exposures")
    held = frames.read(tables[2], ("person", "holdout", "since"), table="assignments")
    order = frames.read(tables[3], ("person", "at", "value"), optional=("currency", "referrer"), table="orders")
    for name, frame in (("spend", spend), ("exposures", touch), ("orders", order)):
        if frame.rows == 0:
            raise BadDataError(f"{name} is empty.", hint=f"Give at least one row of {name}.")
    return spend, touch, held, order


def _end(times: Mapping[str, Codes], span: Span) -> int:
    newest = max(int(at.max()) for at in times.values() if len(at))
    end = newest - newest % DAY_US + DAY_US if span.end is None else span.end
    for table, at in times.items():
        frames.require(
            at < end, table=table, problem="a time is at or after end", hint="Drop rows from the future, or move end."
        )
    if end <= span.start:
        raise BadDataError("The data end before start.", hint="start is the first day of the holdouts.")
    return end


def _in_one_currency(spend: Frame, order: Frame, money: Money) -> tuple[str, tuple[Vector, Vector]]:
    amounts = (
        frames.numbers(spend, "amount", table="spend", at_least=0.0),
        frames.numbers(order, "value", table="orders", at_least=0.0),
    )
    coded = [
        coding.names(coding.required(frame["currency"], "currency", table=table)) if "currency" in frame else None
        for table, frame in (("spend", spend), ("orders", order))
    ]
    found = sorted({name for one in coded if one for name in one[0]})
    rates = dict(money.rates or {})
    target = money.currency or (found[0] if len(found) == 1 else "")
    if len(found) > 1 and not (rates and target):
        raise BadDataError(
            f"The tables mix {', '.join(found)}.", hint="Give currency and rates, or convert the amounts first."
        )
    if target:
        rates.setdefault(target, 1.0)
    for name in found:
        rate = rates.get(name)
        if rate is None or not 0 < rate < np.inf:
            raise BadDataError(f"There is no rate for {name}.", hint=f"Give rates={{“{name}”: …}}, above 0.")
    scaled = [
        amount if code is None else amount * np.array([rates[name] for name in code[0]])[code[1]]
        for amount, code in zip(amounts, coded, strict=True)
    ]
    return target, (scaled[0], scaled[1])


def _channels(spend: Frame, touch: Frame) -> tuple[list[str], tuple[Codes, Codes]]:
    of_spend = coding.names(coding.required(spend["channel"], "channel", table="spend"))
    of_touch = coding.names(coding.required(touch["channel"], "channel", table="exposures"))
    every = sorted({*of_spend[0], *of_touch[0]})
    place = {name: index for index, name in enumerate(every)}
    codes = [np.array([place[name] for name in names], dtype=np.int64)[code] for names, code in (of_spend, of_touch)]
    _refuse_spend_copies(spend, codes[0])
    return every, (codes[0], codes[1])


def _refuse_spend_copies(spend: Frame, channel: Codes) -> None:
    columns = [channel, frames.moments(spend, "day", table="spend"), spend["amount"].astype(np.float64)]
    columns += [coding.names(spend[name])[1] for name in ("currency", "campaign") if name in spend]
    _refuse_copies("spend", tuple(columns))


def _ghosts(touch: Frame) -> NDArray[np.bool_]:
    if "ghost" not in touch:
        return np.zeros(touch.rows, dtype=np.bool_)
    ghost = coding.required(touch["ghost"], "ghost", table="exposures")
    allowed = ghost.dtype.kind == "b" or set(np.unique(ghost.astype(str)).tolist()) <= {"True", "False", "0", "1"}
    if not allowed:
        raise BadDataError("exposures: column “ghost” is not true or false.", hint="True for an exposure held back.")
    return ghost.astype(np.bool_) if ghost.dtype.kind != "U" else np.isin(ghost, ("True", "1"))


def _held(frame: Frame, person: Codes, since: Codes, *, known: int, channels: set[str]) -> dict[str, Codes]:
    names, code = coding.names(coding.required(frame["holdout"], "holdout", table="assignments"))
    unknown = [name for name in names if name != UNIVERSAL and name not in channels]
    if unknown:
        bad = np.isin(code, [names.index(name) for name in unknown])
        frames.require(
            ~bad,
            table="assignments",
            problem=f"holdout “{unknown[0]}” is neither “{UNIVERSAL}” nor a channel",
            hint="Name the channel as in spend, or drop these rows.",
        )
    _refuse_copies("assignments", (person, code))
    held = {name: np.full(known, NEVER, dtype=np.int64) for name in names}
    for index, name in enumerate(names):
        mine = code == index
        held[name][person[mine]] = since[mine]
    return held


def _refuse_copies(table: str, columns: tuple[Any, ...]) -> None:
    order = np.lexsort(columns)
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in columns:
        same &= column[order][1:] == column[order][:-1]
    copy = np.zeros(len(order), dtype=np.bool_)
    copy[order[1:][same]] = True
    frames.require(~copy, table=table, problem="a row repeats another", hint="Drop the copies, or add them up.")


def _segments(cells: Frame | None, person: Codes, known: int) -> tuple[tuple[str, ...], Codes]:
    segment = np.full(known, NOBODY, dtype=np.int64)
    if cells is None:
        return (), segment
    names, code = coding.names(coding.required(cells["segment"], "segment", table="segments"))
    _refuse_copies("segments", (person,))
    segment[person] = code
    return tuple(names), segment
