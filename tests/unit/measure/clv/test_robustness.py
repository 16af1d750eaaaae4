"""Nothing raises, warns or is undefined: on random small data, at any cut date, at any edge of the parameters."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from tests.unit.measure.clv import real

from fanwheel.measure import clv

TIMED: dict[str, Callable[..., clv.BuyingModel]] = {
    "bg_nbd": clv.fit_bg_nbd,
    "mbg_nbd": clv.fit_mbg_nbd,
    "pareto_nbd": clv.fit_pareto_nbd,
}


SIZES = (1, 2, 3, 5, 10, 30)


def small_data_sets(rng: np.random.Generator, times: int) -> Iterator[dict[str, Any]]:
    """So many times each size, each way of buying, on whole days and not."""
    both = (False, True)
    for _, people, kind, aged, last in itertools.product(range(times), SIZES, range(6), both, both):
        yield a_small_data_set(rng, people, kind, whole=(aged, last))


def a_small_data_set(rng: np.random.Generator, people: int, kind: int, *, whole: tuple[bool, bool]) -> dict[str, Any]:
    """Some people of some age who bought never, alike, often, at once, lately or at random; on whole days or not."""
    span = float(10 ** rng.uniform(-1, 3.3))
    age = rng.uniform(0, span, people)
    if whole[0]:
        age = np.ceil(age)
    x = {
        0: np.zeros(people),
        1: np.full(people, float(rng.integers(0, 5))),
        2: rng.integers(0, 500, people).astype(float),
    }.get(kind, rng.poisson(10 ** rng.uniform(-2, 2) * age / span * rng.gamma(1, 1, people)).astype(float))
    last = age * {3: 1.0, 4: 1e-3}.get(kind, rng.beta(2, 1, people))
    if whole[1]:
        last = np.floor(last)
    return {"frequency": x, "recency": np.where(x > 0, last, 0.0), "age": age, "mean_value": rng.gamma(2, 10, people)}


def assert_sound(model: clv.Fitted) -> None:
    assert np.isfinite(list(model.parameters().values())).all()
    assert model.log_likelihood is not None
    assert np.isfinite(model.log_likelihood)
    assert all(error is None or np.isfinite(error) for error in model.standard_errors)
    # What has no standard error is explained, and the other way round.
    unknown = [why for why in model.not_identified if not why.startswith("mean value of people who have not")]
    assert (None in model.standard_errors) == bool(unknown)


def assert_sane(model: clv.BuyingModel, data: Any, horizon: float = 30.0) -> None:
    assert_sound(model)
    expected, alive = model.expected_purchases(data, horizon).values, model.probability_alive(data).values
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    assert ((alive >= 0) & (alive <= 1)).all()


@pytest.mark.parametrize("name", TIMED)
def test_small_data_sets_of_every_kind_are_answered(name: str) -> None:
    rng = np.random.default_rng([11, len(name)])
    for data in small_data_sets(rng, 2):
        assert_sane(TIMED[name](data), data)


@pytest.mark.parametrize("name", TIMED)
def test_the_weak_prior_identifies_whatever_the_data_are(name: str) -> None:
    rng = np.random.default_rng(12)
    silent = 0
    for data in small_data_sets(rng, 1):
        model = TIMED[name](data, prior="weak")
        assert_sane(model, data)
        silent += any("heterogeneity" in why for why in model.not_identified)
    assert silent == 0


def test_small_sets_of_values_of_every_kind_are_answered() -> None:
    rng = np.random.default_rng(13)
    spreads = (0.0, 1e-9, 0.01, 0.5, 3.0)
    for people, digits, spread, often in itertools.product(SIZES, (1, 2, 3), spreads, (0, 1, 1)):
        x = rng.integers(1, 10**digits, people).astype(float)
        value = np.exp(rng.normal(0, spread, people)) * 10 ** rng.uniform(-3, 6)
        data = {"frequency": x * often + 1, "mean_value": value}
        model = clv.fit_gamma_gamma(data)
        assert_sound(model)
        known = model.expected_value(data | {"frequency": x * rng.integers(0, 2, people)}).values
        assert np.isfinite(known).all()
        assert (known >= 0).all()


def test_small_sets_of_opportunities_of_every_kind_are_answered() -> None:
    rng = np.random.default_rng(14)
    shapes = (0.2, 1.0, 5.0)
    for people, most, same, a, b in itertools.product(SIZES, (1, 2, 6, 40), (False, True), shapes, shapes):
        age = np.full(people, most) if same else rng.integers(0, most + 1, people)
        last = np.floor(age * rng.beta(a, b, people) + 0.5)
        x = np.where(last > 0, 1 + rng.binomial(np.maximum(last - 1, 0).astype(int), rng.random()), 0)
        data = {"frequency": x, "recency": last, "age": age}
        assert_sane(clv.fit_bg_bb(data), data, horizon=5)


def test_small_retention_curves_of_every_length_are_answered() -> None:
    rng = np.random.default_rng(15)
    for periods, _ in itertools.product(range(1, 12), range(40)):
        people = int(10 ** rng.uniform(0, 3))
        left = [people]
        for _ in range(periods):
            left.append(int(rng.binomial(left[-1], rng.choice([0.0, 0.3, 0.9, 1.0]))))
        model = clv.fit_sbg({"period": range(periods + 1), "active": left})
        assert_sound(model)
        survival = model.curve(50).survival
        assert np.isfinite(survival).all()
        assert (np.diff(survival) <= 0).all()


@pytest.mark.parametrize("name", TIMED)
def test_cdnow_is_answered_at_any_cut_date(name: str) -> None:
    orders = real.cdnow_orders()
    for day in (1, 2, 3, 9, 30, 60, 85, 120, 181, 300, 420, 546):
        data = clv.summarize(orders, until=f"{np.datetime64('1996-12-31') + day}")
        assert_sane(TIMED[name](data), data)
        if (data.frequency * data.mean_value).any():
            assert_sound(clv.fit_gamma_gamma(data))


@pytest.mark.parametrize("name", TIMED)
def test_complete_journey_is_answered_at_any_cut_date(name: str) -> None:
    for until in ("2017-01-01", "2017-01-03", "2017-01-20", "2017-03-15", "2017-06-30", "2017-12-31"):
        data = clv.summarize(real.complete_journey(), until=until)
        assert_sane(TIMED[name](data), data)
        if (data.frequency * data.mean_value).any():
            assert_sound(clv.fit_gamma_gamma(data))


def test_people_who_never_leave_are_said_to_be_no_news_of_leaving() -> None:
    # Steady buyers, seen until their last day: a and b could be any pair with a mean of almost 0.
    rng = np.random.default_rng(16)
    age = np.full(300, 100.0)
    x = rng.poisson(rng.gamma(5, 4, 300)) + 1.0
    data = {"frequency": x, "recency": age, "age": age}

    model = clv.fit_bg_nbd(data)

    assert any(why.startswith("dropout not identified") for why in model.not_identified)
    assert any("fit_mbg_nbd or prior='weak'" in why for why in model.not_identified)
    assert model.standard_errors[2:] == (None, None)
    assert None not in model.standard_errors[:2]
    assert model.expected_purchases(data, 100).total == pytest.approx(x.sum(), rel=0.05)


def test_people_who_leave_with_one_chance_leave_dropout_heterogeneity_unidentified() -> None:
    rng = np.random.default_rng(17)
    rate, age = rng.gamma(4, 0.1, 3000), np.full(3000, 60.0)
    last, x, active = np.zeros(3000), np.zeros(3000), np.ones(3000, dtype=bool)
    while active.any():
        at = last + rng.exponential(1 / rate)
        active &= at <= age
        last, x = np.where(active, at, last), x + active
        active &= rng.random(3000) > 0.2
    data = {"frequency": x, "recency": last, "age": age}

    model = clv.fit_bg_nbd(data)

    assert any(why.startswith("dropout heterogeneity not identified") for why in model.not_identified)
    assert model.a / (model.a + model.b) == pytest.approx(0.2, abs=0.02)
    weak = clv.fit_bg_nbd(data, prior="weak")
    assert weak.not_identified == ()
    assert weak.prior.startswith("weak")
    assert weak.expected_purchases(data, 30).total == pytest.approx(model.expected_purchases(data, 30).total, rel=0.1)
