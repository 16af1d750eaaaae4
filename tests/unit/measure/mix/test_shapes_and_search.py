from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize
from tests.unit.measure.mix import worlds

from fanwheel.measure.mix import search, shapes, tables

CHANNELS = ("search", "video")


def a_problem(seed: int = 0, **tests: tuple[str, ...]) -> search.Problem:
    world = worlds.market(seed)
    weeks = tables.read_weeks(
        world.rows, columns=("week", "revenue"), channels=CHANNELS, controls=("demand",), harmonics=2
    )
    unit = float(weeks.outcome.std())
    found = tables.read_tests(worlds.lift_tests(world, tests.get("tested", ()), seed=1), channels=CHANNELS, weeks=weeks)
    scaled = [replace(test, lift=test.lift / unit, standard_error=test.standard_error / unit) for test in found]
    return search.pose(weeks, scaled, kind="hill", unit=unit)


def test_half_of_what_is_felt_carries_over() -> None:
    # carry 0.5 after nothing: 0.5 * 8 = 4, then 0.5 * 4 = 2, then 0.5 * 2 = 1
    assert shapes.carried(np.array([8.0, 0, 0]), 0.5, start=0).tolist() == [4, 2, 1]
    assert shapes.carried_many(np.array([8.0, 0, 0]), np.array([0.5, 0.0]), start=0).tolist() == [[4, 2, 1], [8, 0, 0]]


def test_steady_spend_is_felt_as_it_is() -> None:
    assert shapes.carried(np.full(5, 3.0), 0.7, start=3.0) == pytest.approx(np.full(5, 3.0), abs=1e-15)


@pytest.mark.parametrize("carry", [0.018, 0.5, 0.95])
def test_carry_over_is_that_of_going_period_by_period(carry: float) -> None:
    spend = np.random.default_rng(0).gamma(1, 1, 203)
    level, slowly = 1.7, []
    for amount in spend:
        level = (1 - carry) * amount + carry * level
        slowly.append(level)
    assert shapes.carried(spend, carry, start=1.7) == pytest.approx(slowly, rel=1e-13)
    assert shapes.carried_many(spend, np.array([carry]), start=1.7)[0] == pytest.approx(slowly, rel=1e-13)


@pytest.mark.parametrize(("kind", "at_scale"), [("hill", 0.5), ("exponential", 1 - 1 / np.e)])
def test_a_channel_nears_its_ceiling_by_the_formula(kind: shapes.Saturation, at_scale: float) -> None:
    assert shapes.saturated(np.array([0.0, 20.0]), 20.0, kind) == pytest.approx([0, at_scale], abs=1e-15)
    half = shapes.half_way(np.array([20.0]), kind)
    assert shapes.saturated(half, 20.0, kind) == pytest.approx([0.5], abs=1e-15)
    step = (shapes.saturated(np.array([30.001]), 20.0, kind) - shapes.saturated(np.array([29.999]), 20.0, kind)) / 0.002
    assert shapes.slope(np.array([30.0]), 20.0, kind) == pytest.approx(step, rel=1e-7)


@pytest.mark.parametrize("kind", ["hill", "exponential"])
@pytest.mark.parametrize("tested", [(), ("search",), CHANNELS])
def test_the_gradient_is_that_of_small_steps(kind: shapes.Saturation, tested: tuple[str, ...]) -> None:
    problem = replace(a_problem(tested=tested), kind=kind)
    where = np.array([[-0.5, 0.2], [0.3, 0.9]])

    def cost(flat: np.ndarray) -> float:
        return search.cost(problem, search.at(problem, flat.reshape(2, 2), 0.1))[0]

    exact = search.cost(problem, search.at(problem, where, 0.1))[1]
    assert exact == pytest.approx(optimize.approx_fprime(where.ravel(), cost, 1e-6), rel=1e-3, abs=1e-3)


def test_no_point_of_a_fine_grid_is_better_than_the_one_found() -> None:
    problem = a_problem(tested=("video",))
    found = search.solve(problem)
    best = search.cost(problem, found)[0]
    grid = [np.array([carry, scale]) for carry in np.linspace(-4, 3, 15) for scale in np.linspace(-3, 3.5, 15)]
    for channel in range(2):
        for shape in grid:
            other = found.shape.copy()
            other[channel] = shape
            assert search.cost(problem, search.at(problem, other, found.noise))[0] >= best - 1e-6


def test_ceilings_are_those_of_non_negative_least_squares_with_the_whole_baseline() -> None:
    problem = a_problem()
    point = search.solve(problem)
    # Brute force: baseline and channels in one bounded problem, the weak prior as rows of its own.
    weak = np.diag(np.sqrt(point.noise) / search.leeway(problem, point.pressure))
    wide = np.block([[problem.basis, point.pressure], [np.zeros((2, problem.basis.shape[1])), weak]])
    floor = np.concatenate([np.full(problem.basis.shape[1], -np.inf), np.zeros(2)])
    known = optimize.lsq_linear(wide, np.append(problem.outcome, [0, 0]), bounds=(floor, np.inf), tol=1e-14)
    assert point.ceiling == pytest.approx(known.x[-2:], rel=1e-6)
