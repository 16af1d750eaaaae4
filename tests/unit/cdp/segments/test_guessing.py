"""A guess from a share of the people, and the bounds that it states."""

from itertools import pairwise
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from fanwheel.cdp.segments.analytic import scenes
from fanwheel.cdp.segments.analytic.guessing import Guess, scale, together


def test_who_has_seen_everybody_does_not_guess() -> None:
    assert scale(7, 20, 20) == (7, 7, 7)
    assert scale(0, 0, 0) == (0, 0, 0)


def test_who_has_seen_nobody_knows_nothing() -> None:
    assert scale(0, 0, 20) == (0, 0, 20)


def test_the_bounds_are_those_of_a_share_by_hand() -> None:
    # 250 of 1,000 seen of 16,000: weight = 1000 * 15999 / 15000 = 1066.6; z2 = 3.841459.
    # middle = (0.25 + 3.841459 / 2133.2) / (1 + 3.841459 / 1066.6) = 0.251801 / 1.003602 = 0.250897
    # reach = 1.959964 * sqrt(0.1875 / 1066.6 + 3.841459 / 4550542) / 1.003602 = 1.959964 * 0.0132902 / 1.003602
    #       = 0.025955; times 16,000: 4014.4 -+ 415.3
    assert scale(250, 1_000, 16_000) == (4_000, 3_599, 4_430)


@pytest.mark.parametrize("found", [0, 1_000])
def test_nobody_and_everybody_of_a_share_leave_room_for_others(found: int) -> None:
    people, low, high = scale(found, 1_000, 16_000)

    assert (people, low <= people <= high) == (16 * found, True)
    assert high - low in range(50, 70)  # about four of a thousand, by the rule of three


def test_bounds_close_in_as_more_are_seen() -> None:
    spans = [
        guess.high - guess.low for guess in (scale(seen // 5, seen, 100_000) for seen in (100, 1_000, 10_000, 90_000))
    ]

    assert all(wide > narrow for wide, narrow in pairwise(spans))


@pytest.mark.parametrize("members", [12, 160, 4_000])
def test_bounds_hold_nineteen_times_in_twenty(members: int) -> None:
    rng = Random(5)
    crowd = [number < members for number in range(8_000)]
    guesses = [scale(sum(rng.sample(crowd, 500)), 500, len(crowd)) for _ in range(800)]

    share = sum(guess.low <= members <= guess.high for guess in guesses) / len(guesses)
    assert 0.93 <= share <= 0.99


def test_groups_add_up_and_their_doubts_as_at_right_angles() -> None:
    # 3 and 4 too low are 5 together, 6 and 8 too high are 10.
    assert together([Guess(10, 7, 16), Guess(20, 16, 28)]) == (30, 25, 40)
    assert together([]) == (0, 0, 0)


def test_people_stand_for_those_with_as_many_homes_if_all_of_theirs_are_seen() -> None:
    # 16 has a home in another bucket; 32 has one in the same; 3 has two others, and nobody like that is in the share.
    homes = pa.table({"home_id": [17, 64, 5, 6], "person_id": [16, 32, 3, 3]})

    groups = scenes._groups(np.array([0, 16, 32, 48]), np.arange(64), homes)

    assert [(list(places), everybody) for places, everybody in groups] == [([0, 3], 61), ([2], 2), ([], 1)]
