"""Judging a case: the verdict of the library on the product's tables, and what to say where there can be none."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from fanwheel.measure.errors import MeasureError
from fanwheel.measure.ledger.tables import Tables
from fanwheel.measure.verdicts import Verdict, verdict

_DEFAULT_DAYS: Final = 91
NO_HOLDOUT: Final = "Nobody is held out of it, and no rule of attribution can tell what it causes."

NO_CAMPAIGN_HOLDOUT: Final = "Holdouts are of whole channels: see the verdict on its channel."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a case; without ``first`` all the time since the first holdout."""

    first: date | None
    last: date
    margin: float
    with_segments: bool = False


@dataclass(frozen=True, kw_only=True)
class Judgment:
    """The answer: a verdict, or None and the reason, with what was spent on each channel in the period."""

    first: date
    last: date
    margin: float
    verdict: Verdict | None
    why_not: str
    spent: Mapping[str, float]


def judge(tables: Tables, question: Question) -> Judgment:
    """The verdict on what is known at the end of the last day; None where nothing was sold or shown yet."""
    known = tables.until(question.last)
    first = question.first or known.first_held or question.last - timedelta(days=_DEFAULT_DAYS - 1)
    first = min(first, question.last)
    found, why_not = _ask(known, question, first)
    if found is None and len(known.assignments["person"]):
        # No holdout is large enough yet; spend and credit can be told all the same.
        found, _ = _ask(_without_holdouts(known), question, first)
    late = known.spend["day"] >= np.datetime64(first)
    spent: dict[str, float] = {}
    for channel, amount in zip(
        known.spend["channel"][late].tolist(), known.spend["amount"][late].tolist(), strict=True
    ):
        spent[channel] = spent.get(channel, 0.0) + amount
    return Judgment(
        first=first, last=question.last, margin=question.margin, verdict=found, why_not=why_not, spent=spent
    )


def _ask(known: Tables, question: Question, first: date) -> tuple[Verdict | None, str]:
    segments = known.segments if question.with_segments and len(known.assignments["person"]) else None
    try:
        found = verdict(
            known.spend, known.exposures, known.assignments, known.orders,
            margin=question.margin, start=first, end=question.last + timedelta(days=1), segments=segments,
        )  # fmt: skip
    except MeasureError as error:
        return None, f"{error.message} {error.hint or ''}".strip()
    return found, ""


def _without_holdouts(tables: Tables) -> Tables:
    return replace(tables, assignments={name: values[:0] for name, values in tables.assignments.items()})
