"""Each likelihood against its definition as an integral over people, and each gradient against differences."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy import special, stats

from fanwheel.measure import clv
from fanwheel.measure.clv import (
    bg_nbd,
    cohort,
    gamma_gamma,
    grouping,
    leaving_at_any_time,
    opportunities,
    pareto_nbd,
    tails,
)
from fanwheel.measure.clv.beta_geometric import Histories
from fanwheel.measure.clv.covariates import Design
from fanwheel.measure.frames import Vector

PEOPLE = [(0, 0.0, 5.0), (1, 2.0, 5.0), (3, 4.5, 5.0), (7, 6.0, 20.0)]


def gamma_nodes(shape: float, rate: float) -> tuple[Vector, Vector]:
    """Values of a gamma variable and their weights: the trapezoidal rule in its logarithm."""
    logs = np.arange(-50.0, 6.0, 0.1)
    weights = 0.1 * np.exp(shape * logs - np.exp(logs) - special.gammaln(shape))
    return np.exp(logs) / rate, weights


def beta_nodes(a: float, b: float) -> tuple[Vector, Vector]:
    """Values of a beta variable and their weights: Gauss and Jacobi."""
    nodes, weights = special.roots_jacobi(30, b - 1, a - 1)
    return (1 + nodes) / 2, weights / weights.sum()


@pytest.mark.parametrize(("x", "last", "now"), PEOPLE)
@pytest.mark.parametrize("model", [clv.BgNbd, clv.MbgNbd])
def test_beta_geometric_likelihoods_are_means_over_people(
    model: type[clv.BgNbd], x: int, last: float, now: float
) -> None:
    (rate, often), (leave, weight) = gamma_nodes(0.8, 3.0), beta_nodes(1.6, 2.4)
    occasions = x + int(model.first_may_leave)

    alive = (weight * (1 - leave) ** occasions).sum() * (often * rate**x * np.exp(-rate * now)).sum()
    gone = (weight * leave * (1 - leave) ** max(occasions - 1, 0)).sum() * (
        often * rate**x * np.exp(-rate * last)
    ).sum()

    value = model(r=0.8, alpha=3.0, a=1.6, b=2.4).log_likelihood_of({"frequency": [x], "recency": [last], "age": [now]})
    assert value == pytest.approx(np.log(alive + (gone if occasions else 0)), rel=1e-9)


@pytest.mark.parametrize(("x", "last", "now"), PEOPLE)
@pytest.mark.parametrize(("alpha", "beta"), [(3.0, 9.0), (9.0, 3.0)])
def test_pareto_likelihood_is_a_mean_over_people(x: int, last: float, now: float, alpha: float, beta: float) -> None:
    (rate, often), (leave, weight) = gamma_nodes(0.8, alpha), gamma_nodes(0.7, beta)
    rate, both = rate[:, None], rate[:, None] + leave

    given = rate**x / both * (leave * np.exp(-both * last) + rate * np.exp(-both * now))
    brute = float(often @ given @ weight)

    fitted = clv.ParetoNbd(r=0.8, alpha=alpha, s=0.7, beta=beta)
    value = fitted.log_likelihood_of({"frequency": [x], "recency": [last], "age": [now]})
    assert value == pytest.approx(np.log(brute), rel=1e-9)


def test_bg_bb_chances_of_all_histories_sum_to_one() -> None:
    # With x gifts, the last at t of n, there are C(t-1, x-1) strings of gifts.
    n = 7
    histories = [(0, 0)] + [(x, t) for t in range(1, n + 1) for x in range(1, t + 1)]
    model = clv.BgBb(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8)

    chance = [
        np.exp(model.log_likelihood_of({"frequency": [x], "recency": [t], "age": [n]}))
        * (special.comb(t - 1, x - 1) if x else 1)
        for x, t in histories
    ]

    assert sum(chance) == pytest.approx(1, abs=1e-12)


def test_gamma_gamma_expectation_is_a_mean_over_people() -> None:
    model, x, seen = clv.GammaGamma(p=3.0, q=4.0, gamma=10.0), 2, 7.0

    rate, often = gamma_nodes(4.0, 10.0)
    share = often * stats.gamma.pdf(seen, 3.0 * x, scale=1 / (rate * x))

    brute = float((share * 3.0 / rate).sum() / share.sum())

    assert model.expected_value({"frequency": [x], "mean_value": [seen]}).values == pytest.approx([brute], rel=1e-7)


def assert_gradient(objective: object, point: Sequence[float]) -> None:
    _, slopes = objective(np.array(point))  # type: ignore[operator]
    for place, slope in enumerate(slopes):
        step = np.zeros(len(point))
        step[place] = 1e-5 * max(1.0, abs(point[place]))
        above, below = objective(np.array(point) + step)[0], objective(np.array(point) - step)[0]  # type: ignore[operator]
        assert (above - below) / (2 * step[place]) == pytest.approx(slope, rel=2e-6, abs=1e-6)


@pytest.fixture
def people() -> dict[str, Vector]:
    rng = np.random.default_rng(2)
    age = rng.integers(1, 60, 80).astype(float)
    x = np.minimum(rng.poisson(2, 80), age)
    last = np.where(x > 0, np.maximum(np.floor(age * rng.random(80)), x), 0)
    return {"frequency": x, "recency": last, "age": age, "z": rng.normal(size=80), "w": rng.integers(0, 2, 80) * 1.0}


@pytest.mark.parametrize("first", [False, True])
def test_beta_geometric_gradient_is_exact(people: dict[str, Vector], *, first: bool) -> None:
    group = cohort.read(people)
    design = Design.of((), group.covariates, group.count)

    assert_gradient(bg_nbd._objective(Histories.of(group, first=first), design), [0.7, 5.0, 1.3, 2.9])


def test_covariate_gradients_are_exact(people: dict[str, Vector]) -> None:
    group = cohort.read(people, ["z", "w"])
    design = Design.of(("z", "w"), group.covariates, group.count)
    effects = [0.3, -0.2, 0.1, 0.4, -0.5, 0.2]

    assert_gradient(bg_nbd._objective(Histories.of(group, first=False), design), [0.7, 5.0, 1.3, 2.9, *effects])
    histories = leaving_at_any_time.Histories.of(group)
    assert_gradient(pareto_nbd._objective(histories, design), [0.7, 5.0, 0.6, 9.0, *effects[:4]])


def test_pareto_gradient_is_exact(people: dict[str, Vector]) -> None:
    group = cohort.read(people)
    design = Design.of((), group.covariates, group.count)

    assert_gradient(pareto_nbd._objective(leaving_at_any_time.Histories.of(group), design), [0.7, 5.0, 0.6, 9.0])


def test_bg_bb_gradient_is_exact(people: dict[str, Vector]) -> None:
    group = cohort.read({name: people[name] for name in ("frequency", "recency", "age")}, timed=False)
    endings = opportunities.Endings.of(group)

    def objective(point: Vector) -> tuple[float, list[float]]:
        value, slopes = endings.gradients(opportunities.Chances(*point.tolist()))
        return float((group.count * value).sum()), [float((group.count * slope).sum()) for slope in slopes]

    assert_gradient(objective, [1.2, 0.8, 0.7, 2.8])


def test_gamma_gamma_gradient_is_exact(people: dict[str, Vector]) -> None:
    rng = np.random.default_rng(3)
    frequency = grouping.encode(people["frequency"] + 1)

    assert_gradient(gamma_gamma._objective(frequency, rng.gamma(2, 10, 80), np.ones(80)), [2.0, 3.0, 9.0])


@pytest.mark.parametrize(
    "rates", [(0.55, 10.6, 0.6, 11.7), (0.5, 0.01, 0.6, 11.7), (5, 1000, 0.6, 0.117), (100, 1e4, 1e3, 1e5)]
)
def test_shared_grid_and_single_rows_integrate_alike(rates: tuple[float, float, float, float]) -> None:
    # Rows: x purchases between day 0 and a later day of a year, up to 300 of them.
    rng = np.random.default_rng(8)
    x, times = np.array([0.0, 1.0, 5.0, 40.0, 300.0]), np.arange(0.0, 366.0)
    codes = rng.integers(0, 5, 300).astype(np.int32)
    low, high = np.sort(rng.integers(0, 366, (2, 300)), axis=0)
    r, alpha, s, beta = rates
    rows = tails.Decay(alpha, beta, r + x[codes], s + 1)
    fallen = np.exp(rows.log(times[high]) - rows.log(times[low]))

    table = tails.table(tails.Decay(alpha, beta, r + x, s + 1), times, np.full(365, r + 300), rows=10**9)
    assert table is not None
    shared = table.between(codes, low, high, fallen)

    single = tails.by_row(rows, times[low], times[high])
    apart = low < high
    assert np.abs(shared[:, apart] / single[:, apart] - 1).max() < 1e-9
    assert not shared[:, ~apart].any()
