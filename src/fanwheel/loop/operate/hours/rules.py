"""Whether we are open: on the workspace's clock, with its summer time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fanwheel.loop.operate.hours.contracts import Opening, Special, Weekly
from fanwheel.loop.operate.hours.errors import BadHoursError

DAY_MINUTES: Final = 1_440
_DAYS_AHEAD: Final = 400
_MOST_SPECIAL: Final = 400
_MOST_SPANS: Final = 70


class Hours:
    """When we are open; without any hours always."""

    def __init__(self, zone: ZoneInfo, weekly: Sequence[Weekly] = (), special: Sequence[Special] = ()) -> None:
        self.zone = zone
        self.weekly = tuple(weekly)
        self.special = tuple(special)
        self._by_day: dict[int, list[Opening]] = {}
        for each in sorted(weekly, key=lambda span: (span.day, span.opens)):
            self._by_day.setdefault(each.day, []).append(Opening(each.opens, each.closes))
        self._by_date = {each.date: sorted(each.spans, key=lambda span: span.opens) for each in special}

    @property
    def is_always_open(self) -> bool:
        """Whether there are no hours at all."""
        return not self.weekly and not self.special

    def is_open(self, moment: datetime) -> bool:
        """Whether we are open at a moment."""
        if self.is_always_open:
            return True
        day = moment.astimezone(self.zone).date()
        return any(opens <= moment < closes for opens, closes in self._spans(day))

    def next_opening(self, moment: datetime) -> datetime | None:
        """The moment itself if we are open, else the next one at which we open; None if there is none for a year."""
        if self.is_open(moment):
            return moment
        return next((opens for opens, _ in self._from(moment) if opens > moment), None)

    def open_seconds(self, start: datetime, end: datetime) -> float:
        """For how long of a time we are open."""
        if self.is_always_open:
            return max(0.0, (end - start).total_seconds())
        total = 0.0
        for opens, closes in self._from(start):
            if opens >= end:
                break
            total += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
        return total

    def due(self, start: datetime, seconds: float) -> datetime:
        """The moment at which we have been open for ``seconds`` since ``start``; without enough hours, by the clock."""
        if self.is_always_open:
            return start + timedelta(seconds=seconds)
        left = timedelta(seconds=seconds)
        for opens, closes in self._from(start):
            begins = max(opens, start)
            if closes - begins >= left and closes > begins:
                return begins + left
            left -= max(timedelta(0), closes - begins)
        return start + timedelta(seconds=seconds)

    def _from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = moment.astimezone(self.zone).date()
        for ahead in range(_DAYS_AHEAD):
            yield from self._spans(day + timedelta(days=ahead))

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        spans = self._by_date.get(day)
        for span in self._by_day.get(day.isoweekday(), []) if spans is None else spans:
            yield self._moment(day, span.opens), self._moment(day, span.closes)

    def _moment(self, day: date, minute: int) -> datetime:
        if minute >= DAY_MINUTES:
            return datetime.combine(day + timedelta(days=1), time(0), self.zone).astimezone(UTC)
        return datetime.combine(day, time(minute // 60, minute % 60), self.zone).astimezone(UTC)


def check(weekly: Sequence[Weekly], special: Sequence[Special]) -> None:
    """Raise ``BadHoursError`` unless every stretch lies within its day and no two of a day overlap."""
    if len(weekly) > _MOST_SPANS or len(special) > _MOST_SPECIAL:
        raise BadHoursError(hint=f"Keep to {_MOST_SPANS} stretches a week and {_MOST_SPECIAL} dates.")
    if len({each.date for each in special}) < len(special):
        raise BadHoursError("A date stands there twice.")
    if any(not 1 <= each.day <= 7 for each in weekly):
        raise BadHoursError("Days go from 1, Monday, to 7, Sunday.")
    for number in range(1, 8):
        _check_day([Opening(each.opens, each.closes) for each in weekly if each.day == number])
    for each in special:
        _check_day(each.spans)


def _check_day(spans: Sequence[Opening]) -> None:
    ended = 0
    for span in sorted(spans, key=lambda each: each.opens):
        if not 0 <= span.opens < span.closes <= DAY_MINUTES:
            raise BadHoursError("A stretch must begin before it ends, within one day.")
        if span.opens < ended:
            raise BadHoursError("Two stretches of a day overlap.")
        ended = span.closes
