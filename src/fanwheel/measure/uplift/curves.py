"""The Qini curve: what is gained by touching the most promising people first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.results import Result
from fanwheel.measure.uplift import trials
from fanwheel.measure.uplift.trials import Array, Trial

_SEED: Final = 20110701
_CELLS: Final = 2_000_000
_MOST_POINTS: Final = 100
_FEW_DRAWS: Final = 50


@dataclass(frozen=True, kw_only=True)
class Qini(Result):
    """The gain per person from touching the best-scored share, with 95 % intervals.

    ``auuc`` is the area under ``gain``; ``qini`` the area between ``per_treated`` and its straight line: 0 for a
    score that knows nothing, below 0 for one that is wrong.
    """

    share: Array
    gain: Array
    low: Array
    high: Array
    random: Array
    per_treated: Array
    auuc: float
    auuc_low: float
    auuc_high: float
    qini: float
    qini_low: float
    qini_high: float
    people: int

    def _title(self) -> str:
        area = f"AUUC {self.auuc:,.4g} ({self.auuc_low:,.4g} to {self.auuc_high:,.4g})"
        return f"{area}, Qini {self.qini:,.4g} ({self.qini_low:,.4g} to {self.qini_high:,.4g})"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: getattr(self, name) for name in ("share", "gain", "low", "high", "random", "per_treated")}

    def _draw(self, axes: Any) -> None:
        axes.plot(self.share, self.gain, label="by score")
        axes.fill_between(self.share, self.low, self.high, alpha=0.2)
        axes.plot(self.share, self.random, linestyle="--", label="at random")
        axes.set_xlabel("share of people touched")
        axes.legend()


@dataclass(frozen=True, kw_only=True)
class _Ranked:
    """People from the best score down; ``ends`` are the last of each run of equal scores."""

    treated: Array
    control: Array
    outcome: Array
    ends: NDArray[np.intp]


def qini(
    data: Any,
    *,
    score: str,
    outcome: str = "value",
    treated: str = "treated",
    propensity: float | str | None = None,
    draws: int = 500,
) -> Qini:
    """How much a score is worth for choosing whom to touch.

    Parameters
    ----------
    data : dataframe
        One row per person of a trial; ``score`` made without the person's own outcome (``fit(...).effect`` is).
    score, outcome, treated : str
        Columns: higher is touched first; any unit; 0 or 1.
    propensity : float or str, optional
        Chance of being treated, or its column; the share treated if not given.
    draws : int
        Bootstrap draws behind the intervals.

    Returns
    -------
    Qini
        At most 101 shares from 0 to 1; ``gain`` in outcome per person of the whole population.

    Raises
    ------
    BadDataError, NotEnoughDataError
        If rows are bad, or an arm has fewer than 2 people.

    Notes
    -----
    ``gain(u) = u (mean outcome of treated - of controls)`` among the best share ``u``, arms weighted by one over
    their chance, 0 until both arms are there. ``per_treated`` is Radcliffe's ``(Y_t - Y_c N_t / N_c) / N``, with
    ``N`` all treated. Intervals: 1.96 standard errors of a Poisson bootstrap over people with a fixed seed.

    Source: Radcliffe (2007), Using control groups to target on predicted lift, Direct Marketing Analytics Journal.
    """
    trial = trials.read(data, columns=(outcome, treated), propensity=propensity, others=(score,))
    if draws < _FEW_DRAWS:
        raise BadDataError("`draws` must be at least 50.", hint="500 is enough for two digits.")
    ranked = _rank(trial, frames.numbers(trial.table, score))
    shown = np.unique(np.linspace(0, len(ranked.ends) - 1, _MOST_POINTS).round().astype(int))
    return _answer(ranked, shown, _bootstrap(ranked, shown, draws), trial)


def _rank(trial: Trial, score: Array) -> _Ranked:
    # The other keys make the order, and with it the bootstrap, independent of the order of rows.
    order = np.lexsort((trial.chance, trial.treated, trial.outcome, -score))
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    weight = trial.weight[order]
    arms = trial.treated[order]
    return _Ranked(treated=weight * arms, control=weight * (1 - arms), outcome=trial.outcome[order], ends=ends)


def _paths(ranked: _Ranked, counts: Array) -> tuple[Array, Array, Array]:
    """Share, gain and gain per treated person at the end of every run of scores: (draws, runs + 1) each."""
    sums = [
        np.cumsum(counts * column, axis=1)[:, ranked.ends]
        for column in (
            np.ones_like(ranked.outcome),
            ranked.treated,
            ranked.control,
            ranked.treated * ranked.outcome,
            ranked.control * ranked.outcome,
        )
    ]
    people, n_treated, n_control, y_treated, y_control = (np.pad(each, ((0, 0), (1, 0))) for each in sums)
    both = (n_treated > 0) & (n_control > 0)
    safe_treated, safe_control = np.where(both, n_treated, 1.0), np.where(both, n_control, 1.0)
    difference = np.where(both, y_treated / safe_treated - y_control / safe_control, 0.0)
    share = people / np.maximum(people[:, -1:], 1.0)
    return share, share * difference, difference * n_treated / np.maximum(n_treated[:, -1:], 1e-300)


def _areas(share: Array, gain: Array, per_treated: Array) -> tuple[Array, Array]:
    """AUUC and the Qini coefficient of each draw."""
    step = np.diff(share, axis=1)
    area = (step * (gain[:, 1:] + gain[:, :-1])).sum(axis=1) / 2
    lifted = (step * (per_treated[:, 1:] + per_treated[:, :-1])).sum(axis=1) / 2
    return area, lifted - per_treated[:, -1] / 2


def _bootstrap(ranked: _Ranked, shown: NDArray[np.intp], draws: int) -> tuple[Array, float, float]:
    """Standard errors of the gain where it is shown, of the AUUC and of the Qini coefficient."""
    rng = np.random.default_rng(_SEED)
    people = len(ranked.outcome)
    at_once = max(1, _CELLS // people)
    gains, areas, lifts = [], [], []
    for first in range(0, draws, at_once):
        counts = rng.poisson(1.0, (min(at_once, draws - first), people)).astype(np.float64)
        share, gain, per_treated = _paths(ranked, counts)
        area, lift = _areas(share, gain, per_treated)
        gains.append(gain[:, shown + 1])
        areas.append(area)
        lifts.append(lift)
    return np.concatenate(gains).std(axis=0), float(np.concatenate(areas).std()), float(np.concatenate(lifts).std())


def _answer(ranked: _Ranked, shown: NDArray[np.intp], errors: tuple[Array, float, float], trial: Trial) -> Qini:
    share, gain, per_treated = _paths(ranked, np.ones((1, trial.people)))
    (area,), (lift,) = _areas(share, gain, per_treated)
    kept = np.concatenate(([0], shown + 1))
    spread = np.concatenate(([0.0], errors[0])) * trials.Z
    flat = ("every score: all people have the same, so nobody comes first.",) if len(ranked.ends) == 1 else ()
    return Qini(
        share=share[0, kept],
        gain=gain[0, kept],
        low=gain[0, kept] - spread,
        high=gain[0, kept] + spread,
        random=share[0, kept] * gain[0, -1],
        per_treated=per_treated[0, kept],
        auuc=float(area),
        auuc_low=float(area - trials.Z * errors[1]),
        auuc_high=float(area + trials.Z * errors[1]),
        qini=float(lift),
        qini_low=float(lift - trials.Z * errors[2]),
        qini_high=float(lift + trials.Z * errors[2]),
        people=trial.people,
        not_identified=(*trial.notes, *flat),
        backend=trial.table.backend,
    )
