"""Each boundary of time by hand: on which side it is, and when the answer turns."""

from array import array
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fanwheel.cdp.segments.evaluator import compile_rule
from fanwheel.cdp.segments.facts import Facts, Series
from fanwheel.cdp.segments.metrics import metrics_of
from fanwheel.cdp.segments.reading import read_rule
from fanwheel.cdp.segments.rules import moments

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
WEEK = {"amount": 7, "unit": "days"}
AT = 1_900_000_000 * SECOND
NEVER = None


def us(text: str) -> int:
    return moments.epoch_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


def judge(condition: dict[str, Any], now: int, **known: Any) -> tuple[bool, int | None]:
    return compile_rule(read_rule({"condition": condition})).evaluate(Facts(person_id=1, **known), now)


def judge_events(condition: dict[str, Any], now: int, times: list[int], values: list[int] | None = None) -> Any:
    """As if every metric of the rule had remembered the same events."""
    series = Series(array("q", times), array("q", range(len(times))), array("q", values or times))
    rule = read_rule({"condition": condition})
    facts = Facts(person_id=1, series=dict.fromkeys(metrics_of(rule), series))
    return compile_rule(rule).evaluate(facts, now)


@pytest.mark.parametrize(
    ("op", "now", "holds", "turns"),
    [
        ("within_last", AT - 1, False, AT),
        ("within_last", AT, True, AT + 7 * DAY),
        ("within_last", AT + 7 * DAY - 1, True, AT + 7 * DAY),
        ("within_last", AT + 7 * DAY, False, NEVER),
        ("longer_ago", AT + 7 * DAY - 1, False, AT + 7 * DAY),
        ("longer_ago", AT + 7 * DAY, True, NEVER),
        ("exactly_ago", AT + 7 * DAY - 1, False, AT + 7 * DAY),
        ("exactly_ago", AT + 7 * DAY, True, AT + 8 * DAY),
        ("exactly_ago", AT + 8 * DAY - 1, True, AT + 8 * DAY),
        ("exactly_ago", AT + 8 * DAY, False, NEVER),
        ("within_next", AT - 7 * DAY - 1, False, AT - 7 * DAY),
        ("within_next", AT - 7 * DAY, True, AT),
        ("within_next", AT - 1, True, AT),
        ("within_next", AT, False, NEVER),
    ],
)
def test_a_span_begins_and_ends_at_its_own_microsecond(op: str, now: int, holds: bool, turns: int | None) -> None:
    condition = {"type": "field", "name": "last_seen_at", "test": {"op": op, "span": WEEK}}

    assert judge(condition, now, fields={"last_seen_at": AT}) == (holds, turns)


@pytest.mark.parametrize(
    ("now", "holds", "turns"),
    [
        (AT - 1, False, AT + 2 * DAY),  # of three events the second is to come: only with it there are two
        (AT + 2 * DAY - 1, False, AT + 2 * DAY),
        (AT + 2 * DAY, True, AT + 9 * DAY),  # when the first two are over the third is alone
        (AT + 7 * DAY, True, AT + 9 * DAY),
        (AT + 9 * DAY - 1, True, AT + 9 * DAY),
        (AT + 9 * DAY, False, NEVER),
    ],
)
def test_a_count_turns_when_the_event_that_matters_comes_or_goes(now: int, holds: bool, turns: int | None) -> None:
    condition = {"type": "event", "event": {"name": "Buy"}, "within": WEEK, "test": {"op": "at_least", "value": 2}}

    assert judge_events(condition, now, [AT, AT + 2 * DAY, AT + 4 * DAY]) == (holds, turns)


@pytest.mark.parametrize(
    ("measure", "test", "holds"),
    [
        ("sum", {"op": "is", "value": 0.6}, True),  # 0.1 + 0.2 + 0.3, exactly
        ("sum", {"op": "more", "value": 0.5999996}, False),  # the limit is read to six decimals
        ("average", {"op": "is", "value": 0.2}, True),
        ("average", {"op": "between", "low": 0.2, "high": 0.2}, True),
        ("average", {"op": "more", "value": 0.2}, False),
        ("largest", {"op": "at_most", "value": 0.3}, True),
        ("largest", {"op": "less", "value": 0.3}, False),
        ("smallest", {"op": "one_of", "values": [0.1, 0.3]}, True),
        ("smallest", {"op": "exists"}, True),
        ("smallest", {"op": "missing"}, False),
    ],
)
def test_amounts_are_added_and_compared_exactly(measure: str, test: dict[str, Any], holds: bool) -> None:
    condition = {"type": "event", "event": {"name": "Buy"}, "measure": measure, "of": "total", "test": test}

    assert judge_events(condition, AT, [1, 2, 3], [100_000, 200_000, 300_000]) == (holds, NEVER)


@pytest.mark.parametrize(
    ("measure", "test", "holds"),
    [
        ("count", {"op": "at_most", "value": 0}, True),
        ("sum", {"op": "is", "value": 0}, True),
        ("average", {"op": "at_most", "value": 0}, False),
        ("average", {"op": "missing"}, True),
        ("largest", {"op": "less", "value": 1}, False),
        ("last", {"op": "longer_ago", "span": WEEK}, False),
        ("last", {"op": "missing"}, True),
        ("first", {"op": "exists"}, False),
    ],
)
def test_of_nothing_the_count_and_the_sum_are_zero_and_all_else_is_missing(
    measure: str, test: dict[str, Any], holds: bool
) -> None:
    of = {} if measure in {"count", "first", "last"} else {"of": "total"}
    condition = {"type": "event", "event": {"name": "Buy"}, "measure": measure, "test": test} | of

    assert judge(condition, AT) == (holds, NEVER)
    assert judge_events(condition, AT, [AT + 1], [5]).holds is holds


@pytest.mark.parametrize(
    ("measure", "test"),
    [
        ("sum", {"op": "at_least", "value": 5e-6}),
        ("average", {"op": "at_least", "value": 1e-6}),
        ("largest", {"op": "at_least", "value": 1e-6}),
        ("count", {"op": "at_least", "value": 5}),
    ],
)
def test_of_many_events_the_next_turn_is_still_to_come_and_not_late(measure: str, test: dict[str, Any]) -> None:
    of = {} if measure == "count" else {"of": "total"}
    condition = {"type": "event", "event": {"name": "Buy"}, "measure": measure, "within": WEEK, "test": test} | of
    times = [AT + number for number in range(300)]

    now, looks = AT + 300, 0
    answer = judge_events(condition, now, times, [1] * 300)
    while answer.holds:
        assert answer.next_us > now
        now, looks = answer.next_us, looks + 1
        answer = judge_events(condition, now, times, [1] * 300)

    # The sum and the count end when four are left, the others with the last.
    assert now == AT + 7 * DAY + (295 if measure in {"sum", "count"} else 299)
    assert looks <= 300 / 8 + 1


def test_a_period_includes_its_begin_and_not_its_end() -> None:
    period = {"begin": "2026-01-01T00:00:00Z", "end": "2026-02-01T00:00:00Z"}
    condition = {"type": "event", "event": {"name": "Buy"}, "period": period, "test": {"op": "is", "value": 2}}
    begin, end = us("2026-01-01"), us("2026-02-01")

    assert judge_events(condition, AT, [begin - 1, begin, end - 1, end]) == (True, NEVER)
    assert judge_events(condition, end - 2, [begin, end - 1, end]) == (False, end - 1)


@pytest.mark.parametrize(
    ("times", "now", "holds", "turns"),
    [
        ([[0], [HOUR]], HOUR, True, DAY + HOUR),
        ([[0], [HOUR]], HOUR - 1, False, HOUR),
        ([[0], [HOUR]], DAY + HOUR, False, NEVER),
        ([[0], [HOUR + 1]], 2 * HOUR, False, NEVER),  # longer than an hour in all
        ([[5], [5]], DAY, False, NEVER),  # at once is not one after the other
        ([[5], [4, 6]], 6, True, DAY + 6),
        ([[1], [2], [3]], 3, True, DAY + 3),
        ([[1], [3], [2]], 3, False, NEVER),
        ([[0, 5 * HOUR], [4 * HOUR], [6 * HOUR]], DAY, False, NEVER),  # no middle between the last two
    ],
)
def test_a_sequence_is_in_order_in_time_and_recent(
    times: list[list[int]], now: int, holds: bool, turns: int | None
) -> None:
    steps = [{"name": f"Step {number}"} for number in range(len(times))]
    span, recent = {"amount": 1, "unit": "hours"}, {"amount": 1, "unit": "days"}
    rule = read_rule({"condition": {"type": "sequence", "steps": steps, "within": span, "completed": recent}})
    moved = [[AT + each for each in step] for step in times]
    series = {
        metric: Series(array("q", moved[int(metric.event.name[-1])]), array("q", moved[int(metric.event.name[-1])]))
        for metric in metrics_of(rule)
    }

    answer = compile_rule(rule).evaluate(Facts(person_id=1, series=series), AT + now)

    assert answer == (holds, turns if turns is None else AT + turns)


@pytest.mark.parametrize(
    ("birthday", "zone", "now", "days", "holds", "turns"),
    [
        ("1990-05-01", "UTC", "2026-05-01T00:00:00", 0, True, "2026-05-02T00:00:00"),
        ("1990-05-01", "UTC", "2026-05-02T00:00:00", 0, False, "2027-05-01T00:00:00"),
        ("1990-05-01", "UTC", "2026-04-23T23:59:59", 7, False, "2026-04-24T00:00:00"),
        # A plain date is that day in every zone: in Shanghai it begins eight hours earlier.
        ("1990-05-01", "Asia/Shanghai", "2026-04-30T15:59:59", 0, False, "2026-04-30T16:00:00"),
        ("1990-05-01", "America/New_York", "2026-05-01T03:59:59", 0, False, "2026-05-01T04:00:00"),
        # A moment is on the day that it is in the zone: 20:00 in UTC is May 2 in Shanghai.
        ("1990-05-01T20:00:00Z", "Asia/Shanghai", "2026-05-01T15:59:59", 0, False, "2026-05-01T16:00:00"),
        ("2000-02-29", "UTC", "2027-02-28T12:00:00", 0, True, "2027-03-01T00:00:00"),
        ("2000-02-29", "UTC", "2028-02-28T12:00:00", 0, False, "2028-02-29T00:00:00"),
        ("2000-02-29", "UTC", "2100-02-28T12:00:00", 0, True, "2100-03-01T00:00:00"),
        ("2000-12-31", "UTC", "2026-01-01T00:00:00", 0, False, "2026-12-31T00:00:00"),
        ("2000-01-01", "UTC", "2026-12-30T00:00:00", 2, True, "2027-01-02T00:00:00"),
        # In Santiago the clocks go forward at midnight of this day, which therefore begins at one o'clock.
        ("1990-09-06", "America/Santiago", "2026-09-06T03:59:59", 0, False, "2026-09-06T04:00:00"),
    ],
)
def test_an_anniversary_is_kept_on_its_day(
    birthday: str, zone: str, now: str, days: int, holds: bool, turns: str
) -> None:
    condition = {"type": "trait", "name": "birthday", "test": {"op": "anniversary", "days": days}}

    answer = judge(condition, us(now), traits={"birthday": birthday}, zone=ZoneInfo(zone))

    assert answer == (holds, us(turns))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", "2026-03-01T00:00:00"),
        ("2026-03-01T12:30", "2026-03-01T12:30:00"),
        ("2026-03-01 12:30:15.25Z", "2026-03-01T12:30:15.250000"),
        ("2026-03-01T12:30:15.123456789", "2026-03-01T12:30:15.123456"),
        ("2026-03-01T12:30:15+08:00", "2026-03-01T04:30:15"),
        ("2026-03-01T00:30:15+0130", "2026-02-28T23:00:15"),
        ("2026-03-01T12:30:15-08", "2026-03-01T20:30:15"),
        ("2028-02-29", "2028-02-29T00:00:00"),
    ],
)
def test_a_text_of_iso_8601_is_a_moment(text: str, moment: str) -> None:
    assert moments.read(text) == us(moment)


@pytest.mark.parametrize(
    "value",
    [
        "2027-02-29", "2026-13-01", "2026-3-1", "20260301", "2026-03-01T24:00:00", "2026-06-30T23:59:60Z",
        "2026-03-01Z", "2026-03-01T12", "2026-03-01T12:30:15.", "2026-03-01T12:30:15+16:00",
        "2026-03-01T12:30:15 +01:00", " 2026-03-01", "2026-03-01\n", "0026-03-01", "２０２６-03-01", "",
        "now", 1_900_000_000, 20260301.0, True, None, ["2026-03-01"],
    ],
)  # fmt: skip
def test_anything_else_is_no_moment(value: Any) -> None:
    assert moments.read(value) is None


def test_while_one_part_stands_against_it_a_group_cannot_turn() -> None:
    def seen(amount: int) -> dict[str, Any]:
        span = {"amount": amount, "unit": "minutes"}
        return {"type": "field", "name": "last_seen_at", "test": {"op": "longer_ago", "span": span}}

    vip = {"type": "tag", "tag": "vip"}
    fields = {"last_seen_at": AT}

    thrice = {"type": "all", "conditions": [seen(1), seen(3), seen(2)]}
    assert judge(thrice, AT, fields=fields) == (False, AT + 3 * MINUTE)
    assert judge({"type": "all", "conditions": [seen(1), vip]}, AT, fields=fields) == (False, NEVER)
    assert judge({"type": "any", "conditions": [seen(2), seen(1), vip]}, AT, fields=fields) == (False, AT + MINUTE)
    assert judge({"type": "any", "conditions": [seen(2), vip]}, AT, fields=fields, tags={"vip"}) == (True, NEVER)
    assert judge({"type": "not", "condition": seen(1)}, AT, fields=fields) == (True, AT + MINUTE)
    # One that does for hours is enough: nobody asks for how long the others do.
    hours = {"type": "all", "conditions": [seen(120), seen(180)]}
    assert judge(hours, AT, fields=fields) == (False, AT + 120 * MINUTE)


@pytest.mark.parametrize(("percent", "is_in"), [(0, False), (60.76, False), (60.77, True), (100, True)])
def test_a_sample_takes_the_shares_below_its_percentage(percent: float, is_in: bool) -> None:
    # md5(":1") begins with 3558193c, which is 6,076 modulo 10,000.
    assert judge({"type": "sample", "percent": percent}, AT) == (is_in, NEVER)
