"""Tests of one value as SQL that both engines understand; rules/values.py and rules/moments.py say what each means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.params import Params, either
from fanwheel.cdp.segments.rules import moments, values

_COMPARE: Final = {tree.More: ">", tree.AtLeast: ">=", tree.Less: "<", tree.AtMost: "<="}
_WHOLE: Final = r"^(?:" + moments.PATTERN + r")\z"
_PLAIN_DATE: Final = len("2000-01-01")
_NOBODY: Final = "FALSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when everybody is judged: in epoch microseconds, the workspace's time zone, its sources by slug.

    ``events`` is the table of events that is read: all, or those of a share of the homes. With ``parts``, groups of the
    lake's buckets, people are judged a part after the other, so that there is never more than fits into memory.
    """

    now: int
    zone: ZoneInfo
    sources: Mapping[str, int]
    events: Literal["event", "event_share"] = "event"
    parts: Sequence[Sequence[int]] = ()

    @property
    def zone_name(self) -> str:
        """The time zone as engines know it."""
        return str(self.zone)


class Moment(NamedTuple):
    """A moment in SQL: in epoch microseconds, and the day that it is in the workspace."""

    us: str
    day: str


class Turning(NamedTuple):
    """A condition in SQL, and from when on it may no longer be so: NULL or None for never."""

    holds: str
    due: str | None = None


def of_json(test: tree.PropertyTest, value: str, params: Params) -> str:
    """Whether a value of JSON passes; NULL counts as no."""
    match test:
        case tree.Exists():
            return f"@is_known({value})"
        case tree.Missing():
            return f"NOT @is_known({value})"
        case tree.Is():
            return _one_of([test.value], value, params)
        case tree.OneOf():
            return _one_of(list(test.values), value, params)
        case tree.Contains():
            wanted = params.add(test.value)
            return f"(@has(@texts_of({value}), {wanted}) OR instr(@text_of({value}), {wanted}) > 0)"
        case tree.StartsWith():
            return f"@begins(@text_of({value}), {params.add(test.value)})"
        case tree.Before() | tree.After():
            return of_moment(test, text_moment(f"@text_of({value})", params, zone="UTC"), params, None).holds
        case _:
            return of_number(test, f"@number_of({value})", params)


def of_number(test: tree.Test, number: str, params: Params) -> str:
    """Whether a number of 64 bits passes."""
    if isinstance(test, tree.Between):
        return f"{number} BETWEEN {params.add(float(test.low))} AND {params.add(float(test.high))}"
    if isinstance(test, tree.More | tree.AtLeast | tree.Less | tree.AtMost):
        return f"{number} {_COMPARE[type(test)]} {params.add(float(test.value))}"
    return either([f"{number} = {params.add(exact)}" for exact in numbers_of(test)] or [_NOBODY], "OR")


def numbers_of(test: tree.Test) -> list[float]:
    """The numbers that a test takes, if it takes just some."""
    wanted = [test.value] if isinstance(test, tree.Is) else list(test.values) if isinstance(test, tree.OneOf) else []
    return [exact for value in wanted if (exact := values.number(value)) is not None]


def of_moment(test: tree.Test, moment: Moment, params: Params, place: Place | None) -> Turning:
    """Whether a moment passes; without a place only such tests as do not ask for the time."""
    if isinstance(test, tree.Before | tree.After):
        sign = "<" if isinstance(test, tree.Before) else ">="
        return Turning(f"{moment.us} {sign} {params.add(moments.epoch_us(test.at))}")
    if place is None or not isinstance(test, tree.TimeTest):
        return Turning(_NOBODY)
    if isinstance(test, tree.Anniversary):
        return _anniversary(test.days, moment.day, params, place)
    begin, end = _bounds(test)
    coming = params.add(place.now - begin)
    holds, due = f"{moment.us} <= {coming}", f"CASE WHEN {moment.us} > {coming} THEN {moment.us} + {params.add(begin)}"
    if end is not None:
        gone = params.add(place.now - end)
        holds += f" AND {moment.us} > {gone}"
        due += f" WHEN {moment.us} > {gone} THEN {moment.us} + {params.add(end)}"
    return Turning(f"({holds})", due + " END")


def text_moment(text: str, params: Params, *, zone: str) -> Moment:
    """The moment that a text is; a plain date is that day wherever one is."""
    is_written = f"@matches({text}, {params.add(_WHOLE)})"
    day = (
        f"CASE WHEN length({text}) = {_PLAIN_DATE} THEN TRY_CAST({text} AS DATE)"
        f" ELSE @day(@instant({text}), {params.add(zone)}) END"
    )
    return Moment(
        f"CASE WHEN {is_written} THEN @epoch_us(@instant({text})) END", f"CASE WHEN {is_written} THEN {day} END"
    )


def epoch_moment(us: str, params: Params, *, zone: str) -> Moment:
    """The moment that stands in a column in epoch microseconds."""
    return Moment(us, f"@day(@from_epoch_us({us}), {params.add(zone)})")


def micros(number: str) -> str:
    """A number in millionths; NULL where that does not fit."""
    largest = f"CAST({values.LARGEST:.0f} AS DOUBLE)"
    return (
        f"CASE WHEN {number} BETWEEN -{largest} AND {largest}"
        f" THEN CAST(floor({number} * CAST(1000000 AS DOUBLE) + CAST(0.5 AS DOUBLE)) AS BIGINT) END"
    )


def _one_of(wanted: list[tree.Scalar], value: str, params: Params) -> str:
    texts = [each for each in wanted if type(each) is str]
    flags = [each for each in wanted if type(each) is bool]
    found = []
    if texts:
        same = f"@is_text({value}, {params.add(texts[0])})"
        found.append(same if len(texts) == 1 else f"@has({params.add_list(texts)}, @text_of({value}))")
    found += [f"@flag_of({value}) = {'TRUE' if flag else 'FALSE'}" for flag in dict.fromkeys(flags)]
    for each in wanted:
        if (number := values.number(each)) is not None:
            found.append(f"@number_of({value}) = {params.add(number)}")
    return either([f"coalesce({one}, FALSE)" for one in found], "OR")


def _bounds(test: tree.TimeTest) -> tuple[int, int | None]:
    """How long after the moment the test begins to hold, and how long after it ceases to."""
    if isinstance(test, tree.Before | tree.After | tree.Anniversary):
        raise TypeError(f"{type(test).__name__} has no span")
    span = moments.span_us(test.span)
    if isinstance(test, tree.WithinLast):
        return 0, span
    if isinstance(test, tree.LongerAgo):
        return span, None
    if isinstance(test, tree.ExactlyAgo):
        return span, span + moments.UNIT_US[test.span.unit]
    return -span, 0


def _anniversary(days: int, day: str, params: Params, place: Place) -> Turning:
    """Every day of a year is looked up in the answers for all of them, which are worked out once."""
    leap_year = [date.fromordinal(date(2000, 1, 1).toordinal() + number) for number in range(366)]
    # Spark takes a list only if all in it are of one size.
    holds, due = [False] * 1231, [moments.NEVER] * 1231
    for each in leap_year:
        number = each.month * 100 + each.day - 1
        holds[number], due[number] = moments.anniversary(each, place.now, place.zone, days=days)
    number_of = f"month({day}) * 100 + day({day})"
    return Turning(
        f"@item({params.add_list(holds)}, {number_of})",
        f"@item({params.add_list(due)}, {number_of})",
    )
