"""Regions with a channel against regions without: difference in differences."""

import math
from collections.abc import Sequence
from itertools import combinations, islice
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure.errors import NotEnoughDataError
from fanwheel.measure.experiments import kernels
from fanwheel.measure.geo import panels
from fanwheel.measure.geo.effects import Effect

Vector = NDArray[np.float64]
_MAX_PLACEBOS: Final = 4999
# The spread of fewer regions is too uncertain to stand alone: intervals held only 87 % of truths.
_WELCH_FROM: Final = 5


def difference_in_differences(
    data: Any,
    *,
    treated: Sequence[Any] | str,
    start: Any,
    region: str = "region",
    day: str = "day",
    outcome: str = "value",
    relative: bool = False,
    alpha: float = 0.05,
) -> Effect:
    """How much more the treated regions changed at the start of a test than the others did.

    Parameters
    ----------
    data : dataframe
        One row for every region and day.
    treated, start
        Names of the regions with the treatment · the first day of the test.
    region, day, outcome, alpha
        Columns; days are dates or numbers · chance that the interval misses.
    relative : bool
        Each region against its own mean before: for regions of unequal size, whose ups and downs are proportional.

    Returns
    -------
    Effect
        Per treated region and day, or the fraction; ``placebo_p`` shuffles which regions are called treated.

    Raises
    ------
    BadDataError, NotEnoughDataError
        For missing or second rows; fewer than 2 days before, or 2 other regions.

    Notes
    -----
    d = mean after - mean before (or their ratio - 1) of each region; mean(d treated) - mean(d others), with Welch's
    error over regions, so that days of one region may hang together; with fewer than 5, that of a pooled spread.
    Source: Bertrand, Duflo & Mullainathan (2004), QJE 119; Abadie (2005), Review of Economic Studies 72.
    """
    panel = panels.read(data, region=region, day=day, outcome=outcome, treated=treated, start=start)
    before, after = panel.before.mean(axis=1), panel.after.mean(axis=1)
    if relative and not (before > 0).all():
        raise NotEnoughDataError(
            "A region has no outcome before the test; a relative change needs at least 1.",
            hint="Drop it, or compare absolutely.",
        )
    changes = after / before - 1.0 if relative else after - before
    return _answer(panel, changes, relative=relative, alpha=panels.checked(alpha))


def _answer(panel: panels.Panel, changes: Vector, *, relative: bool, alpha: float) -> Effect:
    found = _gap(changes, panel.treated)
    reach = float(special.stdtrit(found.degrees, 1.0 - alpha / 2.0)) * float(found.se)
    p = 2.0 * float(special.stdtr(found.degrees, -abs(found.estimate) / found.se)) if found.se > 0 else 1.0
    size = panel.before.mean(axis=1)[panel.treated].sum() if relative else panel.treated.sum()
    estimate, scale = float(found.estimate), float(size * panel.after.shape[1])
    return Effect(
        method="Difference in differences", estimate=estimate, se=float(found.se), lower=estimate - reach,
        upper=estimate + reach, p=min(p, 1.0), placebo_p=_placebo_p(changes, panel.treated), relative=relative,
        total=estimate * scale, total_lower=(estimate - reach) * scale, total_upper=(estimate + reach) * scale,
        treated=panel.treated_names, weights=_even(panel), alarms=_trend_alarm(panel, relative=relative),
        not_identified=() if found.se > 0 else ("The error: the regions changed exactly alike.",),
        backend=panel.backend, **_path(panel),
    )  # fmt: skip


def _gap(changes: Vector, treated: NDArray[np.bool_]) -> kernels.Difference:
    changes = changes - changes.mean()
    one, zero = changes[treated], changes[~treated]
    if min(len(one), len(zero)) >= _WELCH_FROM:
        return kernels.mean_difference(kernels.sums(one), kernels.sums(zero))
    degrees = float(len(changes) - 2)
    spread = (np.sum((one - one.mean()) ** 2) + np.sum((zero - zero.mean()) ** 2)) / degrees
    se = np.sqrt(spread * (1.0 / len(one) + 1.0 / len(zero)))
    return kernels.Difference(one.mean() - zero.mean(), se, degrees)


def _placebo_p(changes: Vector, treated: NDArray[np.bool_]) -> float:
    """The share of ways to choose as many regions that give a gap at least as large; all of them, or a fixed 4,999."""
    count, size = len(changes), int(treated.sum())
    centred = changes - changes.mean()
    if math.comb(count, size) <= _MAX_PLACEBOS:
        chosen = np.array(list(islice(combinations(range(count), size), _MAX_PLACEBOS)))
        own = 0
    else:
        rng = np.random.default_rng(20_140_101)
        chosen = rng.permuted(np.tile(np.arange(count), (_MAX_PLACEBOS, 1)), axis=1)[:, :size]
        own = 1  # the real choice counts among those drawn
    sums = np.abs(centred[chosen].sum(axis=1))  # with all others' sum its opposite, the gap is proportional to it
    reached = np.count_nonzero(sums >= abs(float(centred[treated].sum())) * (1.0 - 1e-9))
    return float(min((reached + own) / (len(chosen) + own), 1.0))


def _trend_alarm(panel: panels.Panel, *, relative: bool) -> tuple[str, ...]:
    days = panel.before.shape[1]
    if days < 4:
        return ()
    clock = np.arange(days) - (days - 1) / 2.0
    scale = panel.before.mean(axis=1, keepdims=True) if relative else 1.0
    slopes = (panel.before / scale) @ clock / (clock @ clock)
    gap = _gap(slopes, panel.treated)
    if gap.se > 0 and float(special.stdtr(gap.degrees, -abs(gap.estimate) / gap.se)) < 0.005:
        return (
            "The treated regions were already drifting away from the others before the test: "
            "try synthetic_control, or regions that are more alike.",
        )
    return ()


def _path(panel: panels.Panel) -> dict[str, Any]:
    observed = panel.values[panel.treated].mean(axis=0)
    others = panel.values[~panel.treated].mean(axis=0)
    level = observed[: panel.first].mean() - others[: panel.first].mean()
    return {"days": panel.days, "observed": tuple(map(float, observed)), "expected": tuple(map(float, others + level))}


def _even(panel: panels.Panel) -> dict[str, float]:
    others = [name for name, is_treated in zip(panel.regions, panel.treated, strict=True) if not is_treated]
    return dict.fromkeys(others, 1.0 / len(others))
