"""Rows and ledgers by what matters of them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from fanwheel.measure.ledger import rules, schemas, truths
from fanwheel.measure.reports.schemas import PeriodShape
from fanwheel.measure.verdicts import Code, Note

NO_EVIDENCE = schemas.Evidence(
    kind="none", holdout=None, since=None, people_open=0, people_held=0, estimator=None, variance_reduction=None,
    regions=None, why_not=rules.said(Note(code=Code.NO_HOLDOUT)), alarms=[], remarks=[],
)  # fmt: skip
HELD = schemas.Evidence(
    kind="holdout", holdout="ads", since=date(2026, 3, 1), people_open=900, people_held=100, estimator="ghost",
    variance_reduction=0.2, regions=None, why_not=None, alarms=[], remarks=[],
)  # fmt: skip


def advice(action: schemas.StepName, meanwhile: schemas.StepName | None = None, **plan: Any) -> schemas.Advice:
    planned = {"holdout_share": None, "days": None, "worth_minor": None, **plan}
    why = rules.said(Note(code=Code.TEST_TOO_DEAR))
    return schemas.Advice(action=action, meanwhile=meanwhile or action, why=why, **planned)


def a_range(low: int, estimate: int, high: int) -> schemas.Range:
    return schemas.Range(low_minor=low, estimate_minor=estimate, high_minor=high)


def a_row(channel: str = "ads", **more: Any) -> schemas.Row:
    row = schemas.Row(
        channel=channel, source_id=1, name=channel.title(), domain="commercial", campaign=None, segment=None,
        spend_minor=100_00, credited_last_touch_minor=500_00, credited_markov_minor=300_00, caused_revenue=None,
        caused_profit=None, state="unproven", evidence=NO_EVIDENCE,
        advice=advice("test", "keep"), truth=None,
    )  # fmt: skip
    return replace(row, **more)


def a_ledger(*rows: schemas.Row) -> schemas.Ledger:
    return schemas.Ledger(
        as_of=datetime(2026, 3, 31, 12, tzinfo=UTC),
        period=PeriodShape(start=date(2026, 3, 1), to=date(2026, 3, 31)),
        currency="USD",
        margin=0.4,
        break_even_roas=2.5,
        people=1000,
        totals=rules.totals(list(rows)),
        rows=list(rows),
        history=[],
        truth=truths.closeness(rows),
    )
