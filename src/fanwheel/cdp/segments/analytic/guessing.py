"""From how many of some people to how many of all: the guess, and how far off it may be."""

from collections.abc import Iterable
from math import ceil, floor, hypot, sqrt
from typing import Final, NamedTuple

_SPREAD: Final = 1.959964  # of a normal distribution, 19 in 20 lie so many standard deviations around the middle


class Guess(NamedTuple):
    """How many of all: about ``people``, and 19 times in 20 from ``low`` to ``high``."""

    people: int
    low: int
    high: int


def scale(found: int, seen: int, everybody: int) -> Guess:
    """How many of ``everybody`` there are if ``found`` of the ``seen`` are, who were drawn by chance.

    Notes
    -----
    The score interval of a share, as if of as many people more as the drawn share of all makes it surer: with n seen of
    N the variance is (N - n) / (N - 1) of that of endless people.

    Source
    ------
    E. B. Wilson, 1927, Journal of the American Statistical Association 22.
    """
    if seen >= everybody:
        return Guess(found, found, found)
    if seen == 0:
        return Guess(0, 0, everybody)
    share = found / seen
    weight = seen * (everybody - 1) / (everybody - seen)
    square = _SPREAD**2
    middle = (share + square / (2 * weight)) / (1 + square / weight)
    reach = _SPREAD * sqrt(share * (1 - share) / weight + square / (4 * weight**2)) / (1 + square / weight)
    # Those found are there in any case, and those seen and not found are not.
    low = max(found, floor((middle - reach) * everybody))
    high = min(everybody - seen + found, ceil((middle + reach) * everybody))
    return Guess(round(share * everybody), low, high)


def together(guesses: Iterable[Guess]) -> Guess:
    """How many there are in all groups, each guessed by itself.

    Notes
    -----
    What each may be too high or too low by adds up as if at right angles.

    Source
    ------
    G. Y. Zou and A. Donner, 2008, Statistics in Medicine 27.
    """
    every = list(guesses)
    people = sum(guess.people for guess in every)
    below = hypot(*(guess.people - guess.low for guess in every))
    above = hypot(*(guess.high - guess.people for guess in every))
    return Guess(people, floor(people - below), ceil(people + above))
