"""A guess from a share of the people, and the bounds that it states."""

from itertools import pairwise
from random import Random

import pytest

from fanwheel.cdp.segments.analytic.guessing import scale


def test_who_has_seen_everybody_does_not_guess() -> None:
    assert scale(7, 20, 20) == (7, 7, 7)
    assert scale(0, 0, 0) == (0, 0, 0)


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
