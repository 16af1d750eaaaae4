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
    known = {} if by == "campaign" else case.known_before(work.last)
    return rules.ledger(case, judge(case.tables, question, known=known.values(), tests=case.tests), by)


def look_back(work: Work) -> list[PastDay]:
    """What is to be said of each channel's profit as of the days that were asked for; nothing without a holdout."""
    case = datasets.read_case(work.settings, work.dsn, work.workspace)
    begin = case.tables.first_held
    known = case.known_before(min(work.history_days))
    said: list[PastDay] = []
    for day in sorted(work.history_days):
        if begin is not None and day >= begin:
            question = Question(first=None, last=day, margin=work.margin)
            judgment = judge(case.tables, question, known=known.values(), tests=case.tests)
            lines = judgment.verdict.channels if judgment.verdict else ()
            known |= {line.channel: line.bounds for line in lines if line.bounds is not None}
            said += rules.past_days(case.tables.place, judgment)
    return said
