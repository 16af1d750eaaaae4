"""K and causal K: by hand, coverage, and what the tables must not hold."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from fanwheel.measure import BadDataError, NotEnoughDataError, referral

MEMBERS = {"person": ["a", "b", "c", "d"]}
INVITES = {"referrer": ["a", "a", "a", "b", "b", "d"], "referee": ["x", "y", None, "z", None, None]}


def test_k_by_hand() -> None:
    found = referral.k_factor(MEMBERS, INVITES)

    # 6 invites of 4 members, 3 accepted: K = 1.5 * 0.5 = 0.75.
    # Counts 2, 1, 0, 0: variance (25 + 1 + 9 + 9) / 16 / 3 = 11/12.
    assert (found.members, found.invites, found.accepted) == (4, 6, 3)
    assert (found.invites_per_member, found.acceptance_rate, found.k) == (1.5, 0.5, 0.75)
    assert found.variance_per_member == pytest.approx(11 / 12)
    assert found.std_error == pytest.approx(np.sqrt(11 / 48))
    assert found.lower == pytest.approx(0.75 * np.exp(-1.959964 * np.sqrt(11 / 48) / 0.75), rel=1e-6)
    assert found.best_share == pytest.approx(2 / 3)


def test_with_a_window_only_those_count_who_have_had_the_time() -> None:
    start = datetime(2026, 1, 1)
    members = {"person": ["a", "b", "c"], "joined_at": [start, start + timedelta(days=5), start + timedelta(days=25)]}
    invites = {
        "referrer": ["a", "a", "b", "c"],
        "referee": ["x", "y", "z", "w"],
        "accepted_at": [start + timedelta(days=day) for day in (7, 8, 6, 26)],
    }

    found = referral.k_factor(members, invites, window_days=7, as_of=start + timedelta(days=30))

    # c joined 5 days ago; y came on the 8th day after a joined. x and z remain, of two members.
    assert (found.members, found.accepted, found.k) == (2, 2, 1)


def test_nobody_brought_gives_an_upper_limit() -> None:
    found = referral.k_factor({"person": range(1000)}, {"referrer": [3, 4], "referee": [None, None]})

    assert (found.k, found.lower) == (0, 0)
    assert found.upper == pytest.approx(2.995732 / 1000)  # the rule of three
    assert "nobody has invited" in referral.k_factor(MEMBERS, {"referrer": [], "referee": []}).not_identified[0]


def test_the_interval_of_k_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    people, covered = 600, 0
    for _ in range(400):
        count = rng.negative_binomial(0.5, 0.5 / (0.5 + 0.35), people)  # mean 0.35, variance 0.6
        sender = np.repeat(np.arange(people), count)
        found = referral.k_factor(
            {"person": np.arange(people)}, {"referrer": sender, "referee": -1 - np.arange(len(sender))}
        )
        covered += found.lower <= 0.35 <= found.upper

    assert 0.92 <= covered / 400 <= 0.97


def test_neither_order_nor_names_matter_for_k() -> None:
    found = referral.k_factor(MEMBERS, INVITES)

    mixed = referral.k_factor(
        {"person": [ord(name) for name in MEMBERS["person"][::-1]]},
        {"referrer": [ord(name) for name in INVITES["referrer"][::-1]], "referee": INVITES["referee"][::-1]},
    )

    assert (mixed.k, mixed.lower, mixed.upper) == (found.k, found.lower, found.upper)


@pytest.mark.parametrize(
    ("members", "invites", "message"),
    [
        ({"person": ["a", "a"]}, INVITES, "“person” repeats in 1 rows"),
        ({"person": ["a", "b", "c"]}, INVITES, r"no member in 1 rows \(rows 5\)"),
        (MEMBERS, {"referrer": ["a", "b"], "referee": ["x", "x"]}, r"brought before in 1 rows \(rows 1\)"),
        (MEMBERS, {"referrer": ["a", "b"], "referee": ["x", "b"]}, r"invited themselves in 1 rows \(rows 1\)"),
        (MEMBERS, {"referrer": ["a", None], "referee": ["x", "y"]}, "“referrer” is missing"),
    ],
)
def test_bad_invites_are_named(members: Any, invites: Any, message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        referral.k_factor(members, invites)


def test_a_window_needs_its_end() -> None:
    with pytest.raises(BadDataError, match="as_of"):
        referral.k_factor(MEMBERS, INVITES, window_days=7)
    with pytest.raises(NotEnoughDataError, match="at least 2"):
        referral.k_factor({"person": [1]}, {"referrer": [1], "referee": [2]})


ARMS = {"person": list("abcdef"), "arm": ["enabled"] * 4 + ["held out"] * 2}
JOINS = {"contact_of": ["a", "a", "b", "d", "e"], "by_invite": [True, True, True, False, False]}


def test_causal_k_by_hand() -> None:
    found = referral.causal_k(ARMS, JOINS)

    # Enabled 2, 1, 0, 1: mean 1, s² = 2/3. Held out 1, 0: mean 1/2, s² = 1/2. Tracked invites claim 3 of 4 people.
    assert (found.joins_per_enabled, found.joins_per_held_out, found.k) == (1, 0.5, 0.5)
    assert found.std_error == pytest.approx(np.sqrt(2 / 3 / 4 + 1 / 2 / 2))
    assert found.upper - found.k == pytest.approx(1.959964 * found.std_error, rel=1e-6)
    assert found.k_credited == 0.75
    assert found.organic_share == pytest.approx(1 - 0.5 / 0.75)


def test_whole_households_are_one_draw() -> None:
    # Enabled households {a, b} and {c, d}: 3 and 1 newcomers, 2 people each; mean 1, residuals 1 and -1:
    # variance 2/1 * 2 / 16 = 1/4. Held out {e} and {f}: as people, 1/2 / 2 = 1/4.
    found = referral.causal_k({**ARMS, "cluster": [1, 1, 2, 2, 3, 4]}, JOINS)

    assert found.k == 0.5
    assert found.std_error == pytest.approx(np.sqrt(1 / 4 + 1 / 4))


def test_causal_k_covers_the_truth_while_credited_k_claims_who_would_have_come_anyway() -> None:
    rng = np.random.default_rng(8)
    people, added, organic = 800, 0.2, 0.3
    covered, credited = 0, []
    arm = np.where(np.arange(people) % 2 == 0, "enabled", "held out")
    for _ in range(400):
        by_themselves = rng.poisson(organic, people)
        brought = rng.poisson(added, people) * (arm == "enabled")
        # Of those who come anyway around people with invites, half take the code along.
        coded = np.where(arm == "enabled", rng.binomial(by_themselves, 0.5), 0) + brought
        many = by_themselves + brought
        joins = np.repeat(np.arange(people), many)
        by_invite = np.arange(len(joins)) - np.repeat(np.cumsum(many) - many, many) < coded[joins]
        found = referral.causal_k(
            {"person": np.arange(people), "arm": arm}, {"contact_of": joins, "by_invite": by_invite}
        )
        covered += found.lower <= added <= found.upper
        credited.append(found.k_credited)

    assert 0.92 <= covered / 400 <= 0.97
    assert np.mean(credited) == pytest.approx(added + organic / 2, rel=0.02)


def test_other_names_of_arms_and_another_order_change_nothing() -> None:
    arms = {"person": ARMS["person"][::-1], "arm": ["on" if arm == "enabled" else "off" for arm in ARMS["arm"][::-1]]}

    found = referral.causal_k(arms, JOINS, enabled="on", held_out="off")

    assert (found.k, found.lower, found.k_credited) == pytest.approx(
        (0.5, referral.causal_k(ARMS, JOINS).lower, 0.75), rel=1e-12
    )


@pytest.mark.parametrize(
    ("arms", "joins", "message"),
    [
        ({**ARMS, "person": list("aacdef")}, JOINS, r"“person” repeats in 2 rows \(rows 0, 1\)"),
        ({**ARMS, "arm": ["on", *ARMS["arm"][1:]]}, JOINS, r"neither “enabled” nor “held out” in 1 rows \(rows 0\)"),
        (ARMS, {"contact_of": ["a", "q"]}, r"in no arm in 1 rows \(rows 1\)"),
        ({**ARMS, "cluster": [1, 1, 2, 2, 2, 3]}, JOINS, "both arms in 3 rows"),
    ],
)
def test_bad_arms_are_named(arms: Any, joins: Any, message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        referral.causal_k(arms, joins)


def test_one_person_is_no_arm_and_no_joins_are_no_interval() -> None:
    with pytest.raises(NotEnoughDataError, match="held out"):
        referral.causal_k({"person": [1, 2, 3], "arm": ["enabled", "enabled", "held out"]}, {"contact_of": [1]})
    assert "nterval" in referral.causal_k(ARMS, {"contact_of": []}).not_identified[0]
