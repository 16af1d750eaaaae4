import numpy as np
import pytest
from tests.unit.measure.uplift.trial import a_trial

from fanwheel.measure import uplift
from fanwheel.measure.errors import BadDataError, NotEnoughDataError


def test_the_segment_that_touching_harms_is_named_and_no_other() -> None:
    data = a_trial(0)
    found = uplift.sleeping_dogs(data, by="tier")
    named = dict(zip(found.group, found.is_sleeping_dog.tolist(), strict=True))
    assert named == {"new": False, "known": False, "old": True}
    assert (found.rows == (data["tier"] == "old")).all()
    # Ages 2/3 to 1: the mean of 1 - 2 * age is 1 - 2 * 5/6 = -2/3.
    assert found.low[found.group.index("old")] < -2 / 3 < found.high[found.group.index("old")]


def test_scores_are_cut_into_groups_of_equal_size() -> None:
    data = a_trial(0, 20_000)
    found = uplift.sleeping_dogs(data, score="truth", groups=4)
    assert found.people.tolist() == [5000] * 4
    assert found.is_sleeping_dog.tolist() == [True, True, False, False]
    assert (data["truth"][found.rows] < 0.1).all()
    assert (np.diff(found.effect) > 0).all()


def test_the_effect_and_its_interval_by_hand() -> None:
    # 30 treated of 1 and 3 in turn: mean 2, variance 30/29; 30 controls of 0: mean 0, variance 0.
    data = {"tier": ["a"] * 60, "treated": [1] * 30 + [0] * 30, "value": [1, 3] * 15 + [0] * 30}
    found = uplift.sleeping_dogs(data, by="tier")
    assert found.effect[0] == pytest.approx(2)
    assert found.high[0] - 2 == pytest.approx(1.959964 * (30 / 29 / 30) ** 0.5, rel=1e-6)


def test_the_bounds_of_all_groups_hold_at_once_as_often_as_they_say() -> None:
    truth = np.array([-0.75, -0.25, 0.25, 0.75])  # means of 1 - 2 * age by quarters of age, the oldest first
    held = 0
    for seed in range(400):
        found = uplift.sleeping_dogs(a_trial(seed, 1000), score="truth", groups=4)
        held += bool(((found.low <= truth) & (truth <= found.high)).all())
    assert 0.93 <= held / 400 <= 0.975


def test_where_touching_does_nothing_hardly_any_trial_names_a_group() -> None:
    rng = np.random.default_rng(0)
    named = 0
    for _ in range(400):
        data = {"group": np.arange(1000) % 8, "treated": rng.integers(0, 2, 1000), "value": rng.normal(size=1000)}
        named += bool(uplift.sleeping_dogs(data, by="group").is_sleeping_dog.any())
    assert named / 400 <= 0.045  # 2.5 % and 2.5 standard errors


def test_a_small_group_is_left_out_and_mentioned() -> None:
    data = a_trial(2, 400)
    data["tier"] = np.where(np.arange(400) < 20, "rare", data["tier"])
    found = uplift.sleeping_dogs(data, by="tier")
    assert "rare" not in found.group
    assert found.not_identified == ("rare: fewer than 30 people in an arm.",)
    with pytest.raises(NotEnoughDataError, match="A group needs 30 people in each arm; the largest has"):
        uplift.sleeping_dogs(a_trial(2, 100), by="tier")


@pytest.mark.parametrize("options", [{}, {"by": "tier", "score": "age"}, {"score": "age", "groups": 0}])
def test_a_bad_option_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(BadDataError):
        uplift.sleeping_dogs(a_trial(0, 200), **options)  # type: ignore[arg-type]
