"""What others printed from the same data: papers, their spreadsheets and the tests of their packages."""

import lzma
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from tests.unit.measure.clv import real

from fanwheel.measure import clv

PAPER = clv.BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)


def a_history(frequency: float, recency: float, age: float) -> dict[str, list[float]]:
    return {"frequency": [frequency], "recency": [recency], "age": [age]}


def test_bg_nbd_of_cdnow_is_as_published() -> None:
    # Fader, Hardie & Lee (2005): .243 4.414 .793 2.426, -9582.4; CLVTools: .2425945 4.4136019 .7929199 2.4258881.
    model = clv.fit_bg_nbd(real.cdnow())

    assert [round(v, 6) for v in (model.r, model.a)] == pytest.approx([0.242594, 0.792922], abs=1.5e-6)
    assert [round(v, 6) for v in (model.alpha, model.b)] == pytest.approx([4.413602, 2.425907], abs=1.5e-6)
    assert model.log_likelihood == pytest.approx(-9582.4292, abs=5e-5)
    assert [round(e or 0, 5) for e in model.standard_errors] == [0.01256, 0.37822, 0.18573, 0.70541]
    assert model.not_identified == ()


def test_bg_nbd_of_cdnow_sees_the_published_future() -> None:
    model = clv.fit_bg_nbd(real.cdnow())

    assert model.expected_purchases(real.cdnow(), 39).total == pytest.approx(1653.4087, abs=5e-5)
    assert model.probability_alive(real.cdnow()).mean == pytest.approx(0.813440, abs=5e-7)


def test_pareto_nbd_of_cdnow_is_as_published() -> None:
    # Schmittlein et al.'s model in Fader & Hardie (2005): .553 10.578 .606 11.669, -9595.0. CLVTools' standard errors
    # belong to its parameters, which lie a little off the maximum.
    model = clv.fit_pareto_nbd(real.cdnow())

    printed = clv.ParetoNbd(r=0.55328, alpha=10.57766, s=0.60625, beta=11.66917).log_likelihood_of(real.cdnow())
    assert model.log_likelihood == pytest.approx(-9594.9762, abs=5e-5)
    assert model.log_likelihood is not None
    assert 0 <= model.log_likelihood - printed < 1e-6
    estimates = [model.r, model.alpha, model.s, model.beta]
    assert [round(v, 3) for v in estimates] == [0.553, 10.578, 0.606, 11.669]
    assert estimates == pytest.approx([0.55328, 10.57766, 0.60625, 11.66917], rel=5e-5)
    assert model.standard_errors == pytest.approx([0.0476264, 0.8427222, 0.1872594, 6.2105448], rel=2e-4)


def test_gamma_gamma_of_cdnow_is_as_published() -> None:
    # Values exact: CLVTools' -4055.9177. Values to the cent, as the published file has them: -4055.9232.
    exact = real.cdnow()
    cents = {"frequency": exact.frequency, "mean_value": np.floor(exact.mean_value * 100 + 0.5 + 1e-7) / 100}

    model, rounded = clv.fit_gamma_gamma(exact), clv.fit_gamma_gamma(cents)

    assert model.people == 946
    assert model.log_likelihood == pytest.approx(-4055.9177, abs=5e-5)
    assert [round(v, 2) for v in (model.p, model.q, model.gamma)] == [6.25, 3.74, 15.44]
    assert rounded.log_likelihood == pytest.approx(-4055.9232, abs=5e-5)
    assert [round(v, 5) for v in (rounded.p, rounded.q, rounded.gamma)] == [6.24880, 3.74459, 15.44775]


def test_gamma_gamma_pulls_people_toward_the_mean_as_published() -> None:
    model = clv.GammaGamma(p=6.25, q=3.74, gamma=15.44)

    expected = model.expected_value({"frequency": [2, 7, 1, 0], "mean_value": [22.35, 73.74, 11.77, 0]}).values

    assert expected == pytest.approx([24.663714, 71.469671, 18.916852, 35.218978], abs=5e-7)
    assert model.mean_value == pytest.approx(35.219, abs=5e-4)


def test_bg_bb_of_the_donors_is_as_published() -> None:
    model = clv.fit_bg_bb(real.donations())

    estimates = [round(v, 6) for v in (model.alpha, model.beta, model.gamma, model.delta)]
    assert estimates == pytest.approx([1.203522, 0.749716, 0.656718, 2.783443], abs=1.5e-6)
    assert model.log_likelihood == pytest.approx(-33225.5813, abs=5e-5)
    assert model.expected_purchases(real.donations(), 5).total == pytest.approx(12884.2, abs=0.05)


@pytest.mark.parametrize(("gifts", "people"), [(0, 3454.9), (6, 1253.1)])
def test_bg_bb_expects_the_published_number_of_donors(gifts: int, people: float) -> None:
    model = clv.fit_bg_bb(real.donations())
    lasts = [0] if gifts == 0 else range(gifts, 7)

    chance = sum(np.exp(model.log_likelihood_of(a_history(gifts, last, 6))) for last in lasts)

    assert 11104 * chance == pytest.approx(people, abs=0.05)


@pytest.mark.parametrize(
    ("active", "alpha", "beta", "log_likelihood", "after_twelve"),
    [
        ([1000, 631, 468, 382, 326, 289, 262, 241], 0.7041, 1.1820, -1680.2652, 0.1700),
        ([1000, 869, 743, 653, 593, 551, 517, 491], 0.6681, 3.8061, -1611.1581, 0.3780),
    ],
    ids=["regular", "high-end"],
)
def test_sbg_is_as_published(
    active: list[int], alpha: float, beta: float, log_likelihood: float, after_twelve: float
) -> None:
    model = clv.fit_sbg({"period": range(8), "active": active})

    assert (round(model.alpha, 4), round(model.beta, 4)) == (alpha, beta)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=5e-5)
    assert round(float(model.curve(12).survival[12]), 4) == after_twelve


@pytest.mark.parametrize(
    ("frequency", "recency", "purchases", "alive"),
    [
        (2, 30.43, 1.226028, 0.726579),
        (0, 0, 0.195098, 1),
        (1, 1.71, 0.203187, 0.212101),
        (1, 30.43, 0.670894, None),
        (4, 20, 1.168922, 0.376240),
        (4, 38, 2.680305, None),
        (10, 38, 6.705875, None),
        (26, 30.86, 2.549963, 0.139338),
    ],
)
def test_bg_nbd_predicts_as_the_note_does(
    frequency: int, recency: float, purchases: float, alive: float | None
) -> None:
    person = a_history(frequency, recency, 38.86)

    assert PAPER.expected_purchases(person, 39).values == pytest.approx([purchases], abs=5e-7)
    if alive is not None:
        assert PAPER.probability_alive(person).values == pytest.approx([alive], abs=5e-7)


def test_bg_nbd_expects_of_newcomers_what_the_spreadsheet_does() -> None:
    model = clv.fit_bg_nbd(real.cdnow())

    expected = [model.expected_from_newcomer(t) for t in (0.1429, 1, 3, 31.8571, 32, 78)]

    # The spreadsheet stops at 1.8576 for 78 weeks, with parameters of three decimals fewer.
    assert expected == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=5e-4)


@pytest.mark.parametrize(
    ("parameters", "person", "horizon", "purchases"),
    [
        ((0.11, 2.24, 0.31, 0.5), (0, 0, 1), 30, 0.564588615533),  # NaN elsewhere (lifetimes issue 302)
        ((5, 6, 0.1, 4), (2225, 728, 730), 90, 265.937555925),
        ((5, 10, 0.3, 8), (515, 360, 365), 365, 279.899334953),
        ((0.25, 4, 0.8, 2.5), (200, 38, 40), 39, 3.01032168278),
    ],
)
def test_bg_nbd_predicts_extremes_to_the_digits_printed(
    parameters: tuple[float, ...], person: tuple[float, ...], horizon: float, purchases: float
) -> None:
    model = clv.BgNbd(**dict(zip(("r", "alpha", "a", "b"), parameters, strict=True)))

    assert model.expected_purchases(a_history(*person), horizon).values == pytest.approx([purchases], rel=2e-12)


@pytest.mark.parametrize(
    ("person", "log_likelihood"), [((0, 0, 40), -0.59947382), ((200, 38, 40), 100.7957)], ids=["never", "often"]
)
def test_bg_nbd_likelihood_is_as_published(person: tuple[float, ...], log_likelihood: float) -> None:
    model = clv.BgNbd(r=0.25, alpha=4, a=0.8, b=2.5)

    assert model.log_likelihood_of(a_history(*person)) == pytest.approx(log_likelihood, rel=1e-7)


def test_complete_journey_is_as_measured() -> None:
    result = clv.evaluate(real.complete_journey(), "2017-10-01", until="2017-12-31")

    model = result.model
    assert isinstance(model, clv.BgNbd)
    assert [round(v, 5) for v in (model.r, model.alpha, model.a, model.b)] == [1.40502, 9.55779, 0.01812, 12.32513]
    assert model.log_likelihood == pytest.approx(-242305.194, abs=5e-4)
    assert (round(result.predicted_total), result.actual_total) == (31888, 31622)
    assert result.correlation == pytest.approx(0.837, abs=5e-4)
    assert result.error == pytest.approx(0.008, abs=5e-4)


def test_summary_of_cdnow_is_that_of_the_published_file() -> None:
    text = lzma.decompress((real.DATA / "cdnow_summary.csv.xz").read_bytes()).decode()
    published = pd.read_csv(StringIO(text))

    summary = real.cdnow()

    assert np.array_equal(summary.frequency, published["frequency"])
    assert np.abs(summary.recency - published["recency"]).max() < 0.0051
    assert np.abs(summary.age - published["T"]).max() < 0.0051
