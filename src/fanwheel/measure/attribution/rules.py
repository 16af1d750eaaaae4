"""Rules that share a conversion among the touches of its path by their place in it."""

from typing import Final

import numpy as np

from fanwheel.measure.attribution import credit
from fanwheel.measure.attribution.credit import Credit
from fanwheel.measure.attribution.paths import Codes, Paths, sum_by
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector

_WEEK: Final = 7.0


def first(paths: Paths) -> Credit:
    """All credit to the first touch of each path.

    Parameters
    ----------
    paths : Paths
        From ``build_paths`` or ``read_paths``.

    Returns
    -------
    Credit
        One row per channel; ``credit`` sums to the conversions with a touch.

    Raises
    ------
    NotEnoughDataError
        If no path converts.

    Notes
    -----
    credit_c = sum of conversions over paths that begin with c.

    Source: common practice.
    """
    return _one_touch(paths, paths.starts[:-1], "first touch")


def last(paths: Paths) -> Credit:
    """All credit to the last touch of each path.

    Parameters
    ----------
    paths : Paths
        From ``build_paths`` or ``read_paths``.

    Returns
    -------
    Credit
        One row per channel; ``credit`` sums to the conversions with a touch.

    Raises
    ------
    NotEnoughDataError
        If no path converts.

    Notes
    -----
    credit_c = sum of conversions over paths that end with c.

    Source: common practice.
    """
    return _one_touch(paths, paths.starts[1:] - 1, "last touch")


def linear(paths: Paths) -> Credit:
    """Equal credit to every touch of a path.

    Parameters
    ----------
    paths : Paths
        From ``build_paths`` or ``read_paths``.

    Returns
    -------
    Credit
        One row per channel; ``credit`` sums to the conversions with a touch.

    Raises
    ------
    NotEnoughDataError
        If no path converts.

    Notes
    -----
    Each of the n touches of a path gets 1/n. A channel met twice counts twice; ``shapley`` counts it once.

    Source: common practice.
    """
    converting = _Converting(paths)
    return converting.share(np.repeat(1 / converting.lengths, converting.lengths), "linear")


def position(paths: Paths, *, first_share: float = 0.4, last_share: float = 0.4) -> Credit:
    """Most credit to the first and the last touch, the rest equally to those between.

    Parameters
    ----------
    paths : Paths
        From ``build_paths`` or ``read_paths``.
    first_share, last_share : float
        Fractions of the credit for the ends, together at most 1.

    Returns
    -------
    Credit
        One row per channel; ``credit`` sums to the conversions with a touch.

    Raises
    ------
    NotEnoughDataError
        If no path converts.
    BadDataError
        If the shares are negative or above 1 together.

    Notes
    -----
    Of two touches, the ends share all credit in proportion to their shares (half each if both are 0); one touch
    gets all.

    Source: common practice (40-20-40).
    """
    ends = first_share + last_share
    if min(first_share, last_share) < 0 or ends > 1:
        raise BadDataError("The shares of the ends must be >= 0 and at most 1 together.", hint="0.4 each is usual.")
    converting = _Converting(paths)
    lengths, starts = converting.lengths, converting.starts
    weight = np.repeat((1 - ends) / np.maximum(lengths - 2, 1), lengths)
    pair = lengths == 2
    opening = np.where(pair, first_share / ends if ends else 0.5, first_share)
    weight[starts] = np.where(lengths == 1, 1.0, opening)
    many = lengths > 1
    weight[(starts + lengths - 1)[many]] = np.where(pair, 1 - opening, last_share)[many]
    return converting.share(weight, "position")


def time_decay(paths: Paths, *, half_life_days: float = _WEEK) -> Credit:
    """The later a touch, the more credit: half as much for each half-life before the conversion.

    Parameters
    ----------
    paths : Paths
        From ``build_paths``, which knows when touches were.
    half_life_days : float
        Days in which a touch loses half of its weight, above 0.

    Returns
    -------
    Credit
        One row per channel; ``credit`` sums to the conversions with a touch.

    Raises
    ------
    NotEnoughDataError
        If no path converts.
    BadDataError
        If the paths come from a table without times, or the half-life is not above 0.

    Notes
    -----
    Weights 2^(-age / half-life), scaled to sum to 1 in each path.

    Source: common practice.
    """
    if not half_life_days > 0:
        raise BadDataError("half_life_days must be above 0.", hint="7 is usual.")
    if paths.ages_days is None:
        raise BadDataError("These paths hold no times.", hint="Use build_paths on touches with their times.")
    converting = _Converting(paths)
    ages = paths.ages_days[converting.index]
    newest = np.minimum.reduceat(ages, converting.starts)
    weight = np.exp2((np.repeat(newest, converting.lengths) - ages) / half_life_days)
    total = np.add.reduceat(weight, converting.starts)
    return converting.share(weight / np.repeat(total, converting.lengths), "time decay")


class _Converting:
    """The touches of paths that convert."""

    def __init__(self, paths: Paths) -> None:
        paths.need_conversions()
        self._paths = paths
        self._kept = np.flatnonzero(paths.conversions > 0)
        self.lengths = paths.lengths[self._kept]
        self.starts = np.cumsum(self.lengths) - self.lengths
        begin = paths.starts[self._kept]
        self.index: Codes = np.arange(self.lengths.sum()) + np.repeat(begin - self.starts, self.lengths)

    def share(self, weight: Vector, rule: str) -> Credit:
        """Credit where ``weight`` is each touch's part of its path's conversions."""
        paths, steps = self._paths, self._paths.steps[self.index]

        def credited(amount: Vector) -> Vector:
            each = np.repeat(amount[self._kept], self.lengths) * weight
            return sum_by(steps, each, len(paths.channels))

        value = None if paths.values is None else credited(paths.values)
        return credit.of(paths, rule, credited(paths.conversions), value=value)


def _one_touch(paths: Paths, touches: Codes, rule: str) -> Credit:
    paths.need_conversions()
    steps = paths.steps[touches]
    many = len(paths.channels)
    value = None if paths.values is None else sum_by(steps, paths.values, many)
    return credit.of(paths, rule, sum_by(steps, paths.conversions, many), value=value)
