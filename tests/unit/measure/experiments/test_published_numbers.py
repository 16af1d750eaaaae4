"""Numbers that others have printed."""

import math
from typing import Any

import numpy as np
import pytest

from fanwheel.measure import experiments
from fanwheel.measure.experiments import kernels

# gbstats (GrowthBook, MIT), tests of version 0.8: (sum, sum of squares) of both arms.
SUMS = {"arm": ["a", "b"], "total": [1396.87, 2422.7], "squares": [52377.9767, 134698.29]}
FULL = SUMS | {"people": [3407, 3461]}
SHORT = SUMS | {"people": [3000, 3461]}
PROPORTION = {"arm": ["a", "b"], "total": [1396, 2422], "people": [3000, 3461]}
SMALL = {"arm": ["a", "b"], "total": [14, 16], "people": [28, 30]}
BEFORE = SHORT | {"pre_total": [16.87, 22.7], "pre_squares": [527.9767, 1348.29], "cross": [1, 1]}
SEQUENCE = {"sequential": "confidence_sequence", "relative": True}


@pytest.mark.parametrize(
    ("rows", "how", "estimate", "se", "lower", "upper", "p"),
    [
        (FULL, {}, 0.29, 0.12478, 0.04538, 0.53462, 0.02016),
        (FULL, {"relative": True}, 0.70732, 0.37879, -0.03526, 1.44989, 0.06191),
        (SMALL, {"relative": True}, 0.06667, 0.2717, -0.47767, 0.61101, 0.80707),
        (SHORT, SEQUENCE | {"planned_n": 1000}, 0.50336, 0.33341, -0.55844, 1.56516, 1.0),
        (PROPORTION, SEQUENCE | {"planned_n": 5000}, 0.50386, 0.03386, 0.40098, 0.60675, 0.0),
        (BEFORE, SEQUENCE | {"planned_n": 5000}, 0.50338, 0.33341, -0.50969, 1.51646, 1.0),
        (SHORT, {"relative": True, "alternative": "greater"}, 0.50336, 0.33341, -0.04514, None, 0.06558),
        (SHORT, {"relative": True, "alternative": "less"}, 0.50336, 0.33341, None, 1.05186, 0.93442),
        (SHORT, {"alternative": "greater"}, 0.23438, 0.12983, 0.02079, None, 0.03554),
    ],
)
def test_comparison_equals_growthbook_to_every_printed_digit(
    rows: Any, how: Any, estimate: float, se: float, lower: float | None, upper: float | None, p: float
) -> None:
    found = experiments.compare_sums(rows, control="a", **how)

    digits = [round(value, 5) if value is not None else None for value in (found.estimate, found.lower, found.upper)]
    assert digits == [estimate, lower, upper]
    assert (round(found.se, 5), round(found.p, 5)) == (se, p)


@pytest.mark.parametrize(
    ("how", "lower", "upper"),
    [
        ({"relative": True, "alternative": "greater"}, -0.42356454602790883, None),
        ({"alternative": "greater"}, -0.12656844172804982, None),
        ({"relative": True, "alternative": "less"}, None, 1.4302867177403806),
        ({"alternative": "less"}, None, 0.5953217750613832),
    ],
)
def test_one_sided_sequences_equal_growthbook(how: Any, lower: float | None, upper: float | None) -> None:
    found = experiments.compare_sums(SHORT, control="a", sequential="confidence_sequence", planned_n=5000, **how)

    assert (found.lower, found.upper) == (
        lower if lower is None else pytest.approx(lower, abs=1e-12),
        upper if upper is None else pytest.approx(upper, abs=1e-12),
    )


def test_a_sequence_is_1_5486_times_as_wide_as_a_fixed_interval_at_the_planned_end() -> None:
    width = kernels.confidence_sequence_half_width(1.0, 5000.0, planned_n=5000.0, alpha=0.05)

    assert round(width / 1.959963985, 4) == 1.5486


def test_a_sequence_is_narrowest_relative_to_its_error_where_it_was_planned() -> None:
    people = np.array([100.0, 1_000.0, 5_000.0, 25_000.0, 250_000.0])

    widths = kernels.confidence_sequence_half_width(1.0, people, planned_n=5000.0, alpha=0.05)

    assert int(np.argmin(widths)) == 2
    # by hand at n = N*: c = 2 ln 20 = 5.99146, nρ² = c + ln(c + 1) = 7.93616, √(2·8.93616·ln(√8.93616/.05)/7.93616)
    assert widths[2] == pytest.approx(
        math.sqrt(2 * 8.936160 * math.log(math.sqrt(8.936160) / 0.05) / 7.936160), rel=1e-5
    )


def test_the_mixture_test_equals_its_worked_example() -> None:
    mixture = kernels.msprt(0.1, 2.0, 1000, tau_squared=0.01, alpha=0.05)

    # V + nτ² = 12; Λ = √(2/12)·exp(1000²·.01·.01/(2·2·12)) = .408248·exp(100/48)
    assert mixture.ratio == pytest.approx(math.sqrt(1 / 6) * math.exp(100 / 48), rel=1e-12)
    assert [round(float(value), 6) for value in mixture] == [3.278722, 0.304997, 0.136674]


@pytest.mark.parametrize(
    ("cv", "lift", "people"),
    [
        (1.2, 0.05, 50e3),
        (4.3, 0.05, 645e3),
        (7.8, 0.05, 2.1e6),
        (10.0, 0.05, 3.5e6),
        (17.8, 0.05, 11.1e6),
        (10.0, 0.02, 21.8e6),
    ],
)
def test_power_tells_how_many_people_it_takes(cv: float, lift: float, people: float) -> None:
    plan = experiments.power(lift=lift, cv=cv, holdout=0.1)

    assert plan.people == pytest.approx(people, rel=0.012)  # printed to two or three digits


def test_power_equals_the_formula_by_hand() -> None:
    plan = experiments.power(lift=0.05, cv=10.0, holdout=0.1)

    # (1.959964 + 0.841621)² · 100 / .0025 / (.1·.9) = 7.848880 · 40,000 / .09
    assert plan.people == pytest.approx(7.848880 * 40_000 / 0.09, rel=1e-6)


def test_power_equals_lewis_and_rao() -> None:
    plan = experiments.power(lift=0.35 / 7, cv=75 / 7, holdout=0.5, power=0.9)

    assert round(plan.treated, -3) == 965_000


def test_a_million_an_arm_leaves_the_return_of_lewis_and_rao_within_74_points() -> None:
    plan = experiments.minimum_detectable_effect(people=2e6, cv=75 / 7, holdout=0.5)

    # ± half_width · $7 of sales · 50 % margin, for 14 cents spent a person
    assert round(100 * plan.half_width * 7 * 0.5 / 0.14) == 74
