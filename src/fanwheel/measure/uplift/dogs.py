"""Sleeping dogs: people who buy less because they were touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.results import Result
from fanwheel.measure.uplift import trials
from fanwheel.measure.uplift.trials import Array, Trial

_FEWEST: Final = 30
_MOST_GROUPS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class SleepingDogs(Result):
    """The effect in each group with intervals that hold for all groups at once.

    ``is_sleeping_dog`` marks groups whose upper bound is below zero; ``rows`` the people in them, in the data's
    order.
    """

    group: tuple[Any, ...]
    people: NDArray[np.int64]
    effect: Array
    low: Array
    high: Array
    is_sleeping_dog: NDArray[np.bool_]
    rows: NDArray[np.bool_] = field(repr=False)

    def _title(self) -> str:
        return f"Sleeping dogs: {int(self.rows.sum()):,} of {len(self.rows):,} people"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: getattr(self, name) for name in ("group", "people", "effect", "low", "high", "is_sleeping_dog")}

    def _draw(self, axes: Any) -> None:
        places = np.arange(len(self.group))
        axes.errorbar(self.effect, places, xerr=[self.effect - self.low, self.high - self.effect], fmt="o", capsize=4)
        axes.set_yticks(places, [str(group) for group in self.group])
        axes.axvline(0, color="gray", linewidth=0.8)


def sleeping_dogs(
    data: Any,
    *,
    by: str | None = None,
    score: str | None = None,
    outcome: str = "value",
    treated: str = "treated",
    propensity: float | str | None = None,
    groups: int = 10,
) -> SleepingDogs:
    """Whom touching harms, as far as a trial proves it.

    Parameters
    ----------
    data : dataframe
        One row per person of a trial.
    by, score : str
        Either a column of segments, or one of scores made without the person's own outcome (``fit(...).effect``).
    outcome, treated, propensity : str, str, float or str
        As for ``qini``.
    groups : int
        How many groups of equal size the scores make.

    Returns
    -------
    SleepingDogs
        One row per group of at least 30 people in each arm; ``effect`` in the outcome's unit per person touched.

    Raises
    ------
    BadDataError, NotEnoughDataError
        If rows are bad, or no group has 30 people in each arm.

    Notes
    -----
    Difference of the arms' means, weighted by one over their chance, with its unequal-variance standard error; the
    quantile is that of ``0.025 / groups``, so the chance to name even one group wrongly is at most 2.5 %.

    Source: Radcliffe & Surry (2011), Real-world uplift modelling with significance-based uplift trees, Stochastic
    Solutions; Dunn (1961), Multiple comparisons among means, JASA 56.
    """
    column = _either(by, score)
    trial = trials.read(data, columns=(outcome, treated), propensity=propensity, others=(column,))
    if score is None:
        names, place = frames.codes(trial.table[column])
        labels = tuple(names.tolist())
    else:
        labels, place = _bins(frames.numbers(trial.table, column), groups)
    return _answer(trial, labels, place)


def _either(by: str | None, score: str | None) -> str:
    if (by is None) == (score is None):
        raise BadDataError("Give either `by` or `score`.", hint="by='tier', or score='effect'.")
    return str(by if score is None else score)


def _bins(score: Array, groups: int) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    if not 1 <= groups <= _MOST_GROUPS:
        raise BadDataError("`groups` must be from 1 to 10,000.", hint="groups=10")
    edges = np.unique(np.quantile(score, np.linspace(0, 1, groups + 1)[1:-1], method="inverted_cdf"))
    used, place = frames.codes(np.searchsorted(edges, score, side="left"))
    low = [float(score[place == group].min()) for group in range(len(used))]
    high = [float(score[place == group].max()) for group in range(len(used))]
    return tuple(f"{least:.4g} to {most:.4g}" for least, most in zip(low, high, strict=True)), place


def _answer(trial: Trial, labels: tuple[Any, ...], place: NDArray[np.intp]) -> SleepingDogs:
    if len(labels) > _MOST_GROUPS:
        raise BadDataError(f"There are {len(labels):,} groups.", hint="Use fewer, or give the column as `score`.")
    arms = [_arm(trial, place, arm, len(labels)) for arm in (0.0, 1.0)]
    counts = np.minimum(arms[0][2], arms[1][2])
    kept = np.flatnonzero(counts >= _FEWEST)
    if not len(kept):
        raise NotEnoughDataError(
            f"A group needs {_FEWEST} people in each arm; the largest has {int(counts.max())}.",
            hint="Use fewer groups, or wait for more people.",
        )
    effect = (arms[1][0] - arms[0][0])[kept]
    error = np.sqrt(arms[1][1] + arms[0][1])[kept]
    half = error * float(-special.ndtri(0.025 / len(kept)))
    asleep = effect + half < 0
    small = [str(labels[group]) for group in np.flatnonzero(counts < _FEWEST)]
    few = (f"{', '.join(small[:5])}: fewer than {_FEWEST} people in an arm.",) if small else ()
    return SleepingDogs(
        group=tuple(labels[group] for group in kept),
        people=np.bincount(place, minlength=len(labels))[kept],
        effect=effect,
        low=effect - half,
        high=effect + half,
        is_sleeping_dog=asleep,
        rows=np.isin(place, kept[asleep]),
        not_identified=(*trial.notes, *few),
        backend=trial.table.backend,
    )


def _arm(trial: Trial, place: NDArray[np.intp], arm: float, groups: int) -> tuple[Array, Array, Array]:
    """Weighted mean, its variance and the number of people of one arm in every group."""
    inside = trial.treated == arm
    where, weight, outcome = place[inside], trial.weight[inside], trial.outcome[inside]
    people = np.bincount(where, minlength=groups)
    total = np.bincount(where, weight, minlength=groups)
    safe = np.where(total > 0, total, 1.0)
    mean = np.bincount(where, weight * outcome, minlength=groups) / safe
    power = np.bincount(where, (weight * (outcome - mean[where])) ** 2, minlength=groups)
    return mean, power / safe**2 * people / np.maximum(people - 1, 1), people.astype(np.float64)
