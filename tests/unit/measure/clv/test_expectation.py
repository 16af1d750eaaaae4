"""Purchases while alive: equal to fifty digits' worth of the closed form wherever anybody's parameters may lie."""

from pathlib import Path

import mpmath
import numpy as np
import pytest

from fanwheel.measure import clv
from fanwheel.measure.clv import expectation

TABLE = np.loadtxt(Path(__file__).with_name("expectation.txt"))


def exactly(a: float, b: float, shape: float, reach: float) -> float:
    """The textbook form, with digits enough to lose some."""
    with mpmath.workdps(50):
        x, y, s, u = (mpmath.mpf(repr(v)) for v in (a, b, shape, reach))
        level, z = x + y - 1, u / (1 + u)
        return float(level / (x - 1) * (1 - (1 - z) ** s * mpmath.hyp2f1(s, y, level, z)))


def test_it_equals_the_table_of_fifty_digits() -> None:
    a, b, shape, reach, exact = TABLE.T

    values = expectation.purchases_while_alive(a, b, shape, reach)

    assert len(TABLE) >= 400
    assert np.abs(values / exact - 1).max() < 1e-10


@pytest.mark.parametrize("row", range(0, 500, 25))
def test_the_table_is_what_fifty_digits_give(row: int) -> None:
    *point, exact = TABLE[row].tolist()

    assert exactly(*point) == pytest.approx(exact, rel=1e-13)


def test_closed_form_and_integral_agree_where_the_closed_form_is_trusted() -> None:
    rng = np.random.default_rng(4)
    a, b, shape, reach = (
        10 ** rng.uniform(low, high, 20_000) for low, high in ((-3, 1.3), (-2, 2.4), (-2, 2), (-4, 1.3))
    )
    tame = (a + b > 1.1) & (np.abs(a - 1) > 1e-3)
    point = [column[tame] for column in (a, b, shape, reach)]

    closed, trusted = expectation._closed_form(*point)
    integral = expectation._integrals(*point)

    assert trusted.mean() > 0.1
    assert np.abs(closed[trusted] / integral[trusted] - 1).max() < 1e-10


@pytest.mark.parametrize("a", [1.0, 1 - 1e-12, 1 + 1e-12])
def test_a_of_one_is_no_special_case(a: float) -> None:
    # At a = 1, b = 1: ∫ (1 - 1/(1 + p u)) / p dp = log(1 + u) for shape 1.
    values = expectation.purchases_while_alive(a, 1.0, 1.0, np.array([0.1, 3.0, 500.0]))

    assert values == pytest.approx(np.log1p([0.1, 3.0, 500.0]), rel=1e-10)


def test_without_dropout_people_just_keep_buying() -> None:
    # Nobody leaves as a → 0: shape · reach purchases.
    assert expectation.purchases_while_alive(1e-9, 5.0, 3.0, 7.0) == pytest.approx([21.0], rel=1e-7)


def test_no_time_means_no_purchases() -> None:
    assert expectation.purchases_while_alive(0.8, 2.5, 0.25, 0.0).tolist() == [0.0]


def test_a_simulation_of_people_agrees() -> None:
    model = clv.BgNbd(r=1.5, alpha=10.0, a=0.9, b=2.0)
    rng = np.random.default_rng(5)
    rate, leave = rng.gamma(1.5, 1 / 10, 200_000), rng.beta(0.9, 2.0, 200_000)

    # Purchases until death are geometric; those within the horizon Poisson; the lesser of the two happens.
    bought = np.minimum(rng.poisson(rate * 30), rng.geometric(leave))

    error = bought.std() / np.sqrt(len(bought))
    assert abs(model.expected_from_newcomer(30) - bought.mean()) < 4 * error
