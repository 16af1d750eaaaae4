"""Fitting a light media-mix model, with lift tests that the rows cannot outvote.

The outcome is a baseline (intercept, trend, yearly waves, controls) plus, for each channel, a ceiling times its
saturated adstock. Weak priors: ``logit carry-over ~ N(-1, 1)``, ``log(k / mean spend) ~ N(0.5, 1)``, and a ceiling
that could make the whole outcome. A tested channel's ceiling is what its tests say, pooled by precision (an
offset): the rows decide its shape only. Before the first row a channel is taken to have spent what it did on
average in its first eight rows. Intervals: Laplace for the rows, with the noise inflated for its autocorrelation;
the test's own error for tested ceilings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.mix import search, shapes, spread, tables
from fanwheel.measure.mix.model import CALIBRATED, NOT_PROVEN, LiftCheck, Mix
from fanwheel.measure.mix.search import Point, Problem
from fanwheel.measure.mix.shapes import Array, Saturation
from fanwheel.measure.mix.tables import Test, Weeks

_SEED: Final = 20170414
_ALARM: Final = 1.96
_MUTE: Final = 1e-3  # share of a channel's pressure that the baseline leaves over, below which rows say nothing
_MANY_HARMONICS: Final = 26
_FEW_DRAWS: Final = 100


@dataclass(frozen=True, kw_only=True)
class _Fit:
    problem: Problem
    point: Point
    draws: spread.Draws


def fit(
    data: Any,
    *,
    channels: Sequence[str],
    time: str = "week",
    outcome: str = "revenue",
    controls: Sequence[str] = (),
    lift_tests: Any = None,
    saturation: Saturation = "hill",
    harmonics: int = 2,
    draws: int = 400,
) -> Mix:
    """What each channel adds to the outcome, as far as spend over time and lift tests can tell.

    Parameters
    ----------
    data : dataframe
        One row per period (week or day), in any order.
    channels, controls : sequence of str
        Columns of spend (>= 0); columns that move demand but are not caused by the channels (price, weather).
    time, outcome : str
        Columns of dates, evenly spaced, and of what the channels shall move, in any unit.
    lift_tests : dataframe, optional
        ``channel``; ``start``, ``end`` (first and last day); ``lift``, what its spend in that window added to the
        outcome in that window; ``standard_error``; ``spend_change`` if not off (-1): 0.5 is half more.
    saturation : "hill" or "exponential"
        ``x / (k + x)`` or ``1 - exp(-x / k)``.
    harmonics, draws : int
        Pairs of yearly waves in the baseline; draws behind the intervals.

    Returns
    -------
    Mix
        One row per channel; ``state`` is ``calibrated`` where a test stands behind it, ``alarms`` where rows disagree.

    Raises
    ------
    BadDataError, NotEnoughDataError
        If rows are bad, or fewer than 26, or than 8 per channel plus the baseline's.

    Notes
    -----
    ``y_t = baseline_t + sum_c b_c s(w_ct) + e_t``, ``w_t = (1 - a) x_t + a w_(t-1)``, ``b_c >= 0``.

    Source: Jin et al. (2017), Bayesian Methods for Media Mix Modeling, Google; Plummer (2015), Stat. Comput. 25.
    """
    names = _checked(channels, saturation, harmonics=harmonics, draws=draws)
    weeks = tables.read_weeks(data, columns=(time, outcome), channels=names, controls=controls, harmonics=harmonics)
    tests = () if lift_tests is None else tables.read_tests(lift_tests, channels=names, weeks=weeks)
    return _both(names, weeks, tests, kind=saturation, draws=draws)


def _checked(channels: Sequence[str], saturation: str, *, harmonics: int, draws: int) -> tuple[str, ...]:
    names = tuple(channels)
    if not names or isinstance(channels, str) or len(set(names)) < len(names):
        raise BadDataError("`channels` must be a list of different columns.", hint='For example ["search", "video"].')
    if saturation not in shapes.SATURATIONS:
        raise BadDataError(f"No saturation is called “{saturation}”.", hint="Use “hill” or “exponential”.")
    if not 0 <= harmonics <= _MANY_HARMONICS or draws < _FEW_DRAWS:
        raise BadDataError("`harmonics` go from 0 to 26, `draws` from 100.", hint="harmonics=2, draws=400")
    return names


def _both(names: tuple[str, ...], weeks: Weeks, tests: Sequence[Test], *, kind: Saturation, draws: int) -> Mix:
    """Fit the rows with the tests, and without them to see whether the two agree."""
    unit = float(weeks.outcome.std()) or max(float(np.abs(weeks.outcome).max()), 1.0)
    scaled = [replace(test, lift=test.lift / unit, standard_error=test.standard_error / unit) for test in tests]
    alone = _fit(search.pose(weeks, (), kind=kind, unit=unit), draws)
    both = _fit(search.pose(weeks, scaled, kind=kind, unit=unit), draws) if tests else alone
    return _mix(names, weeks, tests, both, alone, unit=unit)


def _fit(problem: Problem, draws: int) -> _Fit:
    point = search.solve(problem)
    return _Fit(problem=problem, point=point, draws=spread.draw(problem, point, draws=draws, seed=_SEED))


def _mix(names: tuple[str, ...], weeks: Weeks, tests: Sequence[Test], both: _Fit, alone: _Fit, *, unit: float) -> Mix:
    point, mean, spend = both.point, weeks.spend.mean(axis=0), weeks.spend.sum(axis=0)
    added = point.pressure * point.ceiling * unit
    total = added.sum(axis=0)
    ranges = np.maximum(spread.contributions(both.problem, both.draws), 0.0) * unit
    low = np.minimum(np.percentile(ranges, 2.5, axis=0), total)
    high = np.maximum(np.percentile(ranges, 97.5, axis=0), total)
    checks = _checks(names, tests, alone, both.problem, unit=unit)
    scale = np.exp(point.shape[:, 1]) * mean
    free = both.problem.free(both.problem.outcome)
    kept = spread.Draws(
        carry=both.draws.carry,
        scale=both.draws.scale * mean,
        ceiling=np.maximum(both.draws.ceiling, 0.0) * unit,
    )
    return Mix(
        channel=names,
        state=tuple(NOT_PROVEN if channel in both.problem.untested else CALIBRATED for channel in range(len(names))),
        spend=spend,
        contribution=total,
        low=low,
        high=high,
        roas=total / spend,
        roas_low=low / spend,
        roas_high=high / spend,
        carry=special.expit(point.shape[:, 0]),
        half_way=shapes.half_way(scale, both.problem.kind),
        rows_alone=(alone.point.pressure * alone.point.ceiling).sum(axis=0) * unit,
        checks=checks,
        alarms=_alarms(checks),
        r_squared=_explained(free, point.residual),
        saturation=both.problem.kind,
        at=weeks.at.astype("datetime64[us]"),
        outcome=weeks.outcome,
        weekly=added,
        weekly_spend=weeks.spend,
        ceiling=point.ceiling * unit,
        scale=scale,
        draws=kept,
        not_identified=(*weeks.notes, *_unknown(names, both, free), *_harms(checks)),
        backend=weeks.backend,
    )


def _checks(names: tuple[str, ...], tests: Sequence[Test], alone: _Fit, posed: Problem, *, unit: float) -> LiftCheck:
    problem = replace(alone.problem, tests=posed.tests, moved=posed.moved, windows=posed.windows)
    says, error = np.empty(len(tests)), np.empty(len(tests))
    for number, test in enumerate(tests):
        moved, _ = search.lift_per_ceiling(problem, number, alone.point.shape[test.channel])
        says[number] = moved * alone.point.ceiling[test.channel] * unit
        error[number] = float(spread.lifts(problem, number, alone.draws).std()) * unit
    lift = np.array([test.lift for test in tests], dtype=np.float64)
    own = np.array([test.standard_error for test in tests], dtype=np.float64)
    distance = (says - lift) / np.sqrt(own**2 + error**2)
    return LiftCheck(
        channel=tuple(names[test.channel] for test in tests),
        lift=lift,
        standard_error=own,
        rows_say=says,
        rows_standard_error=error,
        distance=distance,
        alarm=np.abs(distance) > _ALARM,
    )


def _alarms(checks: LiftCheck) -> tuple[str, ...]:
    return tuple(
        f"{checks.channel[row]}: the test found {checks.lift[row]:,.4g} ± {1.96 * checks.standard_error[row]:,.4g}, "
        f"the rows alone say {checks.rows_say[row]:,.4g}. The test decides; spend probably follows demand, so add a "
        "control of demand before you trust the channels without a test."
        for row in np.flatnonzero(checks.alarm)
    )


def _unknown(names: tuple[str, ...], fitted: _Fit, free: Array) -> list[str]:
    problem, point = fitted.problem, fitted.point
    notes = []
    if not np.any(np.abs(free) > 1e-9 * problem.largest):
        notes.append("every channel: the baseline explains the outcome fully, so nothing is left for a channel.")
    spared = np.linalg.norm(problem.free(point.pressure), axis=0)
    mute = spared < _MUTE * np.linalg.norm(point.pressure, axis=0)
    notes.extend(
        f"{names[channel]}: its spend hardly varies apart from the baseline, so rows cannot tell what it adds; "
        "a lift test would, or spend that is switched on and off at random."
        for channel in np.flatnonzero(mute)
        if channel in problem.untested
    )
    return notes


def _harms(checks: LiftCheck) -> list[str]:
    harmed = {
        name
        for name, lift, own in zip(checks.channel, checks.lift, checks.standard_error, strict=True)
        if lift < -_ALARM * own
    }
    return [
        f"{name}: its test found harm, and a mix can say no less than zero; believe the test."
        for name in sorted(harmed)
    ]


def _explained(free: Array, residual: Array) -> float:
    """Share of what the baseline leaves over that the channels explain, floored at 0."""
    power = float(free @ free)
    return max(0.0, 1 - float(residual @ residual) / power) if power > 0 else 0.0
