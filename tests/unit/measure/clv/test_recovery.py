"""Where the truth is known, fits find it, and are as sure as they say."""

import numpy as np
import pytest

from fanwheel.measure import clv
from fanwheel.measure.frames import Vector


def bg_nbd_people(count: int, *, seed: int, age: float = 60.0, slow: Vector | float = 0.0) -> dict[str, Vector]:
    """People who buy and leave as BG/NBD (r .8, alpha 6, a .9, b 2.5) says; ``slow`` lowers their rates."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.8, 1 / 6, count) * np.exp(-np.asarray(slow))
    leave, last, x = rng.beta(0.9, 2.5, count), np.zeros(count), np.zeros(count)
    active = np.ones(count, dtype=bool)
    while active.any():
        at = last + rng.exponential(1 / rate)
        active &= at <= age
        last, x = np.where(active, at, last), x + active
        active &= rng.random(count) > leave
    return {"frequency": x, "recency": last, "age": np.full(count, age)}


def pareto_people(count: int, *, seed: int, fickle: Vector | float = 0.0) -> dict[str, Vector]:
    """People who buy and leave as Pareto/NBD (r .9, alpha 8, s .8, beta 15) says; ``fickle`` raises leaving rates."""
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(0.9, 1 / 8, count), rng.gamma(0.8, 1 / 15, count) * np.exp(np.asarray(fickle))
    age = rng.integers(20, 80, count).astype(float)
    seen = np.minimum(rng.exponential(1 / leave), age)
    x = rng.poisson(rate * seen).astype(float)
    # The last of x uniform moments in (0, seen).
    last = np.where(x > 0, seen * rng.random(count) ** (1 / np.maximum(x, 1)), 0)
    return {"frequency": x, "recency": last, "age": age}


def misses(model: clv.Fitted, truth: dict[str, float]) -> list[float]:
    """How many standard errors each estimate is from the truth."""
    errors = dict(zip(model.parameters(), model.standard_errors, strict=True))
    return [(model.parameters()[name] - value) / (errors[name] or np.nan) for name, value in truth.items()]


def test_bg_nbd_intervals_cover_the_truth_as_often_as_they_should() -> None:
    truth = {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 2.5}

    # On the log scale, on which the likelihood of positive parameters is nearly normal.
    covered = []
    for seed in range(200):
        model = clv.fit_bg_nbd(bg_nbd_people(1500, seed=seed))
        for name, value, error in zip(truth, model.parameters().values(), model.standard_errors, strict=True):
            assert error is not None
            covered.append(abs(np.log(value / truth[name])) < 1.96 * error / value)

    assert 0.92 <= np.mean(covered) <= 0.98


def test_bg_nbd_finds_an_effect_of_a_covariate() -> None:
    z = np.random.default_rng(1).integers(0, 2, 20_000).astype(float)
    data = bg_nbd_people(20_000, seed=2, slow=-0.7 * z) | {"member": z}

    model = clv.fit_bg_nbd(data, covariates=["member"])

    truth = {"r": 0.8, "alpha": 6, "a": 0.9, "b": 2.5, "alpha:member": 0.7, "a:member": 0, "b:member": 0}
    assert np.abs(misses(model, truth)).max() < 3.5
    assert model.to_frame().column("parameter").to_pylist()[4:] == ["alpha:member", "a:member", "b:member"]


def test_pareto_nbd_finds_the_truth_and_an_effect_of_a_covariate() -> None:
    z = np.random.default_rng(3).integers(0, 2, 4000).astype(float)
    data = pareto_people(4000, seed=4, fickle=0.8 * z) | {"discount": z}

    model = clv.fit_pareto_nbd(data, covariates=["discount"])

    truth = {"r": 0.9, "alpha": 8, "s": 0.8, "beta": 15, "alpha:discount": 0, "beta:discount": 0.8}
    assert np.abs(misses(model, truth)).max() < 3.5


def test_covariates_that_say_nothing_new_are_said_to() -> None:
    z = np.random.default_rng(5).normal(size=500)
    data = bg_nbd_people(500, seed=6) | {"z": z, "twice": 2 * z, "same": np.ones(500)}

    double, constant = (clv.fit_bg_nbd(data, covariates=names) for names in (["z", "twice"], ["same"]))

    assert any("“twice” is not identified" in why or "“z” is not" in why for why in double.not_identified)
    assert np.isfinite(double.expected_purchases(data, 10).values).all()
    assert None in constant.standard_errors


def test_covariates_of_nothing_change_no_prediction() -> None:
    data = bg_nbd_people(300, seed=7) | {"z": np.zeros(300)}

    with_it, without = clv.fit_bg_nbd(data, covariates=["z"]), clv.fit_bg_nbd(data)

    expected = without.expected_purchases(data, 20).values
    assert with_it.expected_purchases(data, 20).values == pytest.approx(expected, rel=1e-6)


def test_mbg_nbd_predicts_people_who_may_leave_at_once() -> None:
    rng = np.random.default_rng(8)
    staying = rng.random(20_000) > rng.beta(0.9, 2.5, 20_000)
    past = bg_nbd_people(20_000, seed=9)
    data = {name: np.where(staying, column, 0) if name != "age" else column for name, column in past.items()}

    model = clv.fit_mbg_nbd(data)

    assert model.expected_from_newcomer(60) == pytest.approx(data["frequency"].mean(), rel=0.02)
    assert model.probability_alive(data).values[data["frequency"] == 0].max() < 1


def test_gamma_gamma_finds_the_truth() -> None:
    rng = np.random.default_rng(10)
    x = rng.integers(1, 8, 8000)
    value = rng.gamma(2.5 * x) / (rng.gamma(4, 1 / 20, 8000) * x)

    model = clv.fit_gamma_gamma({"frequency": x, "mean_value": value})

    assert np.abs(misses(model, {"p": 2.5, "q": 4, "gamma": 20})).max() < 3.5
    assert model.mean_value == pytest.approx(2.5 * 20 / 3, rel=0.03)
    assert model.correlation == pytest.approx(0, abs=0.04)
