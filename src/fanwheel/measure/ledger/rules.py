"""From a judgment to the answer: arithmetic only, no input, no output, no clock."""

from collections.abc import Mapping
from math import hypot
from typing import Any, Final

from fanwheel.kernel.domain import Domain
from fanwheel.measure.ledger import schemas, truths
from fanwheel.measure.ledger.datasets import Case, PastDay
from fanwheel.measure.ledger.geo_tests import Finding
from fanwheel.measure.ledger.judging import Judgment
from fanwheel.measure.ledger.tables import split_campaign
from fanwheel.measure.reports.datasets import Place
from fanwheel.measure.reports.schemas import PeriodShape
from fanwheel.measure.verdicts import Action, Bounds, ChannelVerdict, Code, Interval, Note, State, Step
from fanwheel.measure.verdicts import Evidence as Found

_STATES: Final[Mapping[State, schemas.StateName]] = {
    State.WASTED: "wasted",
    State.WORKING: "working",
    State.UNPROVEN: "unproven",
}
_NAMES: Final[Mapping[str, schemas.StateName]] = {name: name for name in _STATES.values()}
_ESTIMATORS: Final[Mapping[str, schemas.EstimatorName]] = {
    "ghost exposure": "ghost",
    "intent to treat": "intent_to_treat",
}
_KINDS: Final[Mapping[str, schemas.EvidenceKind]] = {
    **dict.fromkeys(_ESTIMATORS, "holdout"),
    "geo test": "geo",
    "calibrated prior": "prior",
}
_STEPS: Final[Mapping[Step, schemas.StepName]] = {
    Step.CUT: "cut",
    Step.KEEP: "keep",
    Step.SCALE: "scale",
    Step.TEST: "test",
    Step.LEAN_CUT: "lean_cut",
    Step.LEAN_KEEP: "lean_keep",
}
_REMARKS: Final = frozenset({Code.GEO_TEST, Code.GEO_SPEND_SHARED, Code.ONE_LOOK, Code.PRIOR_PROVES_NOTHING})


def ledger(case: Case, judgment: Judgment, by: schemas.By) -> schemas.Ledger:
    """The ledger of a case."""
    place = case.tables.place
    slugs = {number: source["slug"] for number, source in place.sources.items()}
    true_returns = truths.returns(case.truth, slugs, first=judgment.first, last=judgment.last)
    rows = channel_rows(place, judgment, true_returns)
    found = judgment.verdict
    return schemas.Ledger(
        as_of=case.tables.as_of,
        period=PeriodShape(start=judgment.first, to=judgment.last),
        currency=place.currency,
        margin=judgment.margin,
        break_even_roas=1.0 / judgment.margin,
        people=found.people if found else 0,
        totals=totals(rows),
        rows=cell_rows(place, judgment) if by == "segment" else rows,
        history=[past for day in case.history if (past := _past(day, slugs))],
        truth=truths.closeness(rows),
    )


def channel_rows(place: Place, judgment: Judgment, true_returns: Mapping[str, float]) -> list[schemas.Row]:
    """A row for each channel with spend, the largest first."""
    if judgment.verdict is None:
        spent = sorted(judgment.spent.items(), key=lambda item: (-item[1], item[0]))
        return [_unjudged(place, channel, amount, judgment) for channel, amount in spent if amount > 0]
    return [_row(place, line, judgment, true_returns) for line in judgment.verdict.channels]


def cell_rows(place: Place, judgment: Judgment) -> list[schemas.Row]:
    """A row for each channel and segment."""
    return [_row(place, line, judgment, {}) for line in judgment.verdict.cells] if judgment.verdict else []


def totals(rows: list[schemas.Row]) -> schemas.Totals:
    """Sums over the rows; what was caused over those with evidence, whose errors are independent of each other.

    Notes
    -----
    The interval of the sum reaches sqrt(sum of squares) of the single ones on either side.
    """
    spend = {
        state: sum(row.spend_minor for row in rows if row.state == state) for state in ("wasted", "working", "unproven")
    }
    profits = [row.caused_profit for row in rows if row.caused_profit is not None]
    revenues = [row.caused_revenue.estimate_minor for row in rows if row.caused_revenue is not None]
    wasted = [row.caused_profit for row in rows if row.state == "wasted" and row.caused_profit is not None]
    return schemas.Totals(
        spend_minor=sum(spend.values()),
        wasted_minor=spend["wasted"],
        working_minor=spend["working"],
        unproven_minor=spend["unproven"],
        saved_minor=sum(-profit.estimate_minor for profit in wasted),
        credited_last_touch_minor=sum(row.credited_last_touch_minor for row in rows),
        caused_revenue_minor=sum(revenues) if revenues else None,
        caused_profit=_sum(profits) if profits else None,
    )


def past_days(place: Place, judgment: Judgment) -> list[PastDay]:
    """What the history keeps of a judgment: the profit of each channel with evidence that has a source."""
    lines = judgment.verdict.channels if judgment.verdict else ()
    return [
        PastDay(
            day=judgment.last,
            source_id=number,
            state=state_name(line.state),
            low_minor=round(line.profit.low),
            estimate_minor=round(line.profit.estimate),
            high_minor=round(line.profit.high),
            **_looks(line.bounds),
        )
        for line in lines
        if line.profit is not None and (number := _source(place, line.channel)[0]) is not None
    ]


def _looks(bounds: Bounds | None) -> dict[str, Any]:
    """What looks at a holdout have left possible, as the history keeps it."""
    if bounds is None:
        return {}
    return {
        "compared": bounds.kind,
        "since": bounds.since,
        "return_low": bounds.low,
        "return_high": bounds.high,
        "return_least": bounds.least,
        "return_most": bounds.most,
        "changed_on": bounds.changed_on,
    }


def state_name(state: State) -> schemas.StateName:
    """The state as the API writes it."""
    return _STATES[state]


def _sum(ranges: list[schemas.Range]) -> schemas.Range:
    estimate = sum(one.estimate_minor for one in ranges)
    below = hypot(*(one.estimate_minor - one.low_minor for one in ranges))
    above = hypot(*(one.high_minor - one.estimate_minor for one in ranges))
    return schemas.Range(estimate_minor=estimate, low_minor=round(estimate - below), high_minor=round(estimate + above))


def _row(place: Place, line: ChannelVerdict, judgment: Judgment, true_returns: Mapping[str, float]) -> schemas.Row:
    channel, campaign = split_campaign(line.channel)
    number, name, domain = _source(place, channel)
    return schemas.Row(
        channel=channel,
        source_id=number,
        name=name,
        domain=domain,
        campaign=campaign,
        segment=line.segment or None,
        spend_minor=round(line.spend),
        credited_last_touch_minor=round(line.last_touch),
        credited_markov_minor=round(line.markov),
        caused_revenue=_range(line.revenue),
        caused_profit=_range(line.profit),
        state=state_name(line.state),
        evidence=_evidence(line.evidence, _reason(judgment, line.channel), judgment.tested.get(line.channel)),
        advice=_advice(line.action),
        truth=_truth(line, judgment.margin, true_returns),
    )


def _unjudged(place: Place, label: str, amount: float, judgment: Judgment) -> schemas.Row:
    channel, campaign = split_campaign(label)
    number, name, domain = _source(place, channel)
    return schemas.Row(
        channel=channel,
        source_id=number,
        name=name,
        domain=domain,
        campaign=campaign,
        segment=None,
        spend_minor=round(amount),
        credited_last_touch_minor=0,
        credited_markov_minor=0,
        caused_revenue=None,
        caused_profit=None,
        state="unproven",
        evidence=_no_evidence(_reason(judgment, label)),
        advice=schemas.Advice(
            action="test",
            meanwhile="keep",
            why=said(Note(code=Code.NOTHING_KNOWN)),
            holdout_share=None,
            days=None,
            worth_minor=None,
        ),
        truth=None,
    )


def _source(place: Place, slug: str) -> tuple[int | None, str, str]:
    for number, source in place.sources.items():
        if source["slug"] == slug:
            return number, source["name"], source["domain"]
    return None, slug, Domain.UNKNOWN.label


def _range(found: Interval | None) -> schemas.Range | None:
    if found is None:
        return None
    return schemas.Range(estimate_minor=round(found.estimate), low_minor=round(found.low), high_minor=round(found.high))


def said(note: Note) -> schemas.Note:
    """A note as the API says it."""
    return schemas.Note(code=note.code, values=dict(note.values), text=str(note))


def _evidence(found: Found, why_not: Note | None, tested: Finding | None) -> schemas.Evidence:
    if found.kind not in _KINDS:
        return _no_evidence(why_not or found.notes[0])
    geo_test = _geo_test(tested) if _KINDS[found.kind] == "geo" and tested else None
    notes = list(found.notes)
    if geo_test is not None and tested is not None:
        notes.append(Note(code=Code.GEO_SPEND_SHARED, values={"share": tested.share}))
    return schemas.Evidence(
        kind=_KINDS[found.kind],
        holdout="/".join(filter(None, split_campaign(found.holdout))) or None,
        since=found.since,
        people_open=found.shown,
        people_held=found.held,
        estimator=_ESTIMATORS.get(found.kind),
        variance_reduction=found.variance_reduction if found.kind in _ESTIMATORS else None,
        regions=found.regions or None,
        why_not=None,
        alarms=[said(note) for note in notes if note.code not in _REMARKS],
        remarks=[said(note) for note in notes if note.code in _REMARKS],
        geo_test=geo_test,
    )


def _geo_test(tested: Finding) -> schemas.GeoEvidence | None:
    test, found = tested.test, tested.found
    if found is None:
        return None
    return schemas.GeoEvidence(
        geo_test_id=test.geo_test_id,
        regions=list(test.regions),
        first=found.first,
        last=found.last,
        saved_minor=round(found.spend),
        caused=schemas.Range(
            estimate_minor=round(found.revenue), low_minor=round(found.low), high_minor=round(found.high)
        ),
    )


def _reason(judgment: Judgment, channel: str) -> Note | None:
    """Why a channel could not be judged, where that is not the line's own to say."""
    return judgment.reasons.get(channel) or judgment.reasons.get("")


def _no_evidence(why_not: Note | None) -> schemas.Evidence:
    return schemas.Evidence(
        kind="none",
        holdout=None,
        since=None,
        people_open=0,
        people_held=0,
        estimator=None,
        variance_reduction=None,
        regions=None,
        why_not=said(why_not or Note(code=Code.NO_HOLDOUT)),
        alarms=[],
        remarks=[],
    )


def _advice(action: Action) -> schemas.Advice:
    return schemas.Advice(
        action=_STEPS[action.step],
        meanwhile=_STEPS[action.meanwhile],
        why=said(action.note),
        holdout_share=action.holdout_share,
        days=action.days,
        worth_minor=None if action.worth is None else round(action.worth),
    )


def _truth(line: ChannelVerdict, margin: float, true_returns: Mapping[str, float]) -> schemas.RowTruth | None:
    if line.channel not in true_returns:
        return None
    caused = true_returns[line.channel] * line.spend
    return schemas.RowTruth(
        caused_revenue_minor=round(caused), state="wasted" if margin * caused < line.spend else "working"
    )


def _past(day: PastDay, slugs: Mapping[int, str]) -> schemas.PastVerdict | None:
    state = _NAMES.get(day.state)
    if state is None or day.source_id not in slugs:
        return None
    return schemas.PastVerdict(
        day=day.day,
        channel=slugs[day.source_id],
        state=state,
        low_minor=day.low_minor,
        estimate_minor=day.estimate_minor,
        high_minor=day.high_minor,
    )
