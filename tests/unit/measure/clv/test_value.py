"""The worth of people: discounted purchases times what one brings, by model and by hand."""

import numpy as np
import pytest
from scipy import integrate, special
from tests.unit.measure.clv import real

from fanwheel.measure import clv
from fanwheel.measure.errors import BadDataError

MODEL = clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
PERSON = {"person": ["ann"], "frequency": [2], "recency": [30.43], "age": [38.86], "mean_value": [22.35]}
SPEND = clv.GammaGamma(p=6.25, q=3.74, gamma=15.44)


def test_without_discount_value_is_purchases_times_spend_times_margin() -> None:
    # 1.226028 purchases of 24.663714 each at 40 % margin: 12.0954.
    worth = MODEL.value(PERSON, SPEND, horizon=39, margin=0.4)

    assert worth.values == pytest.approx([12.0954], abs=5e-5)
    assert worth.to_frame().to_pydict() == {"person": ["ann"], "value": worth.values.tolist()}


def test_by_period_value_is_the_sum_over_periods() -> None:
    times = np.arange(0, 53, 13)
    bought = [0.0, *(MODEL.expected_purchases(PERSON, t).total for t in times[1:])]
    by_hand = 24.663714 * (np.diff(bought) * 1.002 ** -times[1:].astype(float)).sum()

    worth = MODEL.value(PERSON, SPEND, horizon=52, discount=0.002, periods=4)

    assert worth.values == pytest.approx([by_hand], rel=1e-7)


@pytest.mark.parametrize("person", [(2, 30.43, 38.86), (0, 0.0, 0.5), (9, 2.0, 38.86)])
@pytest.mark.parametrize("model", [MODEL, clv.ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669)])
def test_continuous_discounting_is_the_limit_of_many_periods(model: clv.BuyingModel, person: tuple[float, ...]) -> None:
    data = dict(zip(("frequency", "recency", "age"), ([v] for v in person), strict=True))

    worth, fine, finer = (
        model.value(data, 1.0, horizon=520, discount=0.002, periods=p).total for p in (None, 2000, 4000)
    )

    # The error of n periods falls as 1/n, so that 2·finer - fine is much closer than either.
    assert worth == pytest.approx(2 * finer - fine, rel=1e-6)


def test_pareto_value_over_a_long_life_is_the_closed_form() -> None:
    # Fader, Hardie & Lee (2005), JMR, eq. 2: DERT = α^r β^s δ^(s-1) Γ(r+x+1) Ψ(s, s; δ(β+T)) / (Γ(r) (α+T)^(r+x+1) L).
    r, alpha, s, beta, x, last, now, rate = 0.553, 10.578, 0.606, 11.669, 7, 35.0, 38.86, 0.0027
    model = clv.ParetoNbd(r=r, alpha=alpha, s=s, beta=beta)
    data = {"frequency": [x], "recency": [last], "age": [now]}
    log_top = (
        r * np.log(alpha) + s * np.log(beta) + (s - 1) * np.log(rate) + special.gammaln(r + x + 1)
        + np.log(special.hyperu(s, s, rate * (beta + now))) - special.gammaln(r) - (r + x + 1) * np.log(alpha + now)
    )  # fmt: skip
    closed = np.exp(log_top - model.log_likelihood_of(data))

    # Beyond 8,000 weeks a purchase counts less than e^-21.
    worth = model.value(data, 1.0, horizon=8000, discount=float(np.expm1(rate)))

    assert worth.total == pytest.approx(closed, rel=1e-6)


def test_bg_bb_value_discounts_by_opportunity() -> None:
    model = clv.fit_bg_bb(real.donations())
    donor = {"frequency": [6], "recency": [6], "age": [6]}
    bought = [0.0, *(model.expected_purchases(donor, t).total for t in (1, 2, 3))]

    worth = model.value(donor, 50.0, horizon=3, discount=0.1)

    assert worth.values == pytest.approx([50 * (np.diff(bought) / 1.1 ** np.arange(1, 4)).sum()], rel=1e-12)


def test_sbg_value_is_the_discounted_sum_of_those_who_stay() -> None:
    model = clv.Sbg(alpha=1, beta=1)

    # S(t) = 1/(1+t): 10 · (1/2/1.1 + 1/3/1.21) = 7.3003; after one renewal S is 2/3, 2/4: 10 · (.6061 + .4132).
    assert model.value(10, horizon=2, discount=0.1) == pytest.approx(7.3003, abs=5e-5)
    assert model.value(10, horizon=2, renewals=1, discount=0.1) == pytest.approx(10.1928, abs=5e-5)


def test_the_chance_to_be_alive_falls_with_silence_and_value_with_it() -> None:
    silence = np.linspace(0, 38, 20)
    data = {"frequency": np.full(20, 5), "recency": 38.86 - silence, "age": np.full(20, 38.86)}

    alive, worth = MODEL.probability_alive(data).values, MODEL.value(data, 10.0, horizon=52).values

    assert (np.diff(alive) < 0).all()
    assert (np.diff(worth) < 0).all()


def test_heavy_tailed_values_fall_back_on_the_observed_mean() -> None:
    model = clv.GammaGamma(p=2.0, q=0.9, gamma=5.0, observed_mean=33.0)

    assert model.expected_value({"frequency": [0], "mean_value": [0]}).values.tolist() == [33.0]


def test_expected_value_integrates_over_the_posterior() -> None:
    # ν given x values of mean m is Gamma(p·x + q, gamma + m·x), and a purchase is worth p/ν on average.
    shape, rate = 6.25 * 2 + 3.74, 15.44 + 22.35 * 2
    density = lambda v: rate**shape * v ** (shape - 1) * np.exp(-rate * v) / special.gamma(shape)  # noqa: E731

    mean = integrate.quad(lambda v: 6.25 / v * density(v), 0, 2)[0]

    assert SPEND.expected_value(PERSON).values == pytest.approx([mean], rel=1e-7)


@pytest.mark.parametrize(
    "wrong", [{"horizon": 0}, {"horizon": -1}, {"discount": -0.1}, {"margin": float("nan")}, {"periods": 0}]
)
def test_impossible_questions_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadDataError):
        MODEL.value(PERSON, SPEND, **({"horizon": 52.0, "discount": 0.01} | wrong))
