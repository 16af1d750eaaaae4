"""The same evidence as a bet: the chance to win, and what a wrong choice would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.experiments.comparison import Comparison
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class Belief(Result):
    """What to believe of an effect after a test, given what was believed before.

    ``chance_to_win`` is the probability that the treated do better; ``loss_if_chosen`` and ``loss_if_refused`` are the
    expected costs, per person and in the unit of the estimate, of choosing the treatment and of refusing it.
    ``prior_sd`` is None for the flat prior.
    """

    outcome: str
    prior_mean: float
    prior_sd: float | None
    mean: float
    sd: float
    lower: float
    upper: float
    chance_to_win: float
    loss_if_chosen: float
    loss_if_refused: float

    @property
    def prior(self) -> str:
        """The prior in words."""
        if self.prior_sd is None:
            return "flat prior: before the test every effect was equally likely"
        return f"prior: before the test the effect was {self.prior_mean:g} ± {self.prior_sd:g} (normal)"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("outcome", "mean", "sd", "lower", "upper", "chance_to_win", "loss_if_chosen", "loss_if_refused")
        return {name: [getattr(self, name)] for name in names}

    def _draw(self, axes: Any) -> None:
        if self.sd > 0:
            grid = np.linspace(self.mean - 4.0 * self.sd, self.mean + 4.0 * self.sd, 201)
            axes.plot(grid, np.exp(-0.5 * ((grid - self.mean) / self.sd) ** 2))
        axes.axvline(0.0, color="gray", linewidth=1)
        axes.set_yticks([])

    def _title(self) -> str:
        return f"Chance to win {self.chance_to_win:.1%} ({self.prior})"


def bayes(found: Comparison, *, prior: tuple[float, float] | None = None, level: float = 0.95) -> Belief:
    """Turn a comparison into the chance to win and the expected loss of either choice.

    Parameters
    ----------
    found : Comparison
        From ``compare``, ``compare_sums``, ``intention_to_treat`` or ``ghost``; its estimate is taken as normal.
    prior : (mean, sd), optional
        What was believed of the effect before, in the unit of the estimate (fractions, where it is relative); left
        out: flat. Past tests of the same kind are the honest source: lifts of (0, 0.3) are a common weak choice.
    level : float
        Probability of the interval (``lower``, ``upper``).

    Returns
    -------
    Belief
        ``loss_if_refused`` - ``loss_if_chosen`` is the posterior mean.

    Raises
    ------
    BadDataError
        For a prior without a positive sd, or a level outside 0 to 1.

    Notes
    -----
    Normal prior and likelihood: precision 1/sd² + 1/se²; with z = mean/sd, chance Φ(z), loss if chosen
    sd·φ(z) - mean·Φ(-z). A posterior may be looked at early, but then the chance of ever choosing wrongly
    depends on the prior being true. Source: Stucchio (2015), "Bayesian A/B testing at VWO".
    """
    if not 0 < level < 1:
        raise BadDataError(f"level is {level:g}.", hint="Give a probability, as 0.95.")
    if prior is not None and not (np.isfinite(prior[0]) and np.isfinite(prior[1]) and prior[1] > 0):
        raise BadDataError(f"The prior is {prior}.", hint="Give (mean, sd) with sd above 0, or leave it out.")
    mean, sd, doubts = _posterior(found, prior)
    deviate = mean / sd if sd > 0 else 0.0
    density = float(np.exp(-0.5 * deviate * deviate) / np.sqrt(2.0 * np.pi))
    chance = float(special.ndtr(deviate))
    reach = float(special.ndtri(0.5 + level / 2.0)) * sd
    return Belief(
        outcome=found.outcome, prior_mean=prior[0] if prior else 0.0, prior_sd=prior[1] if prior else None,
        mean=mean, sd=sd, lower=mean - reach, upper=mean + reach, chance_to_win=chance,
        loss_if_chosen=max(sd * density - mean * (1.0 - chance), 0.0) if sd > 0 else max(-mean, 0.0),
        loss_if_refused=max(sd * density + mean * chance, 0.0) if sd > 0 else max(mean, 0.0),
        not_identified=found.not_identified + doubts, backend=found.backend,
    )  # fmt: skip


def _posterior(found: Comparison, prior: tuple[float, float] | None) -> tuple[float, float, tuple[str, ...]]:
    if prior is None and not found.se > 0:
        return found.estimate, 0.0, ("The chance to win: without an error and a prior it is a coin. State a prior.",)
    if prior is None:
        return found.estimate, found.se, ()
    if not found.se > 0:
        return prior[0], prior[1], ("The effect: the test has no error, so what is left is the prior.",)
    weight = prior[1] ** 2 / (prior[1] ** 2 + found.se**2)
    return weight * found.estimate + (1.0 - weight) * prior[0], found.se * float(np.sqrt(weight)), ()
