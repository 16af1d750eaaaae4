"""Gamma-Gamma: what a person's purchases are worth on average, from the few that were seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure import frames
from fanwheel.measure.clv.cohort import who
from fanwheel.measure.clv.coordinates import Axis, Space, SpendBlock, around
from fanwheel.measure.clv.estimates import Fitted, PerPerson, outcome
from fanwheel.measure.clv.grouping import Coded, encode, group
from fanwheel.measure.clv.search import Objective, Prior, maximize
from fanwheel.measure.clv.summaries import Summary
from fanwheel.measure.errors import NotEnoughDataError
from fanwheel.measure.frames import Frame, Vector


@dataclass(frozen=True, kw_only=True)
class GammaGamma(Fitted):
    """Purchases of a person are Gamma(p, rate ν), and ν is Gamma(q, rate gamma) over people.

    ``observed_mean`` stands in for the population's mean where q <= 1, since then the model has none.
    ``correlation`` is that of frequency and mean value among who bought again; the model takes it as zero.
    """

    p: float
    q: float
    gamma: float
    observed_mean: float = 0.0
    correlation: float | None = None

    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return {"p": self.p, "q": self.q, "gamma": self.gamma}

    @property
    def mean_value(self) -> float:
        """The mean value of a purchase over all people: ``p·gamma / (q - 1)``."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else self.observed_mean

    def expected_value(self, data: Any) -> PerPerson:
        """What a purchase of each person is expected to be worth.

        Parameters
        ----------
        data : Summary or dataframe
            ``frequency`` (repeat purchases) and ``mean_value`` (their mean; ignored where there are none).

        Returns
        -------
        PerPerson
            Values (>= 0), one for each row: between the person's own mean and everybody's.

        Notes
        -----
        ``E = p (gamma + x·m) / (p·x + q - 1)``.

        Source: Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", note 025.
        """
        frame, x, value = _read(data)
        below = self.p * x + self.q - 1
        known = (x > 0) & (below > 0)
        expected = np.full(len(x), self.mean_value)
        expected[known] = self.p * (self.gamma + x[known] * value[known]) / below[known]
        return PerPerson(name="expected_value", values=expected, person=who(frame), backend=frame.backend)

    def _draw(self, axes: Any) -> None:
        own = np.linspace(0, 3 * self.mean_value, 50)
        for x in (1, 3, 10):
            axes.plot(own, self.expected_value({"frequency": np.full(50, x), "mean_value": own}).values, label=f"{x}")
        axes.set_xlabel("mean value of the purchases seen")
        axes.set_ylabel("expected value of the next")
        axes.legend(title="purchases seen")


def fit_gamma_gamma(data: Any, *, prior: Prior = None) -> GammaGamma:
    """Fit the Gamma-Gamma model of the value of a purchase to people who bought again.

    Parameters
    ----------
    data : Summary or dataframe
        ``frequency`` and ``mean_value`` (mean value of the repeat purchases); ``people`` optionally. People without
        a repeat purchase or with a mean value of 0 say nothing about it and are left out.
    prior : 'weak', optional
        Adds a weak normal prior: ``log p`` 1 ± 1.5, ``log q`` 1 ± 1.5.

    Returns
    -------
    GammaGamma
        Never fails on a flat likelihood: ``not_identified`` says what the data cannot tell.

    Raises
    ------
    BadDataError
        If a column is missing or negative; rows are named.
    NotEnoughDataError
        If nobody has bought again at a value above 0.

    Notes
    -----
    ``L = Γ(px+q) / (Γ(px) Γ(q)) · gamma^q m^(px-1) x^(px) / (gamma + m·x)^(px+q)``.

    Source: Fader, Hardie & Lee (2005), Journal of Marketing Research 42(4), 415-430; note 025 (2013).
    """
    frame, x, value = _read(data)
    weights = frames.numbers(frame, "people", at_least=0) if "people" in frame else np.ones(len(x))
    seen = (x > 0) & (value > 0) & (weights > 0)
    if not seen.any():
        raise NotEnoughDataError(
            "Nobody has bought again at a value above 0.", hint="One person is the least; a hundred tell people apart."
        )
    groups = group([encode(x[seen]), encode(value[seen])], weights[seen])
    value, count = groups.columns[1].rows(), groups.count
    people, mean = float(count.sum()), float((count * value).sum() / count.sum())
    found = maximize(_objective(groups.columns[0], value, count), _space(mean), people=people, prior=prior)
    p, q, gamma = found.parameters
    notes = found.not_identified
    if q <= 1:
        notes = (*notes, "mean value of people who have not bought again not identified: values are too heavy-tailed "
                 "(q <= 1), so their observed mean stands in; prior='weak' would help")  # fmt: skip
    known: dict[str, Any] = {
        **outcome(found, people=people, prior=prior, backend=frame.backend), "not_identified": notes,
    }  # fmt: skip
    correlation = _correlation(groups.columns[0].rows(), value, count)
    return GammaGamma(p=p, q=q, gamma=gamma, observed_mean=mean, correlation=correlation, **known)


def _objective(frequency: Coded, value: Vector, count: Vector) -> Objective:
    """The log-likelihood and its gradient in p, q and gamma; gamma functions only for each distinct frequency."""
    x, codes = frequency.values, frequency.codes
    total = frequency.rows() * value
    logs = float((count * np.log(value)).sum())
    each = np.bincount(codes, weights=count, minlength=len(x))

    def likelihood(parameters: Vector) -> tuple[float, list[float]]:
        p, q, gamma = parameters.tolist()
        below, above = np.log1p(gamma / total), np.log1p(total / gamma)
        own = np.bincount(codes, weights=count * below, minlength=len(x))
        shared = float((count * above).sum())
        both, alone = special.psi(p * x + q), special.psi(p * x)
        value = -p * float((x * own).sum()) - q * shared - logs - float((each * special.betaln(p * x, q)).sum())
        in_p = float((x * (each * (both - alone) - own)).sum())
        in_q = float((each * both).sum()) - people * float(special.psi(q)) - shared
        in_gamma = float((count * (q * total / gamma - p * x[codes]) / (gamma + total)).sum())
        return value, [in_p, in_q, in_gamma]

    people = float(count.sum())
    return likelihood


def _space(mean: float) -> Space:
    alike = "spread of one person's purchases not identified: {}; p and gamma may be any pair that gives the mean"
    people = "spread between people not identified: everybody's purchases seem to be worth the same; q and gamma may \
be any large pair of the same ratio; prior='weak' would help"
    own = Axis(
        1.0, -9.0, 12.0, alike.format("a person's purchases seem to be all of one value, or too few people were seen"),
        prior_mean=1.0, prior_sd=1.5,
    )  # fmt: skip
    between = Axis(
        1.0, -9.0, 12.0, people, "mean value not identified: too few people were seen", prior_mean=1.0, prior_sd=1.5
    )
    return Space((SpendBlock((own, between, around(mean, silent=alike.format("too few people were seen")))),))


def _correlation(frequency: Vector, value: Vector, count: Vector) -> float | None:
    """The correlation of frequency and mean value, or None where one of them does not vary."""
    share = count / count.sum()
    x, y = frequency - (share * frequency).sum(), value - (share * value).sum()
    spread = float(np.sqrt((share * x**2).sum() * (share * y**2).sum()))
    small = 1e-12 * float(np.abs(frequency).max() * np.abs(value).max())
    return float((share * x * y).sum()) / spread if spread > small else None


def _read(data: Any) -> tuple[Frame, Vector, Vector]:
    table = (
        Frame({"frequency": data.frequency, "mean_value": data.mean_value, "person": data.person}, data.backend)
        if isinstance(data, Summary)
        else frames.read(data, ["frequency", "mean_value"], optional=["person", "people"])
    )
    if table.rows == 0:
        raise NotEnoughDataError("The data have no rows.", hint="One person who bought again is the least.")
    x = frames.numbers(table, "frequency", at_least=0)
    frames.require(x == np.rint(x), table="data", problem="“frequency” is not a whole number", hint="Count purchases.")
    return table, x, frames.numbers(table, "mean_value", at_least=0)
