"""Answers to what a child is asked: a ledger, or what was to be said on earlier days."""

from typing import cast, get_args

from fanwheel.measure.ledger import datasets, rules, schemas
from fanwheel.measure.ledger.datasets import PastDay
from fanwheel.measure.ledger.judging import Question, judge
from fanwheel.measure.ledger.work import Work


def answer(work: Work) -> schemas.Ledger:
    """The ledger that was asked for."""
    assert work.by in get_args(schemas.By)
    by = cast(schemas.By, work.by)
    case = datasets.read_case(work.settings, work.dsn, work.workspace, by_campaign=by == "campaign")
    question = Question(first=work.first, last=work.last, margin=work.margin, with_segments=by == "segment")
    return rules.ledger(case, judge(case.tables, question), by)


def look_back(work: Work) -> list[PastDay]:
    """What is to be said of each channel's profit as of the days that were asked for; nothing without a holdout."""
    tables = datasets.read_case(work.settings, work.dsn, work.workspace).tables
    begin = tables.first_held
    said: list[PastDay] = []
    for day in work.history_days:
        if begin is not None and day >= begin:
            judgment = judge(tables, Question(first=None, last=day, margin=work.margin))
            said += rules.past_days(tables.place, judgment)
    return said
