import sys
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression, Ridge
from tests.unit.measure.uplift.trial import a_trial

from fanwheel.measure import uplift
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

FEATURES = ("age", "spend", "tier")
COLUMNS = {"outcome": "value", "treated": "treated", "features": FEATURES}


@pytest.mark.parametrize("learner", ["t", "x", "dr"])
def test_every_learner_finds_whom_touching_helps(learner: uplift.learners.Learner) -> None:
    data = a_trial(0, chance=0.7)
    fitted = uplift.fit(data, learner=learner, folds=3, **COLUMNS)
    assert np.corrcoef(fitted.effect, data["truth"])[0, 1] > 0.8
    assert fitted.low < data["truth"].mean() < fitted.high
    fresh = a_trial(1)
    assert np.corrcoef(fitted.predict(fresh), fresh["truth"])[0, 1] > 0.85
    assert uplift.qini(fresh | {"score": fitted.predict(fresh)}, score="score").qini_low > 0
    assert fitted.not_identified == ()


@pytest.mark.parametrize("learner", ["t", "x", "dr"])
def test_exact_straight_lines_are_found_exactly(learner: uplift.learners.Learner) -> None:
    data = a_trial(0, 400, noise=0.0)
    fitted = uplift.fit(
        data, outcome="value", treated="treated", features=["age", "spend"], learner=learner, model=LinearRegression()
    )
    assert fitted.effect == pytest.approx(data["truth"], abs=1e-9)
    assert fitted.expected_untreated == pytest.approx(data["spend"], abs=1e-9)
    assert fitted.average == pytest.approx(data["truth"].mean(), abs=1e-9)


def test_intervals_of_the_average_cover_the_truth_as_often_as_they_say() -> None:
    # The mean of 1 - 2 * age over ages from 0 to 1 is 0.
    hits = 0
    for seed in range(200):
        fitted = uplift.fit(
            a_trial(seed, 300, chance=0.6),
            outcome="value",
            treated="treated",
            features=["age", "spend"],
            learner="t",
            folds=2,
            model=LinearRegression(),
            propensity=0.6,
        )
        hits += fitted.low <= 0 <= fitted.high
    assert 0.92 <= hits / 200 <= 0.97


def test_nobody_is_judged_by_a_model_that_saw_the_outcome() -> None:
    data = a_trial(4, 600)
    plain = uplift.fit(data, learner="t", model=Ridge(), **COLUMNS)
    changed = data["value"].copy()
    changed[7] += 1e-9  # too small to move the order of rows or anybody's model
    moved = uplift.fit(data | {"value": changed}, learner="t", model=Ridge(), **COLUMNS)
    assert moved.effect[7] == plain.effect[7]
    assert (moved.effect != plain.effect).sum() > 300


def test_neither_the_order_of_rows_nor_the_dataframe_library_changes_a_bit() -> None:
    data = a_trial(5, 1000)
    plain = uplift.fit(data, folds=2, **COLUMNS)
    order = np.random.default_rng(0).permutation(1000)
    shuffled = uplift.fit(pd.DataFrame(data).iloc[order], folds=2, **COLUMNS)
    assert (shuffled.effect == plain.effect[order]).all()
    assert (shuffled.average, shuffled.low) == (plain.average, plain.low)
    assert type(shuffled.to_frame()) is pd.DataFrame


def test_another_unit_of_the_outcome_scales_the_effect() -> None:
    data = a_trial(6, 500)
    plain = uplift.fit(data, model=LinearRegression(), **COLUMNS)
    scaled = uplift.fit(data | {"value": data["value"] * 100}, model=LinearRegression(), **COLUMNS)
    assert scaled.effect == pytest.approx(plain.effect * 100, rel=1e-9, abs=1e-9)
    assert scaled.high == pytest.approx(plain.high * 100, rel=1e-9)


def test_arms_that_chance_did_not_make_are_reported() -> None:
    data = a_trial(7)
    data["treated"] = (data["age"] + np.random.default_rng(0).normal(0, 0.5, 4000) > 0.5).astype(int)
    fitted = uplift.fit(data, outcome="value", treated="treated", features=["age"], model=LinearRegression())
    assert "“age” differs between the arms" in fitted.not_identified[0]


def test_an_outcome_that_never_changes_has_no_effect() -> None:
    data = a_trial(8, 300)
    fitted = uplift.fit(data | {"value": np.full(300, 3.0)}, folds=2, **COLUMNS)
    assert fitted.effect == pytest.approx(np.zeros(300), abs=1e-12)
    assert fitted.low == pytest.approx(0, abs=1e-12)


def test_a_word_never_seen_is_predicted_as_none_of_those_that_were() -> None:
    fitted = uplift.fit(a_trial(9, 500), model=LinearRegression(), **COLUMNS)
    assert np.isfinite(fitted.predict({"age": [0.1], "spend": [1.0], "tier": ["lost"]})).all()


def test_scores_choice_and_value_work_together() -> None:
    data = a_trial(10)
    fitted = uplift.fit(data, folds=2, **COLUMNS)
    known = {"effect": fitted.effect, "m0": fitted.expected_untreated, "m1": fitted.expected_treated}
    chosen = uplift.choose(known, cost=0.1)
    judged = uplift.policy_value(
        data | known | {"rule": chosen.treat.astype(int)}, treat="rule", expected=("m0", "m1"), cost=0.1
    )
    assert judged.low[3] > 0  # better than everybody
    assert judged.low[4] > 0  # better than nobody
    # The best rule adds the integral of (1 - 2u - 0.1) up to u = 0.45: 0.2025.
    assert judged.low[4] < 0.2025 < judged.high[4] + 0.05


def test_every_answer_has_a_table_and_a_chart() -> None:
    mpl.use("Agg")
    data = a_trial(11, 500) | {"rule": np.arange(500) % 2}
    fitted = uplift.fit(data, model=Ridge(), **COLUMNS)
    answers = (
        fitted,
        uplift.qini(data, score="truth", draws=50),
        uplift.policy_value(data, treat="rule"),
        uplift.sleeping_dogs(data, by="tier"),
        uplift.choose({"effect": fitted.effect}),
    )
    for answer in answers:
        assert answer.plot().get_title() == answer._title()
        assert answer._title() in answer.summary()
        assert answer.to_frame().num_rows > 0


@pytest.mark.parametrize(
    "options",
    [{"features": []}, {"features": "age"}, {"features": ["value"]}, {"learner": "s"}, {"folds": 1}, {"propensity": 2}],
)
def test_a_bad_option_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadDataError):
        uplift.fit(a_trial(0, 300), **{**COLUMNS, **options})


def test_a_missing_word_is_named() -> None:
    data = a_trial(0, 300)
    data["tier"] = np.array([None, *data["tier"][1:]], dtype=object)
    with pytest.raises(BadDataError, match=r"“tier” is missing in 1 rows \(rows 0\)"):
        uplift.fit(data, **COLUMNS)


def test_too_few_people_are_told_how_many_would_do() -> None:
    with pytest.raises(NotEnoughDataError, match="Each arm needs 50 people"):
        uplift.fit(a_trial(0, 60), **COLUMNS)


def test_without_scikit_learn_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(uplift.MissingLibraryError, match=r"pip install 'fanwheel\[uplift\]'"):
        uplift.fit(a_trial(0, 300), **COLUMNS)
