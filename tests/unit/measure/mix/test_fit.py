from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.mix import worlds

from fanwheel.measure import mix
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

WEEK = np.datetime64("2022-01-03") + 7 * np.arange(104)
WINDOW = {"start": ["2024-02-26"], "end": ["2024-04-15"]}  # eight weeks of the market


def numbers(fitted: mix.Mix) -> np.ndarray:
    names = ("spend", "contribution", "low", "high", "roas", "roas_low", "roas_high", "carry", "half_way", "rows_alone")
    return np.concatenate([getattr(fitted, name) for name in names])


def test_intervals_cover_the_truth_of_simulated_markets_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    turn = 2 * np.pi * np.arange(104) / 52.1775
    covered = []
    for _ in range(200):
        spend = rng.gamma(3, 1 / 3, (104, 2))
        shape = zip(rng.uniform(0.05, 0.6, 2), rng.uniform(0.5, 3, 2), rng.uniform(10, 200, 2), spend.T, strict=True)
        added = np.column_stack([top * worlds.pressure(x, carry, half) for carry, half, top, x in shape])
        revenue = 500 + 40 * np.sin(turn) + np.arange(104) + added.sum(axis=1) + rng.normal(0, 20, 104)
        fitted = mix.fit({"week": WEEK, "revenue": revenue, "a": spend[:, 0], "b": spend[:, 1]}, channels=["a", "b"])
        truth = added.sum(axis=0)
        covered += ((fitted.low <= truth) & (truth <= fitted.high)).tolist()
    assert 0.92 <= np.mean(covered) <= 0.97


def test_rows_cannot_outvote_a_test() -> None:
    world = worlds.market(3)
    place = worlds.CHANNELS.index("brand")
    exact = {"channel": ["brand"], **WINDOW, "lift": [50.0], "standard_error": [1e-3]}
    fitted = mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=exact)
    alone = mix.fit(world.rows, channels=worlds.CHANNELS)

    # What the mix says that the channel did in the test's window is what the test found, whatever the rows say.
    spend, window = world.spend[:, place], slice(60, 68)
    off = spend.copy()
    off[window] = 0
    share = [
        mix.shapes.saturated(
            mix.shapes.carried(x, float(fitted.carry[place]), start=spend[:8].mean()), fitted.half_way[place], "hill"
        )[window].sum()
        for x in (spend, off)
    ]
    assert fitted.ceiling[place] * (share[0] - share[1]) == pytest.approx(50, rel=1e-9)
    assert fitted.rows_alone[place] == pytest.approx(alone.contribution[place], rel=1e-12)
    assert alone.contribution[place] > 10 * fitted.contribution[place]


def test_a_test_that_rows_contradict_raises_an_alarm_and_one_that_they_confirm_does_not() -> None:
    world = worlds.market(1)
    tests = worlds.lift_tests(world, ("brand", "video"), seed=0)
    fitted = mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=tests)
    assert dict(zip(fitted.checks.channel, fitted.checks.alarm.tolist(), strict=True)) == {
        "brand": True,
        "video": False,
    }
    assert [alarm.split(":")[0] for alarm in fitted.alarms] == ["brand"]
    assert "alarm: brand: the test found" in fitted.summary()


def test_only_a_tested_channel_is_called_calibrated() -> None:
    world = worlds.market(0)
    fitted = mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=worlds.lift_tests(world, ("social",), seed=0))
    assert dict(zip(fitted.channel, fitted.state, strict=True)) == dict.fromkeys(worlds.CHANNELS, "not proven") | {
        "social": "calibrated"
    }


def test_two_equal_tests_count_as_one_of_half_the_variance() -> None:
    world = worlds.market(5)
    one = {"channel": ["social"], **WINDOW, "lift": [600.0], "standard_error": [40.0]}
    two = {name: values * 2 for name, values in one.items()} | {"standard_error": [40 * 2**0.5] * 2}
    single, double = (mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=tests) for tests in (one, two))
    assert numbers(double) == pytest.approx(numbers(single), rel=1e-6)


def test_a_test_that_found_harm_leaves_the_channel_at_zero_and_says_so() -> None:
    world = worlds.market(2)
    tests = {"channel": ["video"], **WINDOW, "lift": [-900.0], "standard_error": [100.0]}
    fitted = mix.fit(world.rows, channels=worlds.CHANNELS, lift_tests=tests)
    assert fitted.contribution[4] == fitted.high[4] == 0
    assert "video: its test found harm" in " ".join(fitted.not_identified)


def test_a_test_of_half_more_spend_is_read_as_one() -> None:
    world = worlds.market(4)
    place = worlds.CHANNELS.index("search")
    spend, carry, half = world.spend[:, place], world.carry[place], world.half[place]
    more = spend.copy()
    more[60:68] *= 1.5
    gain = worlds.pressure(more, carry, half, start=spend[:8].mean()) - worlds.pressure(spend, carry, half)
    lift = float(world.ceiling[place] * gain[60:68].sum())
    tests = {"channel": ["search"], **WINDOW, "lift": [lift], "standard_error": [lift / 50], "spend_change": [0.5]}
    fitted = mix.fit(world.rows, channels=worlds.CHANNELS, controls=["demand"], lift_tests=tests)
    # It tells the slope at today's spend; what all of the spend adds also hangs on the curve below it.
    assert fitted.low[place] < world.truth[place] < fitted.high[place]
    misread = mix.fit(
        world.rows, channels=worlds.CHANNELS, controls=["demand"], lift_tests=tests | {"spend_change": [-1.0]}
    )
    assert misread.contribution[place] < 0.3 * world.truth[place]


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), money=st.floats(1e-3, 1e6), unit=st.floats(1e-3, 1e6))
def test_neither_the_order_of_rows_nor_a_currency_changes_the_answer(seed: int, money: float, unit: float) -> None:
    world = worlds.market(seed % 7)
    channels = ("brand", "video")
    tests = worlds.lift_tests(world, ("brand",), seed=0)
    plain = mix.fit(world.rows, channels=channels, lift_tests=tests)

    order = np.random.default_rng(seed).permutation(104)
    shuffled = mix.fit(
        {name: column[order] for name, column in world.rows.items()}, channels=channels, lift_tests=tests
    )
    scaled = mix.fit(
        world.rows | {"revenue": world.rows["revenue"] * unit} | {name: world.rows[name] * money for name in channels},
        channels=channels,
        lift_tests=tests | {name: np.array(tests[name]) * unit for name in ("lift", "standard_error")},
    )

    assert (numbers(shuffled) == numbers(plain)).all()
    assert scaled.contribution / unit == pytest.approx(plain.contribution, rel=1e-3)
    assert scaled.high / unit == pytest.approx(plain.high, rel=1e-2)
    assert scaled.half_way / money == pytest.approx(plain.half_way, rel=1e-3)


def test_the_order_of_channels_changes_nothing() -> None:
    world = worlds.market(1)
    forth = mix.fit(world.rows, channels=["search", "social", "video"])
    back = mix.fit(world.rows, channels=["video", "social", "search"])
    assert back.contribution[::-1] == pytest.approx(forth.contribution, rel=1e-3)


def test_the_same_data_give_the_same_bits() -> None:
    world = worlds.market(1)
    assert (
        numbers(mix.fit(world.rows, channels=worlds.CHANNELS)) == numbers(mix.fit(world.rows, channels=worlds.CHANNELS))
    ).all()


@pytest.mark.parametrize("seed", range(25))
def test_strange_data_give_finite_answers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(26, 70))
    kinds = [
        lambda: np.full(rows, float(rng.integers(1, 1000))),
        lambda: np.eye(rows)[int(rng.integers(rows))] * 1e6,
        lambda: rng.pareto(1.1, rows) * 10.0 ** rng.integers(-6, 9),
        lambda: (np.arange(rows) > rows / 2) * 5.0,
        lambda: rng.poisson(0.3, rows) + np.eye(rows)[0],
    ]
    spend = [np.asarray(kinds[pick](), dtype=float) for pick in rng.integers(0, 5, 2)]
    spend[1] = spend[0] * 3 if seed % 5 == 0 else spend[1]
    outcome = [np.zeros(rows), np.full(rows, 7.0), rng.normal(-5, 1, rows), spend[0] * 2, rng.pareto(1, rows)][seed % 5]
    tests = {"channel": ["a"], "start": [WEEK[0]], "end": [WEEK[rows - 1]]}
    tests |= {"lift": [float(rng.normal(0, 100))], "standard_error": [float(rng.exponential(50))]}
    data = {"week": WEEK[:rows], "revenue": outcome, "a": spend[0], "b": spend[1]}
    fitted = mix.fit(data, channels=["a", "b"], lift_tests=tests if seed % 2 else None)
    best = mix.split(fitted)
    assert np.isfinite(numbers(fitted)).all()
    assert np.isfinite([best.gain, best.gain_low, best.gain_high, *best.spend, *best.marginal]).all()
    assert (fitted.low <= fitted.contribution).all()
    assert (fitted.contribution <= fitted.high).all()


def test_steady_spend_is_named_as_not_identified() -> None:
    rng = np.random.default_rng(0)
    data = {"week": WEEK, "revenue": rng.normal(100, 5, 104), "a": np.full(104, 10.0), "b": rng.gamma(3, 1, 104)}
    fitted = mix.fit(data, channels=["a", "b"])
    assert [why.split(":")[0] for why in fitted.not_identified] == ["a"]
    # Its interval says that it may make anything up to the whole outcome, rather than nothing for sure.
    assert fitted.high[0] > 0.5 * data["revenue"].sum()


def test_a_short_history_has_no_season() -> None:
    data = worlds.market(0, periods=40).rows
    assert "shorter than a year" in mix.fit(data, channels=["search"]).not_identified[0]


def bad(**changes: Any) -> dict[str, Any]:
    return {"week": WEEK, "revenue": np.arange(104.0), "a": np.ones(104)} | changes


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (bad(a=np.append(np.ones(103), -1)), "below 0 in 1 rows (rows 103)"),
        (bad(a=np.append(np.ones(103), np.nan)), "missing or not finite in 1 rows (rows 103)"),
        (bad(a=np.zeros(104)), "never spent"),
        (bad(week=np.append(WEEK[:103], WEEK[102])), "there twice in 1 rows (rows 103)"),
        (bad(week=np.append(WEEK[:103], WEEK[103] + 7)), "periods are missing before the row in 1 rows (rows 103)"),
        (bad(week=np.append(WEEK[:103], np.datetime64("NaT"))), "“week” is missing"),
        ({"week": WEEK, "revenue": np.ones(104)}, "no column “a”"),
    ],
)
def test_bad_rows_are_named(data: dict[str, Any], says: str) -> None:
    with pytest.raises(BadDataError) as error:
        mix.fit(data, channels=["a"])
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"channel": ["tv"]}, "not one of the channels"),
        ({"start": ["2024-05-01"]}, "“end” is before “start”"),
        ({"standard_error": [0.0]}, "not positive"),
        ({"start": ["2030-01-01"], "end": ["2030-02-01"]}, "no spend of the channel"),
        ({"spend_change": [0.0]}, "“spend_change” is 0"),
    ],
)
def test_a_bad_lift_test_is_named(changes: dict[str, Any], says: str) -> None:
    tests = {"channel": ["search"], **WINDOW, "lift": [1.0], "standard_error": [1.0]} | changes
    with pytest.raises(BadDataError) as error:
        mix.fit(worlds.market(0).rows, channels=["search"], lift_tests=tests)
    assert says in str(error.value)
    assert "rows 0" in str(error.value)


@pytest.mark.parametrize(
    "options", [{"channels": []}, {"channels": "search"}, {"saturation": "cubic"}, {"harmonics": -1}, {"draws": 3}]
)
def test_a_bad_option_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadDataError):
        mix.fit(worlds.market(0).rows, **{"channels": ["search"], **options})


def test_too_short_a_history_says_how_long_would_be_enough() -> None:
    rows = {name: column[:40] for name, column in worlds.market(0).rows.items()}
    with pytest.raises(NotEnoughDataError, match="A mix of 5 channels needs 46 periods; there are 40"):
        mix.fit(rows, channels=worlds.CHANNELS)
