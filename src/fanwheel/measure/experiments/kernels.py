"""The arithmetic of two arms: arrays in, numbers out, nothing checked and nothing read.

Every argument may be an array; shapes broadcast, so that many tests, or many looks at one test, are one call.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Vector = NDArray[np.float64]
_LARGEST_EXPONENT: Final = 700.0


class Sums(NamedTuple):
    """What one arm leaves behind: people, the sum of their outcomes, and the sum of the squares."""

    n: Any
    total: Any
    squares: Any

    @property
    def mean(self) -> Any:
        """Sum over people."""
        return self.total / self.n

    @property
    def variance(self) -> Any:
        """Sample variance of one person's outcome, with n - 1 below; never negative."""
        return np.maximum(self.squares - self.total * self.total / self.n, 0.0) / (self.n - 1.0)


class Difference(NamedTuple):
    """An estimate, its standard error, and the degrees of freedom of its t distribution."""

    estimate: Any
    se: Any
    degrees: Any


class Adjusted(NamedTuple):
    """A difference freed of what the pre-period foretold.

    ``reduction`` is 1 - se²/plain se²; ``balance_z`` is the normal deviate by which the arms differed before the
    test; ``slope`` holds one coefficient for each pre-period column.
    """

    estimate: float
    se: float
    degrees: float
    reduction: float
    balance_z: float
    slope: Vector


class Mixture(NamedTuple):
    """A mixture sequential test: its likelihood ratio, always-valid p, and half-width of the interval."""

    ratio: Any
    p: Any
    half_width: Any


def sums(values: Vector) -> Sums:
    """The sufficient statistics of one arm, along the last axis."""
    return Sums(np.float64(values.shape[-1]), values.sum(axis=-1), (values * values).sum(axis=-1))


def mean_difference(treated: Sums, control: Sums) -> Difference:
    """Mean of the treated less mean of the control, with Welch's standard error.

    Parameters
    ----------
    treated, control : Sums
        At least two people in each arm.

    Notes
    -----
    se² = s₁²/n₁ + s₀²/n₀, and degrees of freedom after Satterthwaite. Source: Welch (1947), Biometrika 34.
    """
    one, zero = treated.variance / treated.n, control.variance / control.n
    return Difference(
        treated.mean - control.mean, np.sqrt(one + zero), welch_degrees(one, zero, n=(treated.n, control.n))
    )


def relative_difference(treated: Sums, control: Sums) -> Difference:
    """The difference as a share of the control mean, which must not be zero, by the delta method.

    Notes
    -----
    se² = s₁²/(n₁ȳ₀²) + s₀²ȳ₁²/(n₀ȳ₀⁴); the degrees of freedom are those of the difference.
    Source: Deng, Knoblich & Lu (2018), KDD.
    """
    one, zero = treated.variance / treated.n, control.variance / control.n
    lift = treated.mean / control.mean
    se = np.sqrt(one + zero * lift * lift) / np.abs(control.mean)
    return Difference(lift - 1.0, se, welch_degrees(one, zero, n=(treated.n, control.n)))


def welch_degrees(one: Any, zero: Any, *, n: tuple[Any, Any]) -> Any:
    """Degrees of freedom of a sum of two estimated variances; those of a pooled test where both are zero."""
    spread = one * one / (n[0] - 1.0) + zero * zero / (n[1] - 1.0)
    known = spread > 0
    return np.where(known, (one + zero) ** 2 / np.where(known, spread, 1.0), n[0] + n[1] - 2.0)


def cuped_slope(post: Vector, pre: Vector, treated: NDArray[np.bool_]) -> Vector:
    """The coefficients that leave the least variance in a difference of means, one for each column of ``pre``.

    Parameters
    ----------
    post : (n,) array
        Outcomes.
    pre : (n,) or (n, k) array
        Known before the test; constant columns get coefficient 0.
    treated : (n,) array of bool
        At least two people in each arm.

    Notes
    -----
    θ = (Σ Sₓₓ/n)⁻¹ Σ Sₓᵧ/n over the arms, each with its own means: for one column and equal arms cov(X,Y)/var(X),
    and for unequal arms the smaller one weighs more, as its noise does.
    Source: Deng, Xu, Kohavi & Walker (2013), WSDM; Lin (2013), Annals of Applied Statistics 7.
    """
    columns = pre.reshape(len(post), -1)
    square, cross = 0.0, 0.0
    for arm in (treated, ~treated):
        x, y = columns[arm], post[arm]
        x, weight = x - x.mean(axis=0), 1.0 / (len(y) * (len(y) - 1.0))
        square, cross = square + weight * (x.T @ x), cross + weight * (x.T @ (y - y.mean()))
    return solve(np.asarray(square), np.asarray(cross))


def solve(square: Vector, cross: Vector) -> Vector:
    """The least-squares coefficients whatever the scales of the columns; 0 for one that never varies."""
    scale = np.sqrt(np.diagonal(square))
    varies = scale > 0
    inverse = np.where(varies, 1.0 / np.where(varies, scale, 1.0), 0.0)
    scaled = np.linalg.pinv(square * inverse * inverse[:, None], rcond=1e-10, hermitian=True)
    slope: Vector = inverse * (scaled @ (inverse * cross))
    return slope


def cuped(post: Vector, pre: Vector, treated: NDArray[np.bool_]) -> Adjusted:
    """The difference in means after what the pre-period foretells is taken out.

    Parameters
    ----------
    post : (n,) array
        Outcomes.
    pre : (n,) or (n, k) array
        What was known of each person before the test; 0 for a person who did nothing.
    treated : (n,) array of bool
        At least two people in each arm.

    Returns
    -------
    Adjusted
        ``reduction`` is the realized one, 1 - se²/se² of the plain difference.

    Notes
    -----
    Δ = (ȳ₁ - ȳ₀) - θ(x̄₁ - x̄₀), with the variances of y - θx; Var(Δ) = Var(plain)(1 - ρ²).
    Source: Deng, Xu, Kohavi & Walker (2013), WSDM.
    """
    columns = pre.reshape(len(post), -1)
    columns, post = columns - columns.mean(axis=0), post - post.mean()
    slope = cuped_slope(post, columns, treated)
    adjusted = post - columns @ slope
    plain = mean_difference(sums(post[treated]), sums(post[~treated]))
    found = mean_difference(sums(adjusted[treated]), sums(adjusted[~treated]))
    reduction = 1.0 - (found.se / plain.se) ** 2 if plain.se > 0 else 0.0
    return Adjusted(
        float(found.estimate),
        float(found.se),
        float(found.degrees),
        float(reduction),
        balance_z(columns, treated),
        slope,
    )


def balance_z(pre: Vector, treated: NDArray[np.bool_]) -> float:
    """By how many standard errors the arms differed before the test.

    Parameters
    ----------
    pre : (n,) or (n, k) array
        Known before the test.
    treated : (n,) array of bool
        At least two people in each arm.

    Returns
    -------
    float
        For one column, the signed deviate; for several, the deviate as rare as their joint chi-square.
    """
    columns = pre.reshape(len(treated), -1)
    gap, square = np.zeros(columns.shape[1]), np.zeros((columns.shape[1],) * 2)
    for sign, arm in ((1.0, treated), (-1.0, ~treated)):
        x = columns[arm]
        gap += sign * x.mean(axis=0)
        x = x - x.mean(axis=0)
        square += x.T @ x / (len(x) * (len(x) - 1.0))
    distance = float(gap @ solve(square, gap))
    if columns.shape[1] == 1:
        return float(np.sign(gap[0]) * np.sqrt(max(distance, 0.0)))
    return float(-special.ndtri(special.chdtrc(columns.shape[1], max(distance, 0.0)) / 2.0 + 1e-300))


def sequence_rho(planned_n: Any, alpha: Any) -> Any:
    """The tuning that makes a confidence sequence narrowest at ``planned_n`` people (eq. 161 of the source below)."""
    wide = -2.0 * np.log(alpha)
    return np.sqrt((wide + np.log(wide + 1.0)) / planned_n)


def confidence_sequence_half_width(se: Any, n: Any, *, planned_n: Any, alpha: Any, sides: int = 2) -> Any:
    """Half the width of an interval that may be looked at after every person.

    Parameters
    ----------
    se : array
        Standard error now.
    n : array
        People in both arms now.
    planned_n : array
        People at which the interval is to be narrowest.
    alpha : array
        Chance, over all looks together, that the interval ever misses.
    sides : {1, 2}
        With 1, the distance to the only bound.

    Notes
    -----
    √(se²n)·√(2(nρ²+1)·ln(√(nρ²+1)/α))/(nρ); at n = planned_n and α = .05 that is 1.5486 times the fixed-n one.
    One-sided: ln(1 + √(nρ²+1)/(2α)), with ρ tuned for 2α.
    Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2023), "Time-uniform central limit theory", eq. 9 and 161.
    """
    rho = sequence_rho(planned_n, alpha if sides == 2 else np.minimum(2.0 * alpha, 0.999))
    grown = n * rho * rho + 1.0
    log = np.log(np.sqrt(grown) / alpha) if sides == 2 else np.log1p(np.sqrt(grown) / (2.0 * alpha))
    return se * np.sqrt(n) * np.sqrt(2.0 * grown * log) / (n * rho)


def confidence_sequence_p(deviate: Any, n: Any, *, planned_n: Any, alpha: Any, sides: int = 2) -> Any:
    """The always-valid p of an estimate ``deviate`` standard errors from zero: the sequence's level that just touches.

    With one side, ``deviate`` counts in the direction of the alternative. Parameters as in
    ``confidence_sequence_half_width``.
    """
    rho = sequence_rho(planned_n, alpha if sides == 2 else np.minimum(2.0 * alpha, 0.999))
    grown = n * rho * rho + 1.0
    forward = deviate if sides == 2 else np.maximum(deviate, 0.0)
    exponent = np.minimum(forward * forward * n * rho * rho / (2.0 * grown), _LARGEST_EXPONENT)
    if sides == 2:
        return np.minimum(1.0, np.sqrt(grown) * np.exp(-exponent))
    beyond = np.expm1(exponent)
    return np.minimum(1.0, np.sqrt(grown) / np.maximum(2.0 * beyond, np.sqrt(grown)))


def msprt(difference: Any, variance: Any, n: Any, *, tau_squared: Any, alpha: Any) -> Mixture:
    """The mixture sequential probability ratio test of a difference in means against none.

    Parameters
    ----------
    difference : array
        Mean of the treated less mean of the control.
    variance : array
        Variance of one pair's difference: s₁² + s₀², or se²·n where the arms differ in size; above 0.
    n : array
        Pairs so far.
    tau_squared : array
        Variance of the differences thought possible.
    alpha : array
        Chance, over all looks together, of a false alarm.

    Notes
    -----
    Λ = √(V/(V+nτ²))·exp(n²τ²d²/(2V(V+nτ²))), p = min(1, 1/Λ).
    Source: Johari, Koomen, Pekelis & Walsh (2017), KDD; Robbins (1970).
    """
    grown = variance + n * tau_squared
    exponent = n * n * tau_squared * difference * difference / (2.0 * variance * grown)
    log = exponent - 0.5 * np.log(grown / variance)
    room = 2.0 * variance * grown / (n * n * tau_squared) * (0.5 * np.log(grown / variance) - np.log(alpha))
    return Mixture(np.exp(np.minimum(log, _LARGEST_EXPONENT)), np.exp(-np.maximum(log, 0.0)), np.sqrt(room))


def label_mixture(ours: Any, theirs: Any, *, share: Any, concentration: Any, sides: int = 1) -> Any:
    """The logarithm of the evidence that successes prefer one of two variants to which people were dealt at random.

    Parameters
    ----------
    ours, theirs : array
        Successes of either variant so far.
    share : array
        Share of the people of both who were dealt to ours, between 0 and 1.
    concentration : array
        Weight of the supposition that both do alike, in successes: the prior of ours is Beta(share·c, (1 - share)·c).
    sides : {1, 2}
        With 1, evidence that ours is better and not merely different: the prior is cut off below ``share``.

    Returns
    -------
    array
        ln E. Where ours is no better, the chance that E ever reaches 1/α is at most α, however often one looks.

    Notes
    -----
    If the variant makes no difference, each success is ours with chance θ = ``share`` however late it comes, so
    E = ∫ q^s(1-q)^f dπ(q) / (θ^s(1-θ)^f) is a martingale that begins at 1, exactly and for few successes too. What
    grows is the count of successes and not that of people: of messages that all went out at once, the answers of the
    first hour are an early look.
    Source: Lindon & Malek (2022), NeurIPS 35, "Anytime-valid inference for multinomial count data"; Ville (1939).
    """
    a, b = share * concentration, (1.0 - share) * concentration
    log = special.betaln(a + ours, b + theirs) - special.betaln(a, b) - ours * np.log(share) - theirs * np.log1p(-share)
    if sides == 2:
        return log
    tails = [special.betaincc(one, other, share) for one, other in ((a + ours, b + theirs), (a, b))]
    return log + np.log(np.maximum(tails[0], 1e-300)) - np.log(tails[1])


def cluster_robust(values: Vector, treated: NDArray[np.bool_], cluster: NDArray[Any]) -> Difference:
    """The difference in means of people, with a standard error that lets people of one cluster move together.

    Parameters
    ----------
    values : (n,) array
        One outcome for each person.
    treated : (n,) array of bool
        A cluster may lie in both arms.
    cluster : (n,) array
        Household, or the tree of a referrer; at least two in each arm.

    Notes
    -----
    With cluster sums of residuals over arm sizes t_g and c_g: se² = G₁/(G₁-1)·Σt² + G₀/(G₀-1)·Σc² - 2G/(G-1)·Σtc,
    degrees of freedom from the counts of clusters. Source: Liang & Zeger (1986), Biometrika 73.
    """
    distinct, place = np.unique(cluster, return_inverse=True)
    place, clusters = place.reshape(-1), len(distinct)
    means, scores, counts = [], [], []
    for arm in (treated, ~treated):
        mean = float(values[arm].mean())
        means.append(mean)
        scores.append(np.bincount(place[arm], weights=values[arm] - mean, minlength=clusters) / arm.sum())
        counts.append(float(np.count_nonzero(np.bincount(place[arm], minlength=clusters))))
    one, zero = (count / (count - 1.0) * (score @ score) for score, count in zip(scores, counts, strict=True))
    shared = 2.0 * clusters / (clusters - 1.0) * (scores[0] @ scores[1])
    degrees = welch_degrees(one, zero, n=(counts[0], counts[1]))
    se = np.sqrt(max(one + zero - shared, 0.0))
    return Difference(means[0] - means[1], float(se), float(min(degrees, clusters - 1.0)))


def sample_ratio_p(counts: Any, shares: Any) -> Any:
    """The chance of counts at least this far from the shares that were planned (Pearson's chi-square, last axis)."""
    counts, shares = np.asarray(counts, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    expected = counts.sum(axis=-1, keepdims=True) * shares / shares.sum(axis=-1, keepdims=True)
    return special.chdtrc(counts.shape[-1] - 1.0, ((counts - expected) ** 2 / expected).sum(axis=-1))
