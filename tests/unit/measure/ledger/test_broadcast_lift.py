"""The lift of a broadcast: by hand, and in simulated ones whose effect is known."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from fanwheel.measure.ledger.broadcasts import Arm, Lift, rules

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def an_arm(name: Any, people: int, converted: float, *, share: float | None = None, **more: Any) -> Arm:
    nothing = {"converted_before": 0, "converted_both": 0, "value": 0, "value_squares": 0, "value_before": 0,
               "value_before_squares": 0, "value_cross": 0, "channel": "email", "elapsed": people}  # fmt: skip
    return Arm(**({"name": name, "people": people, "converted": converted, "share": share} | nothing | more))


def ask(*arms: Arm, step_share: float = 0.2, with_value: bool = False) -> Lift:
    return rules.lift(arms, in_both=0, step_share=step_share, with_value=with_value, as_of=NOON)


def test_the_lift_is_the_difference_of_the_shares_who_converted() -> None:
    found = ask(an_arm("treated", 8_000, 960), an_arm("broadcast", 2_000, 160, share=0.2)).comparisons[0]

    # 960/8000 - 160/2000 = 12 % - 8 % = 4 points, half as many again. se² = .12·.88/7999 + .08·.92/1999 = .00707²;
    # at the planned end the sequence's interval is 1.5486 times the usual one: 1.5486 · 1.96 · .00707 = .02145.
    effect = found.conversion
    assert effect.estimate == pytest.approx(0.04)
    assert effect.lift == pytest.approx(0.5)
    assert effect.lower == pytest.approx(0.04 - 0.02145, abs=2e-5)
    assert (effect.state, effect.cautions) == ("helps", ())
    assert found.sample_ratio_p == pytest.approx(1.0)


def test_what_a_person_brought_is_compared_too() -> None:
    # Half of the treated brought 200, half nothing; everybody held out 50: 100 - 50 a person.
    treated = an_arm("treated", 400, 200, value=40_000, value_squares=200 * 200.0**2)
    held = an_arm("broadcast", 100, 100, share=0.2, value=5_000, value_squares=100 * 50.0**2)

    (found,) = ask(treated, held, with_value=True).comparisons

    assert found.value is not None
    assert found.value.estimate == pytest.approx(50.0)
    assert found.value.gained == pytest.approx(20_000.0)


def test_each_holdout_stands_apart_and_the_own_one_comes_first() -> None:
    found = ask(
        an_arm("treated", 600, 60), an_arm("treated", 300, 30, channel="sms"), an_arm("universal", 50, 4, share=0.05),
        an_arm("channel", 60, 6, share=0.1), an_arm("channel", 30, 3, share=0.1, channel="sms"),
        an_arm("broadcast", 200, 20, share=0.2),
    )  # fmt: skip

    assert [(each.holdout, each.channel, each.treated.people) for each in found.comparisons] == [
        ("broadcast", None, 900), ("channel", "email", 600), ("channel", "sms", 300), ("universal", None, 900)
    ]  # fmt: skip


def test_without_anybody_held_out_nothing_is_claimed() -> None:
    found = ask(an_arm("treated", 1_000, 300))

    assert (found.comparisons, found.treated.people) == ((), 1_000)


def dealt(rng: Any, people: int, shares: tuple[float, float, float]) -> Any:
    """Where the gate puts people: its holdouts in their order, by independent hashes."""
    universal, channel, own = (rng.random(people) < share for share in shares)
    return np.select([universal, channel, own], [1, 2, 3], default=0)


NAMES = ("treated", "universal", "channel", "broadcast")
SHARES = (0.1, 0.15, 0.2)
BROADCASTS = 100


def arms_of(place: Any) -> list[Arm]:
    return [
        an_arm(name, int((place == number).sum()), 0, share=None if number == 0 else SHARES[number - 1])
        for number, name in enumerate(NAMES)
    ]


def test_sizes_of_the_arms_are_those_that_holdouts_in_a_row_plan() -> None:
    rng = np.random.default_rng(4)

    p = [
        [each.sample_ratio_p for each in ask(*arms_of(place)).comparisons]
        for place in (dealt(rng, 5_000, SHARES) for _ in range(150))
    ]

    # As planned, p is uniform; a formula that was wrong by a fiftieth would show.
    assert (np.array(p, dtype=float) < 0.05).mean(axis=0).max() < 0.11
    assert np.array(p, dtype=float).mean(axis=0).min() > 0.4


def test_ghosts_that_were_lost_raise_an_alarm() -> None:
    found = ask(an_arm("treated", 8_000, 960), an_arm("broadcast", 1_700, 136, share=0.2)).comparisons[0]

    assert found.sample_ratio_p is not None
    assert found.sample_ratio_p < 0.001
    assert "arms_unequal" in found.conversion.cautions


@pytest.mark.parametrize("effect", [0.0, 0.02])
def test_looks_every_day_hold_the_true_effect_in_95_of_100_broadcasts(effect: float) -> None:
    """10,000 people of whom 5 % buy anyway within ten days, and some more because of the message."""
    rng = np.random.default_rng(9)
    missed, proven = 0, 0
    for _ in range(BROADCASTS):
        is_treated = rng.random(10_000) < 0.8
        bought_on = np.where(rng.random(10_000) < 0.05 + effect * is_treated, rng.integers(1, 11, 10_000), 99)
        looks = []
        for day in range(1, 11):
            sides = [(mine.sum(), (bought_on[mine] <= day).sum()) for mine in (is_treated, ~is_treated)]
            arms = [
                an_arm(name, int(people), float(did), share=share, elapsed=people * day / 10)
                for (people, did), (name, share) in zip(sides, (("treated", None), ("broadcast", 0.2)), strict=True)
            ]
            looks.append(ask(*arms).comparisons[0].conversion)
        bounds = [(look.lower or 0.0, look.upper or 0.0) for look in looks]
        missed += any(
            not low <= effect * day / 10 <= high for day, (low, high) in zip(range(1, 11), bounds, strict=True)
        )
        proven += looks[-1].state == "helps"

    assert missed <= 0.05 * BROADCASTS
    assert proven <= 0.05 * BROADCASTS if effect == 0 else proven > 0.25 * BROADCASTS
