"""The verdict: one public function over four tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import kernels
from fanwheel.measure.frames import Vector
from fanwheel.measure.verdicts import credited, estimates, facts, planning
from fanwheel.measure.verdicts.estimates import Arms, Estimate
from fanwheel.measure.verdicts.facts import DAY_US, NOBODY, UNIVERSAL, Facts, Money, Span, When
from fanwheel.measure.verdicts.planning import Belief, State
from fanwheel.measure.verdicts.result import ChannelVerdict, Evidence, Interval, Verdict


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


def verdict(
    spend: Any, exposures: Any, assignments: Any, orders: Any, *, margin: float, start: When, end: When | None = None,
    currency: str | None = None, rates: Mapping[str, float] | None = None, people: int | None = None,
    segments: Any = None, shares: Mapping[str, float] | None = None, alpha: float = 0.05,
    planned_days: float = 182.0, lookback_days: float = 30.0, looks: Sequence[When] = (),
) -> Verdict:  # fmt: skip
    """Which channels are wasted, which work, and of which neither is proven yet.

    Parameters
    ----------
    spend, exposures, assignments, orders : dataframe
        The tables that the package describes; the order of rows does not matter.
    margin : float
        Share of revenue that is profit before marketing, in (0, 1]; break-even is a return of 1/margin.
    start, end : date
        The first day of the holdouts, and the first day that is not covered (the day after the newest row).
    currency, rates : str, mapping
        The currency of the answer, and what one unit of each other currency is in it.
    people : int
        How many people the brand could have met, those in no table included.
    segments : dataframe
        ``person``, ``segment``, fixed before ``start``: adds a verdict for each channel and segment.
    shares : mapping
        The share of people planned for each holdout, against which the sizes of the arms are tested.
    alpha, planned_days : float
        Chance, over all looks, that an interval misses; the age in days at which intervals are to be narrowest.
    lookback_days, looks : float, sequence of dates
        Window of last touch and of Markov; earlier ends whose verdicts are to stand in ``history``.

    Returns
    -------
    Verdict
        One line per channel with spend, the largest first.

    Raises
    ------
    BadDataError, NotEnoughDataError
        With the rows and the remedy; with how many people would be enough.

    Notes
    -----
    Formula and sources: see the package.
    """
    terms = Terms(
        margin=margin, alpha=alpha, planned_days=planned_days, lookback_days=lookback_days, shares=shares or {}
    )
    money, asked = Money(currency=currency, rates=rates), Span.of(start, end)
    data = facts.read((spend, exposures, assignments, orders), asked, money, people=people, segments=segments)
    return _judge(data, terms, tuple(_earlier(data, terms, looks)))


def _earlier(data: Facts, terms: Terms, looks: Sequence[When]) -> Iterator[Verdict]:
    """The verdict as it stood on earlier days; a holdout too young for an answer proves nothing."""
    for end in sorted(facts.instant(look, "looks") for look in looks):
        if not data.start < end <= data.end:
            raise BadDataError("A look lies outside the time from start to end.", hint="Look after start.")
        yield _judge(replace(data.until(end), segments=()), terms, is_final=False)


def _judge(data: Facts, terms: Terms, history: tuple[Verdict, ...] = (), *, is_final: bool = True) -> Verdict:
    compared = {index: estimates.arms(data, index) for index in range(len(data.channels))}
    lines, missing = _lines(data, terms, compared, NOBODY)
    if is_final and missing and all(line.revenue is None for line in lines):
        raise NotEnoughDataError(f"No holdout is large enough: {missing[0]}", hint="Widen the holdouts or wait.")
    cells = [cell for segment in range(len(data.segments)) for cell in _lines(data, terms, compared, segment)[0]]
    together, together_evidence = _together(data, terms)
    return Verdict(
        channels=tuple(sorted(lines, key=lambda line: (-line.spend, line.channel))),
        cells=tuple(sorted(cells, key=lambda line: (-line.spend, line.channel, line.segment))),
        together=together,
        together_evidence=together_evidence,
        history=history,
        currency=data.currency,
        start=_day(data.start),
        end=_day(data.end),
        margin=terms.margin,
        alpha=terms.alpha,
        people=data.known,
        not_identified=tuple(f"{line.channel}: {line.evidence.note}" for line in lines if line.revenue is None),
        backend=data.backend,
    )


def _lines(
    data: Facts, terms: Terms, compared: Mapping[int, Arms | None], segment: int
) -> tuple[list[ChannelVerdict], list[str]]:
    """A line for each channel with spend, and why some have no estimate though they have a holdout."""
    begins = {index: data.start if arms is None else arms.begin for index, arms in compared.items()}
    shares: dict[int, tuple[Vector, Vector]] = {}
    lines, missing = [], []
    for index, arms in compared.items():
        spent = data.spent(index, begins[index]) * _share_of_exposures(data, index, begins[index], segment)
        if spent <= 0:
            continue
        since = begins[index]
        if since not in shares:
            shares[since] = credited.by_rules(data, since=since, lookback_days=terms.lookback_days, segment=segment)
        found, note = _estimate(data, arms, terms, data.channels[index], segment)
        if arms is not None and found is None:
            missing.append(note)
        credit = tuple(float(value[index]) for value in shares[since])
        name = data.segments[segment] if segment != NOBODY else ""
        line = _line(data, terms, found, note, named=(data.channels[index], name), sums=(spent, *credit))
        lines.append(line)
    return lines, missing


def _estimate(data: Facts, arms: Arms | None, terms: Terms, channel: str, segment: int) -> tuple[Estimate | None, str]:
    if arms is None:
        return None, "nobody is held out of it, and no rule of attribution can tell what it causes."
    try:
        return estimates.estimate(data, arms, share=terms.shares.get(channel), segment=segment), ""
    except NotEnoughDataError as error:
        return None, str(error)


def _share_of_exposures(data: Facts, channel: int, since: int, segment: int) -> float:
    """The share of a channel's exposures that fell to a segment; spend is divided by it."""
    if segment == NOBODY:
        return 1.0
    mine = (data.touch_channel == channel) & ~data.touch_is_ghost & (data.touch_at >= since)
    of_segment = mine & (data.segment[data.touch_person] == segment)
    return float(of_segment.sum() / max(mine.sum(), 1))


def _line(
    data: Facts,
    terms: Terms,
    found: Estimate | None,
    note: str,
    *,
    named: tuple[str, str],
    sums: tuple[float, ...],
) -> ChannelVerdict:
    spent, last_touch, markov = sums
    revenue = profit = belief = floor = None
    low = high = None
    state = State.UNPROVEN
    evidence = Evidence(kind="none", holdout="", note=note)
    if found is not None:
        lasted = estimates.days(data, found)
        revenue, reach = _interval(found, terms, lasted)
        profit = revenue.scaled(terms.margin, less=spent)
        low, high = found.revenue - reach, found.revenue + reach
        evidence = _evidence(found, lasted, named[0])
        if not evidence.has_sample_ratio_alarm:
            state = _state(low, high, spent / terms.margin)
        floor = low / spent
        belief = Belief(
            mean=profit.estimate / lasted, sd=terms.margin * found.se / lasted, days=lasted, share=found.share
        )
    return ChannelVerdict(
        channel=named[0],
        segment=named[1],
        spend=spent,
        last_touch=last_touch,
        markov=markov,
        revenue=revenue,
        profit=profit,
        decision_low=low,
        decision_high=high,
        state=state,
        action=planning.act(state, belief, floor=floor, break_even=1.0 / terms.margin, alpha=terms.alpha),
        evidence=evidence,
    )


def _state(low: float, high: float, needed: float) -> State:
    if high < needed:
        return State.WASTED
    return State.WORKING if low > needed else State.UNPROVEN


def _interval(found: Estimate, terms: Terms, lasted: float) -> tuple[Interval, float]:
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


def _evidence(found: Estimate, lasted: float, holdout: str) -> Evidence:
    notes = []
    if found.reached > 0:
        notes.append(f"{found.reached:.1%} of those held out met it all the same, so the effect is understated.")
    if found.left_out:
        notes.append(f"{found.left_out} people met it before their holdout began and are left out.")
    if found.sample_ratio_p is not None and found.sample_ratio_p < 0.001:
        notes.append("The arms' sizes differ from the plan by more than chance: nothing is concluded.")
    return Evidence(
        kind=found.kind,
        holdout=holdout,
        since=_day(found.begin),
        days=lasted,
        shown=found.shown,
        held=found.held,
        share=found.share,
        left_out=found.left_out,
        variance_reduction=found.variance_reduction,
        balance_z=found.balance_z,
        reached=found.reached,
        sample_ratio_p=found.sample_ratio_p,
        note=" ".join(notes),
    )


def _together(data: Facts, terms: Terms) -> tuple[Interval | None, Evidence]:
    """What all channels together caused, by the universal holdout."""
    arms = estimates.everything(data)
    if arms is None:
        return None, Evidence(kind="none", holdout=UNIVERSAL, note="Nobody is held out of everything.")
    try:
        found = estimates.estimate(data, arms, share=terms.shares.get(UNIVERSAL))
    except NotEnoughDataError as error:
        return None, Evidence(kind="none", holdout=UNIVERSAL, note=str(error))
    lasted = estimates.days(data, found)
    return _interval(found, terms, lasted)[0], _evidence(found, lasted, UNIVERSAL)


def _day(at: int) -> date:
    stamp = np.datetime64(at - at % DAY_US, "us").astype("datetime64[D]").astype(object)
    assert isinstance(stamp, date)
    return stamp
