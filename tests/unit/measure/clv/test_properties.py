"""What must not matter does not: the order of rows, who is counted with whom, and the units of time and money."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.clv import real

from fanwheel.measure import clv

FITS: list[Callable[..., clv.BuyingModel]] = [clv.fit_bg_nbd, clv.fit_mbg_nbd, clv.fit_pareto_nbd, clv.fit_bg_bb]


def people(seed: int) -> dict[str, Any]:
    """Sixty histories on whole days, with values."""
    rng = np.random.default_rng(seed)
    age = rng.integers(1, 50, 60)
    last = np.floor(age * rng.random(60)) * (rng.random(60) < 0.7)
    x = np.where(last > 0, 1 + rng.binomial(np.maximum(last - 1, 0).astype(int), 0.2), 0)
    return {"frequency": x, "recency": last, "age": age, "mean_value": rng.gamma(3, 10, 60).round(2)}


@pytest.mark.parametrize("fit", [*FITS, clv.fit_gamma_gamma])
@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_rows_changes_no_bit(fit: Callable[..., clv.Fitted], seed: int) -> None:
    data = people(seed)
    order = np.random.default_rng(seed).permutation(60)

    model, shuffled = fit(data), fit({name: column[order] for name, column in data.items()})

    assert model.parameters() == shuffled.parameters()
    assert (model.log_likelihood, model.standard_errors) == (shuffled.log_likelihood, shuffled.standard_errors)


@pytest.mark.parametrize("fit", [*FITS, clv.fit_gamma_gamma])
@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_counting_equal_rows_once_changes_no_bit(fit: Callable[..., clv.Fitted], seed: int) -> None:
    data = people(seed)
    times = np.random.default_rng(seed).integers(1, 4, 60)

    merged = fit({**data, "people": times})
    apart = fit({name: np.repeat(column, times) for name, column in data.items()})

    assert merged.parameters() == apart.parameters()
    assert (merged.log_likelihood, merged.standard_errors) == (apart.log_likelihood, apart.standard_errors)


@pytest.mark.parametrize("fit", FITS[:3])
def test_predictions_follow_the_rows(fit: Callable[..., clv.BuyingModel]) -> None:
    data = people(1)
    order = np.random.default_rng(1).permutation(60)

    model = fit(data)

    shuffled = {name: column[order] for name, column in data.items()}
    assert np.array_equal(model.expected_purchases(data, 9).values[order], model.expected_purchases(shuffled, 9).values)


@pytest.mark.parametrize("fit", FITS[:3])
@pytest.mark.parametrize("scale", [1 / 7, 86_400.0])
def test_the_unit_of_time_changes_nothing_but_the_unit(fit: Callable[..., clv.BuyingModel], scale: float) -> None:
    days = real.cdnow()
    other = {"frequency": days.frequency, "recency": days.recency * scale, "age": days.age * scale}

    model, scaled = fit(days), fit(other)

    expected = model.expected_purchases(days, 39).values
    assert scaled.expected_purchases(other, 39 * scale).values == pytest.approx(expected, rel=1e-5)
    assert scaled.probability_alive(other).values == pytest.approx(model.probability_alive(days).values, rel=1e-5)
    rates = {"alpha", "beta"}
    for name, value in model.parameters().items():
        assert scaled.parameters()[name] == pytest.approx(value * (scale if name in rates else 1), rel=1e-5)
    # The density of x moments changes by the unit to the power of x, and by nothing else.
    assert model.log_likelihood is not None
    assert scaled.log_likelihood == pytest.approx(model.log_likelihood - days.frequency.sum() * np.log(scale), abs=1e-5)


def test_the_currency_changes_nothing_but_the_currency() -> None:
    data = people(3)
    yen = data | {"mean_value": data["mean_value"] * 160}

    model, other = clv.fit_gamma_gamma(data), clv.fit_gamma_gamma(yen)

    assert (other.p, other.q) == pytest.approx((model.p, model.q), rel=1e-5)
    assert other.expected_value(yen).values == pytest.approx(160 * model.expected_value(data).values, rel=1e-6)


def test_a_second_fit_is_the_first_to_the_bit() -> None:
    models = [clv.fit_pareto_nbd(real.cdnow()) for _ in range(2)]

    assert models[0].parameters() == models[1].parameters()


def test_orders_in_any_order_give_one_summary() -> None:
    orders = real.cdnow_orders()
    shuffled = orders.sample(frac=1, random_state=1)

    one, other = (clv.summarize(log, until="1997-09-30") for log in (orders, shuffled))

    for name in ("person", "frequency", "recency", "age", "mean_value"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
