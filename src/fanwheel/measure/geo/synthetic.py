"""One region against a blend of others that moved as it did: synthetic control."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.geo import panels
from fanwheel.measure.geo.effects import Effect

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_MAX_PLACEBOS: Final = 199


class Fit(NamedTuple):
    """A blend of other regions, what it expects on every day, and how far it is off before and during the test."""

    weights: Vector
    expected: Vector
    effect: float
    error_before: float
    error_after: float


def synthetic_control(
    data: Any,
    *,
    treated: Sequence[Any] | str,
    start: Any,
    region: str = "region",
    day: str = "day",
    outcome: str = "value",
    level: bool = True,
    alpha: float = 0.05,
) -> Effect:
    """How far the treated regions left the blend of others that they had followed before the test.

    Parameters
    ----------
    data, treated, start, region, day, outcome
        As in ``difference_in_differences``; several treated regions are taken as their mean.
    level : bool
        Let the blend stand higher or lower by a constant, so that a region larger than all others has one too.
    alpha : float
        Chance that the interval misses.

    Returns
    -------
    Effect
        Per treated region and day. ``weights`` are at least 0 and sum to 1. ``lower`` and ``upper`` are None where
        the other regions are too few for such an alpha.

    Raises
    ------
    BadDataError, NotEnoughDataError
        As ``difference_in_differences`` does.

    Notes
    -----
    Weights on the simplex that are nearest before the test (least squares). Every other region takes its turn as if it
    had been treated: p is the rank of the error during the test over that before, and the interval is the estimate ±
    the quantile of the others' effects, each in units of its error before.
    Source: Abadie, Diamond & Hainmueller (2010), JASA 105; Doudchenko & Imbens (2016) for the level.
    """
    panels.checked(alpha)
    panel = panels.read(data, region=region, day=day, outcome=outcome, treated=treated, start=start)
    donors = panel.values[~panel.treated]
    own = fit(panel.values[panel.treated].mean(axis=0), donors, panel.first, level=level)
    return _answer(panel, own, _placebos(donors, int(panel.treated.sum()), panel.first, level=level), alpha)


def _answer(panel: panels.Panel, own: Fit, turns: list[Fit], alpha: float) -> Effect:
    floor = 1e-12 * float(np.abs(panel.values).max() or 1.0)
    ratios = np.array([turn.error_after / max(turn.error_before, floor) for turn in turns])
    reached = np.count_nonzero(ratios >= own.error_after / max(own.error_before, floor) * (1.0 - 1e-9))
    p = float((1 + reached) / (1 + len(turns)))
    reach = _reach(turns, own.error_before, alpha, floor)
    names = [name for name, is_treated in zip(panel.regions, panel.treated, strict=True) if not is_treated]
    scale = float(panel.treated.sum() * panel.after.shape[1])
    lower, upper = (None, None) if reach is None else (own.effect - reach, own.effect + reach)
    return Effect(
        method="Synthetic control", estimate=own.effect, se=None, lower=lower, upper=upper, p=p, placebo_p=p,
        total=own.effect * scale, total_lower=None if lower is None else lower * scale,
        total_upper=None if upper is None else upper * scale, relative=False, treated=panel.treated_names,
        weights={name: float(weight) for name, weight in zip(names, own.weights, strict=True)}, days=panel.days,
        observed=tuple(map(float, panel.values[panel.treated].mean(axis=0))), expected=tuple(map(float, own.expected)),
        alarms=_alarms(panel, own), not_identified=_doubts(len(turns), reach, alpha), backend=panel.backend,
    )  # fmt: skip


def fit(own: Vector, donors: Matrix, first: int, *, level: bool) -> Fit:
    """The blend of ``donors`` (regions × days) nearest to ``own`` before day ``first``.

    Notes
    -----
    min |y - Yw|² with w ≥ 0 and Σw = 1: non-negative least squares on Y - y·1ᵀ with the sum as one more row. The rest
    being homogeneous in w, that row bends only the sum, so dividing by the sum gives the exact optimum.
    Source: Lawson & Hanson (1974), Solving Least Squares Problems.
    """
    from scipy import optimize  # its import takes longer than most tests by region

    before, target = donors[:, :first], own[:first]
    if level:
        before, target = before - before.mean(axis=1, keepdims=True), target - target.mean()
    gaps = (before - target).T
    size = float(np.abs(gaps).max())
    if size > 0:
        weights = optimize.nnls(np.vstack([gaps / size, np.ones(len(donors))]), np.append(np.zeros(first), 1.0))[0]
    else:
        weights = np.ones(len(donors))
    weights = weights / weights.sum()
    expected = weights @ donors
    if level:
        expected = expected + (own[:first] - expected[:first]).mean()
    off = own - expected
    return Fit(
        weights=weights, expected=expected, effect=float(off[first:].mean()),
        error_before=float(np.sqrt((off[:first] ** 2).mean())), error_after=float(np.sqrt((off[first:] ** 2).mean())),
    )  # fmt: skip


def _placebos(donors: Matrix, size: int, first: int, *, level: bool) -> list[Fit]:
    """Each donor (or group of as many as are treated) against the rest."""
    count = len(donors)
    size = min(size, count - 1)
    if math.comb(count, size) <= _MAX_PLACEBOS:
        groups = [np.array(group) for group in combinations(range(count), size)]
    else:
        rng = np.random.default_rng(20_100_601)
        groups = [rng.permutation(count)[:size] for _ in range(_MAX_PLACEBOS)]
    turns = []
    for group in groups:
        rest = np.delete(donors, group, axis=0)
        turns.append(fit(donors[group].mean(axis=0), rest, first, level=level))
    return turns


def _reach(turns: list[Fit], error_before: float, alpha: float, floor: float) -> float | None:
    sizes = np.sort([abs(turn.effect) / max(turn.error_before, floor) for turn in turns])
    place = math.ceil((1.0 - alpha) * (len(sizes) + 1) - 1e-9)
    return None if place > len(sizes) else float(sizes[place - 1]) * max(error_before, floor)


def _alarms(panel: panels.Panel, own: Fit) -> tuple[str, ...]:
    target = panel.before[panel.treated].mean(axis=0)
    if own.error_before > max(float(target.std()), 1e-12 * float(np.abs(target).max())):
        return ("No blend of the other regions follows the treated ones: it is off by more than they vary.",)
    return ()


def _doubts(turns: int, reach: float | None, alpha: float) -> tuple[str, ...]:
    if reach is not None:
        return ()
    needed = math.ceil(1.0 / alpha - 1e-9) - 1
    return (
        f"The interval: at alpha {alpha:g} it takes {needed} other regions to compare with, and there are {turns}.",
    )
