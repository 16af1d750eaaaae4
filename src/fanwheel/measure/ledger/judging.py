"""Judging a case: the verdict of the library on the product's tables, and what to say where there can be none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from fanwheel.measure.errors import MeasureError
from fanwheel.measure.ledger.geo_tests import Finding, Known, known_by
from fanwheel.measure.ledger.tables import Tables
from fanwheel.measure.verdicts import Bounds, Code, HoldoutTooSmallError, Note, Verdict, verdict

_DEFAULT_DAYS: Final = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a case; without ``first`` all the time since the first holdout."""

    first: date | None
    last: date
    margin: float
    with_segments: bool = False


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What is known beside the tables: what earlier looks at holdouts left possible, and tests by region."""

    known: tuple[Bounds, ...]
    by_region: Known


@dataclass(frozen=True, kw_only=True)
class Judgment:
    """The answer: a verdict, or None and the reason, with what was spent on each channel in the period."""

    first: date
    last: date
    margin: float
    verdict: Verdict | None
    reasons: Mapping[str, Note]  # by channel, "" for all: why nothing could be judged
    spent: Mapping[str, float]
    tested: Mapping[str, Finding] = field(default_factory=dict)  # by channel, the geo test that is evidence


def judge(
    tables: Tables, question: Question, *, known: Iterable[Bounds] = (), tests: Iterable[Finding] = ()
) -> Judgment:
    """The verdict on what is known at the end of the last day; None where nothing was sold or shown yet.

    ``known`` is what earlier looks have left possible; it is of the whole time since each holdout began. ``tests`` are
    by region; they count from the day on which they have ended.
    """
    by_region = known_by(tests, question.last)
    seen = tables.until(question.last)
    first = question.first or seen.first_held or question.last - timedelta(days=_DEFAULT_DAYS - 1)
    first = min(first, question.last)
    looks = Looks(known=tuple(known) if question.first is None else (), by_region=by_region)
    found, reasons = _ask(seen, question, first, looks)
    if found is None and len(seen.assignments["person"]):
        # No holdout is large enough yet; spend and credit can be told all the same.
        found, _ = _ask(_without_holdouts(seen), question, first, replace(looks, known=()))
    if found is not None:
        reasons = {**by_region.reasons, **reasons}
    late = seen.spend["day"] >= np.datetime64(first)
    spent: dict[str, float] = {}
    for channel, amount in zip(seen.spend["channel"][late].tolist(), seen.spend["amount"][late].tolist(), strict=True):
        spent[channel] = spent.get(channel, 0.0) + amount
    return Judgment(
        first=first, last=question.last, margin=question.margin, verdict=found, reasons=reasons, spent=spent,
        tested=by_region.evidence,
    )  # fmt: skip


def _ask(seen: Tables, question: Question, first: date, looks: Looks) -> tuple[Verdict | None, Mapping[str, Note]]:
    for table, code in ((seen.exposures, Code.NOTHING_SHOWN), (seen.orders, Code.NOTHING_SOLD)):
        if len(table["person"]) == 0:
            return None, {"": Note(code=code)}
    segments = seen.segments if question.with_segments and len(seen.assignments["person"]) else None
    try:
        found = verdict(
            seen.spend, seen.exposures, seen.assignments, seen.orders,
            margin=question.margin, start=first, end=question.last + timedelta(days=1), segments=segments,
            shares=seen.shares, parts=seen.parts, known=looks.known, geo=looks.by_region.tests,
        )  # fmt: skip
    except HoldoutTooSmallError as error:
        return None, error.by_channel
    except MeasureError as error:
        return None, {"": Note(code=Code.BAD_DATA, values={"problem": str(error)})}
    return found, {}


def _without_holdouts(tables: Tables) -> Tables:
    return replace(tables, assignments={name: values[:0] for name, values in tables.assignments.items()})
