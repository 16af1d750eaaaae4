"""Which days a geo test may have, and which test counts on a day; no input, no output, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from fanwheel.measure.ledger.geo_tests.contracts import Draft, Finding
from fanwheel.measure.ledger.geo_tests.errors import BadGeoTestError, GeoTestOverlapError
from fanwheel.measure.verdicts import Code, GeoTest, Note

# Less than two weeks would hold no second weekend; more than two years nobody remembers.
LEAST_DAYS_BEFORE: Final = 14
DEFAULT_DAYS_BEFORE: Final = 56
_MOST_DAYS: Final = 730


class Days(Protocol):
    """The days of a test."""

    @property
    def before_on(self) -> date:
        """The first day of the comparison."""
        ...

    @property
    def started_on(self) -> date:
        """The first day of the test."""
        ...

    @property
    def ended_on(self) -> date | None:
        """The last day; None while it runs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What geo tests say on a day: evidence by channel, and why other channels have none."""

    evidence: Mapping[str, Finding]
    reasons: Mapping[str, Note]

    @property
    def tests(self) -> list[GeoTest]:
        """The evidence as the library takes it."""
        return [tested.found for tested in self.evidence.values() if tested.found is not None]


def check_days(draft: Draft, *, today: date) -> None:
    """Raise unless the days of a test lie in the past and leave enough to compare with."""
    last = draft.ended_on or today
    if draft.started_on > today or last > today:
        raise BadGeoTestError("A geo test cannot begin or end in the future.", hint=f"Today is {today}.")
    if last < draft.started_on:
        raise BadGeoTestError("The geo test ends before it begins.", hint="Swap its first and its last day.")
    if (draft.started_on - draft.before_on).days < LEAST_DAYS_BEFORE:
        raise BadGeoTestError(
            f"At least {LEAST_DAYS_BEFORE} days before the test are needed to compare with.",
            hint=f"Let “before_on” be {draft.started_on - timedelta(days=LEAST_DAYS_BEFORE)} or earlier.",
        )
    if (last - draft.before_on).days > _MOST_DAYS:
        raise BadGeoTestError(f"The days of a geo test and those before it are {_MOST_DAYS} at most.")


def check_overlap(draft: Draft, others: Iterable[Days]) -> None:
    """Raise where another test of the source switched it during this one, or in the time before it, or the reverse."""
    for other in others:
        in_mine = _meet(draft.before_on, draft.ended_on, other.started_on, other.ended_on)
        in_its = _meet(other.before_on, other.ended_on, draft.started_on, draft.ended_on)
        if in_mine or in_its:
            raise GeoTestOverlapError(
                f"This source was switched by another geo test from {other.started_on} to {other.ended_on or 'now'}.",
                hint="Choose days, and days before them, on which no other test of the source ran.",
            )


def known_by(tests: Iterable[Finding], last: date) -> Known:
    """What the tests say at the end of the day ``last``: of each channel the newest test that tells anything."""
    evidence: dict[str, Finding] = {}
    reasons: dict[str, Note] = {}
    for tested in sorted(tests, key=lambda one: one.test.started_on):
        test = tested.test
        if test.started_on > last:
            continue
        if test.ended_on is None or test.ended_on > last:
            reasons[tested.channel] = Note(code=Code.GEO_TEST_RUNS, values={"day": test.started_on.isoformat()})
        elif tested.found is not None:
            evidence[tested.channel] = tested
        elif tested.why_not is not None:
            reasons[tested.channel] = tested.why_not
    return Known(evidence=evidence, reasons=reasons)


def _meet(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    return first <= (other_last or date.max) and other_first <= (last or date.max)
