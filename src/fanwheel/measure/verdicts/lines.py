"""One line of the ledger: from what was found about a channel to its state and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.experiments import kernels
from fanwheel.measure.verdicts import estimates, planning
from fanwheel.measure.verdicts.elsewhere import Hearsay
from fanwheel.measure.verdicts.estimates import Estimate
from fanwheel.measure.verdicts.facts import DAY_US, Facts
from fanwheel.measure.verdicts.notes import Code, Note, note
from fanwheel.measure.verdicts.planning import Belief, State
from fanwheel.measure.verdicts.result import ChannelVerdict, Evidence, Interval
from fanwheel.measure.verdicts.running import Bounds

_TOO_UNEVEN: Final = 0.001
_IMBALANCE_Z: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a verdict is held against."""

    margin: float
    alpha: float
    planned_days: float
    lookback_days: float
    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        if not 0 < self.margin <= 1:
            raise BadDataError("margin must lie in (0, 1].", hint="0.4 says that 40 % of revenue is profit.")
        if not 0 < self.alpha < 0.5:
            raise BadDataError("alpha must lie in (0, 0.5).", hint="0.05 is usual.")
        if not (0 < self.planned_days < np.inf and 0 < self.lookback_days < np.inf):
            raise BadDataError("planned_days and lookback_days must be above 0.", hint="182 and 30 are usual.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Which line it is: its channel and segment, what was spent, and the credit of last touch and of Markov."""

    channel: str
    segment: str
    spend: float
    last_touch: float
    markov: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of a channel; ``low`` and ``high`` decide, where anything may be decided at all."""

    evidence: Evidence
    revenue: Interval | None = None
    low: float | None = None
    high: float | None = None
    can_prove: bool = False
    belief: Belief | None = None
    bounds: Bounds | None = None


def nothing(*why: Note) -> Found:
    """Nothing is known, and why."""
    return Found(evidence=Evidence(kind="none", holdout="", notes=why))


def from_holdout(data: Facts, found: Estimate, terms: Terms, named: Named, *, known: Bounds | None) -> Found:
    """What a holdout says, together with what earlier looks at it have left possible (``known``)."""
    lasted = estimates.days(data, found)
    interval, reach = interval_of(found, terms, lasted)
    evidence = evidence_of(found, lasted, named.channel)
    belief = Belief(
        mean=(terms.margin * found.revenue - named.spend) / lasted,
        sd=terms.margin * found.se / lasted,
        days=lasted,
        share=found.share,
    )
    newest = Bounds(
        channel=named.channel,
        kind=found.kind,
        since=day_of(found.begin),
        low=interval.low / named.spend,
        high=interval.high / named.spend,
        least=(found.revenue - reach) / named.spend,
        most=(found.revenue + reach) / named.spend,
    )
    alone = Found(
        evidence=evidence,
        revenue=interval,
        low=found.revenue - reach,
        high=found.revenue + reach,
        can_prove=not evidence.has_sample_ratio_alarm,
        belief=belief,
        bounds=known if evidence.has_sample_ratio_alarm else newest,
    )
    if known is None or evidence.has_sample_ratio_alarm:
        return alone
    bounds = known.narrowed(newest, on=day_of(data.end))
    return replace(
        alone,
        evidence=_with_change(evidence, bounds),
        revenue=_within(interval, bounds, named.spend),
        low=bounds.least * named.spend,
        high=bounds.most * named.spend,
        bounds=bounds,
    )


def from_elsewhere(said: Hearsay, named: Named) -> Found:
    """What a test by region or a model says, carried over to the spend that is judged."""
    estimate, low, high = (value * named.spend for value in (said.estimate, said.low, said.high))
    return Found(
        evidence=Evidence(kind=said.kind, holdout="", since=said.since, regions=said.regions, notes=said.notes),
        revenue=Interval(estimate=estimate, low=low, high=high, fixed_low=low, fixed_high=high),
        low=low,
        high=high,
        can_prove=said.can_prove,
    )


def write(found: Found, terms: Terms, named: Named) -> ChannelVerdict:
    """The line."""
    spent, revenue = named.spend, found.revenue
    profit = None if revenue is None else revenue.scaled(terms.margin, less=spent)
    state = _state(found, spent / terms.margin)
    action = planning.act(
        state,
        found.belief,
        guess=None if profit is None else profit.estimate,
        floor=None if found.low is None else found.low / spent,
        break_even=1.0 / terms.margin,
        alpha=terms.alpha,
    )
    return ChannelVerdict(
        channel=named.channel,
        segment=named.segment,
        spend=spent,
        last_touch=named.last_touch,
        markov=named.markov,
        revenue=revenue,
        profit=profit,
        decision_low=found.low,
        decision_high=found.high,
        state=state,
        action=action,
        evidence=found.evidence,
        bounds=found.bounds,
    )


def interval_of(found: Estimate, terms: Terms, lasted: float) -> tuple[Interval, float]:
    """Both intervals of the revenue, and the distance to the one-sided bounds."""
    width = kernels.confidence_sequence_half_width(found.se, lasted, planned_n=terms.planned_days, alpha=terms.alpha)
    one_sided = kernels.confidence_sequence_half_width(
        found.se, lasted, planned_n=terms.planned_days, alpha=terms.alpha, sides=1
    )
    fixed = found.se * float(special.ndtri(1.0 - terms.alpha / 2.0))
    return Interval(
        estimate=found.revenue,
        low=float(found.revenue - width),
        high=float(found.revenue + width),
        fixed_low=found.revenue - fixed,
        fixed_high=found.revenue + fixed,
    ), float(one_sided)


def evidence_of(found: Estimate, lasted: float, holdout: str) -> Evidence:
    """What a holdout's estimate stands on, and what to mind about it."""
    return Evidence(
        kind=found.kind,
        holdout=holdout,
        since=day_of(found.begin),
        days=lasted,
        shown=found.shown,
        held=found.held,
        share=found.share,
        left_out=found.left_out,
        variance_reduction=found.variance_reduction,
        balance_z=found.balance_z,
        reached=found.reached,
        sample_ratio_p=found.sample_ratio_p,
        notes=tuple(_warnings(found)),
    )


def day_of(at: int) -> date:
    """The day in which an instant lies."""
    stamp = np.datetime64(at - at % DAY_US, "us").astype("datetime64[D]").astype(object)
    assert isinstance(stamp, date)
    return stamp


def _warnings(found: Estimate) -> list[Note]:
    notes = []
    if found.reached > 0:
        notes.append(note(Code.HELD_OUT_REACHED, share=found.reached))
    if found.left_out:
        notes.append(note(Code.MET_BEFORE, people=found.left_out))
    if found.planned_share is not None and found.sample_ratio_p is not None and found.sample_ratio_p < _TOO_UNEVEN:
        notes.append(note(Code.ARMS_UNEQUAL, found_share=found.share, planned_share=found.planned_share))
    if abs(found.balance_z) > _IMBALANCE_Z:
        notes.append(note(Code.ARMS_DIFFERED, errors=abs(found.balance_z)))
    return notes


def _with_change(evidence: Evidence, bounds: Bounds) -> Evidence:
    if bounds.changed_on is None:
        return evidence
    said = note(Code.EFFECT_CHANGED, day=bounds.changed_on.isoformat())
    return replace(evidence, notes=(*evidence.notes, said))


def _within(interval: Interval, bounds: Bounds, spent: float) -> Interval:
    """The interval that all looks leave, and the estimate within it."""
    low, high = bounds.low * spent, bounds.high * spent
    return replace(interval, estimate=min(max(interval.estimate, low), high), low=low, high=high)


def _state(found: Found, needed: float) -> State:
    if not found.can_prove or found.low is None or found.high is None:
        return State.UNPROVEN
    if found.high < needed:
        return State.WASTED
    return State.WORKING if found.low > needed else State.UNPROVEN
