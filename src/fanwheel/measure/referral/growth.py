"""The forecast of a branching process: how many people one wave of newcomers brings in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector
from fanwheel.measure.referral.totals import total_interval
from fanwheel.measure.results import Result

_LARGEST_LOG: Final = 300.0


@dataclass(frozen=True, kw_only=True)
class Growth(Result):
    """One row per generation (0: the seeds), and the total in the end where K is below 1.

    ``total``, ``total_variance`` and their interval count the seeds too; they are None where growth does not end by
    itself. ``dies_out`` is the chance that it does.
    """

    k: float
    seeds: int
    is_supercritical: bool
    generation: Any
    people: Vector
    people_variance: Vector
    cumulative: Vector
    total: float | None
    total_variance: float | None
    total_lower: float | None
    total_upper: float | None
    dies_out: float

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("generation", "people", "people_variance", "cumulative")
        return {name: getattr(self, name) for name in names}

    def _draw(self, axes: Any) -> None:
        axes.bar(self.generation, self.people)
        axes.set_xlabel("generation")
        axes.set_ylabel("people")

    def _title(self) -> str:
        if self.total is None:
            return f"K = {self.k:.3g}: growth does not end by itself"
        return f"K = {self.k:.3g}: {self.total:,.1f} people in the end, {self.seeds:,} of them seeds"


def growth_forecast(
    k: float, *, seeds: int = 1, variance: float | None = None, generations: int = 10, confidence: float = 0.95
) -> Growth:
    """How many people come in the end if each person brings K others, generation by generation.

    Parameters
    ----------
    k : float
        People brought per person, >= 0; best the causal one.
    seeds : int
        People to begin with, >= 1.
    variance : float, optional
        Of people brought per person, as ``k_factor`` reports it, at least K; by default K, as in Poisson.
    generations : int
        How many to list, 1 to 1000.
    confidence : float
        Coverage of the interval of the total, for a K that is known exactly.

    Returns
    -------
    Growth
        Means and variances by generation; below K = 1 also of the total, with an exact interval.

    Raises
    ------
    BadDataError
        If a number is out of range.

    Notes
    -----
    Per seed: generation g has the mean K^g and variance V K^(g-1) (1 + K + … + K^(g-1)); the total has the mean
    1/(1-K) and the variance V/(1-K)³. Where people bring Poisson (V = K) or negative binomial (V > K) numbers, the
    total of s seeds is n with probability s/n P(n people bring n - s), from which the interval is summed. At K >= 1
    the mean grows without end, though all lines may die out: the smallest root of f(q) = q, to the power of seeds.

    Source: Harris (1963), The Theory of Branching Processes, ch. I; Dwass (1969), J. Applied Probability 6, 682-686.
    """
    spread = k if variance is None else variance
    _check(k, spread, seeds=seeds, generations=generations, confidence=confidence)
    ending = _ending(k, spread, seeds=seeds, confidence=confidence)
    return _listed(k, spread, seeds=seeds, generations=generations, ending=ending)


@dataclass(frozen=True, kw_only=True)
class _Ending:
    """The total of a process that ends by itself; nothing for one that does not."""

    total: float | None = None
    variance: float | None = None
    lower: float | None = None
    upper: float | None = None
    doubts: tuple[str, ...] = ()


def _ending(k: float, spread: float, *, seeds: int, confidence: float) -> _Ending:
    if k >= 1:
        return _Ending(doubts=("The total: with K of 1 or more its mean has no limit; read it by generation.",))
    lower, upper, doubts = total_interval(k, spread, seeds=seeds, confidence=confidence)
    return _Ending(
        total=seeds / (1 - k), variance=seeds * spread / (1 - k) ** 3, lower=lower, upper=upper, doubts=doubts
    )


def _listed(k: float, spread: float, *, seeds: int, generations: int, ending: _Ending) -> Growth:
    powers = _powers(k, generations)
    earlier = np.concatenate([[0.0], powers[:-1]])
    sums = np.cumsum(earlier)  # 1 + K + … + K^(g-1)
    return Growth(
        k=k,
        seeds=seeds,
        is_supercritical=k > 1,
        generation=np.arange(generations + 1),
        people=seeds * powers,
        people_variance=seeds * spread * earlier * sums,
        cumulative=seeds * np.cumsum(powers),
        total=ending.total,
        total_variance=ending.variance,
        total_lower=ending.lower,
        total_upper=ending.upper,
        dies_out=_extinction(k, spread) ** seeds,
        not_identified=ending.doubts,
    )


def _powers(k: float, generations: int) -> Vector:
    """K to the power of each generation, as far as floats hold the square."""
    most = generations if k <= 1 else int(_LARGEST_LOG / np.log(k))
    powers: Vector = np.power(float(k), np.minimum(np.arange(generations + 1), most))
    return powers


def _extinction(k: float, spread: float) -> float:
    """The chance that one person's line dies out."""
    if k <= 1:
        return 1.0
    if spread <= k * (1 + 1e-9):
        return float(-special.lambertw(-k * np.exp(-k)).real / k)
    size = k * k / (spread - k)
    chance = 0.0
    for _ in range(100_000):  # rises to the smallest root
        after = float((1 + k / size * (1 - chance)) ** -size)
        if after - chance <= 1e-16:
            break
        chance = after
    return chance


def _check(k: float, spread: float, *, seeds: int, generations: int, confidence: float) -> None:
    if not (np.isfinite(k) and 0 <= k <= 1000):
        raise BadDataError("k must be from 0 to 1000.", hint="It is the number of people each person brings.")
    if not (np.isfinite(spread) and k <= spread * (1 + 1e-12) + 1e-15) or (k == 0 and spread > 0):
        raise BadDataError("variance must be at least k.", hint="Leave it out for Poisson.")
    if seeds < 1 or not 1 <= generations <= 1000 or not 0 < confidence < 1:
        raise BadDataError(
            "seeds must be at least 1, generations from 1 to 1000, confidence between 0 and 1.", hint="Correct them."
        )
