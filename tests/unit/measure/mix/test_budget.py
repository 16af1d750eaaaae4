import lzma
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import optimize
from tests.unit.measure.mix import worlds

from fanwheel.measure import mix
from fanwheel.measure.errors import BadDataError

DATA = Path(__file__).parents[3] / "data" / "pymcmarketing_mmm_roas_data.csv.xz"


def expected(fitted: mix.Mix, spend: np.ndarray) -> float:
    return float((fitted.draws.ceiling * spend / (fitted.draws.scale + spend)).sum(axis=1).mean())


@pytest.fixture(scope="module")
def fitted() -> mix.Mix:
    world = worlds.market(0)
    return mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=worlds.lift_tests(world, ("brand",), seed=0))


def regret(world: worlds.Market, fitted: mix.Mix) -> float:
    """Share of the best possible response that the advised split forgoes, judged by the truth."""
    most = world.spend.max(axis=0)
    advice = mix.split(fitted)

    def spent(price: float) -> np.ndarray:
        # b k / (k + x)^2 = price at the best interior spend
        return np.clip(np.sqrt(world.ceiling * world.half / price) - world.half, 0, most)

    price = optimize.brentq(lambda value: spent(value).sum() - advice.budget, 1e-9, 100, xtol=1e-14)
    return 1 - world.response(advice.spend).sum() / world.response(spent(price)).sum()


def test_tests_bring_the_regret_down_and_rows_alone_are_worse_than_doing_nothing() -> None:
    found = {"rows": [], "two tests": [], "five tests": [], "today": []}
    for seed in range(3):
        world = worlds.market(seed)
        alone = mix.fit(world.rows, channels=worlds.CHANNELS)
        found["rows"].append(regret(world, alone))
        for name, tested in (("two tests", ("brand", "retarget")), ("five tests", worlds.CHANNELS)):
            tests = worlds.lift_tests(world, tested, seed=seed)
            found[name].append(regret(world, mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=tests)))
        best = world.response(np.array([0, 0, 70, 65, 65])).sum()
        found["today"].append(1 - world.response(world.spend.mean(axis=0)).sum() / best)
    mean = {name: float(np.mean(values)) for name, values in found.items()}
    # Measured over 12 markets: 41 %, 6 % and 3 %; today's split forgoes 17 %.
    assert mean["rows"] > mean["today"]
    assert mean["two tests"] < 0.12
    assert mean["five tests"] < 0.05


def test_the_split_is_as_good_as_a_general_optimizer_finds(fitted: mix.Mix) -> None:
    best = mix.split(fitted, budget=150)
    most = fitted.weekly_spend.max(axis=0)
    rival = optimize.minimize(
        lambda spend: -expected(fitted, spend),
        np.full(5, 30.0),
        method="SLSQP",
        bounds=[(0, high) for high in most],
        constraints={"type": "eq", "fun": lambda spend: spend.sum() - 150},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assert best.spend.sum() == pytest.approx(150, abs=1e-9)
    assert expected(fitted, best.spend) >= -rival.fun - 1e-6
    assert best.response.sum() == pytest.approx(expected(fitted, best.spend), rel=1e-12)


def test_the_last_unit_of_money_adds_the_same_wherever_spend_is_free(fitted: mix.Mix) -> None:
    best = mix.split(fitted)
    most = fitted.weekly_spend.max(axis=0)
    inside = (best.spend > 1e-6) & (best.spend < most - 1e-6)
    assert inside.sum() >= 2
    assert np.ptp(best.marginal[inside]) < 1e-6
    assert (best.marginal[best.spend <= 1e-6] <= best.marginal[inside].max() + 1e-9).all()
    assert (best.marginal[best.spend >= most - 1e-6] >= best.marginal[inside].min() - 1e-9).all()


def test_bounds_hold_and_channels_without_a_test_can_stay(fitted: mix.Mix) -> None:
    best = mix.split(fitted, bounds={"video": (50, 60), "search": (10, 10)})
    assert 50 <= best.spend[4] <= 60
    assert best.spend[2] == 10
    held = mix.split(fitted, only_calibrated=True)
    assert held.spend == pytest.approx(held.spend_now, rel=1e-9)  # one tested channel has nobody to give to
    assert "no lift test stands behind" in " ".join(best.not_identified)
    assert "no lift test stands behind" not in " ".join(held.not_identified)


@pytest.mark.parametrize(
    "options",
    [
        {"budget": 1e9},
        {"budget": -1},
        {"budget": float("nan")},
        {"bounds": {"tv": (0, 1)}},
        {"bounds": {"video": (2, 1)}},
    ],
)
def test_an_impossible_budget_is_refused(fitted: mix.Mix, options: dict[str, object]) -> None:
    with pytest.raises(BadDataError):
        mix.split(fitted, **options)  # type: ignore[arg-type]


def test_a_curve_starts_at_nothing_and_passes_through_half_of_the_ceiling(fitted: mix.Mix) -> None:
    curves = mix.respond(fitted, points=3, up_to=2.0)
    video = [row for row, name in enumerate(curves.channel) if name == "video"]
    assert curves.response[video[0]] == curves.low[video[0]] == curves.high[video[0]] == 0
    spend, half = curves.spend[video[2]], fitted.half_way[4]
    assert curves.response[video[2]] == pytest.approx(fitted.ceiling[4] * spend / (half + spend))
    assert [curves.is_seen[row] for row in video] == [True, True, False]
    assert (np.diff(curves.marginal[video]) < 0).all()
    with pytest.raises(BadDataError):
        mix.respond(fitted, points=1)


def test_baseline_and_channels_sum_to_the_outcome(fitted: mix.Mix) -> None:
    parts = mix.weekly(fitted)
    frame = parts.to_frame().to_pandas() if hasattr(parts.to_frame(), "to_pandas") else parts.to_frame()
    assert frame[["baseline", *worlds.CHANNELS]].sum(axis=1).to_numpy() == pytest.approx(parts.outcome, rel=1e-12)
    assert parts.added.sum(axis=0) == pytest.approx(fitted.contribution, rel=1e-12)


def test_every_answer_has_a_table_and_a_chart(fitted: mix.Mix) -> None:
    mpl.use("Agg")
    for answer in (fitted, mix.weekly(fitted), mix.respond(fitted), mix.split(fitted)):
        assert answer.plot().get_title() == answer._title()
        assert answer._title() in answer.summary()
    assert fitted.checks.to_frame().num_rows == 1


def test_with_tests_the_published_market_is_measured_to_its_truth_and_without_it_is_not() -> None:
    with lzma.open(DATA) as file:
        rows = pd.read_csv(file, parse_dates=["date"])
    truth = np.array([(rows.y - rows.y01).sum(), (rows.y - rows.y02).sum()])
    assert truth == pytest.approx([10220.4549, 6707.8787], abs=1e-3)
    half_year = rows.iloc[30:56]
    tests = pd.DataFrame(
        {"channel": ["x1", "x2"], "start": half_year.date.min(), "end": half_year.date.max()}
        | {"lift": [(half_year.y - half_year.y01).sum(), (half_year.y - half_year.y02).sum()]}
    ).assign(standard_error=lambda table: table.lift / 10)
    options = {"channels": ["x1", "x2"], "time": "date", "outcome": "y"}

    alone, tested = mix.fit(rows, **options), mix.fit(rows, lift_tests=tests, **options)

    # Demand `z` moves both x1 and y. Unseen, it doubles x1: +106 %, and +21 % for x2; two tests leave +1 % and +6 %.
    assert (alone.contribution / truth - 1).round(2).tolist() == pytest.approx([1.06, 0.21], abs=0.02)
    assert (tested.contribution / truth - 1).round(2).tolist() == pytest.approx([0.01, 0.06], abs=0.02)
    assert ((tested.low <= truth) & (truth <= tested.high)).all()
    assert tested.roas == pytest.approx([93.388, 171.409], rel=0.07)
    assert type(tested.to_frame()) is pd.DataFrame
