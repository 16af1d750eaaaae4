"""Credit by the Shapley value: each channel's average contribution over all orders of joining."""

from typing import Final, Literal, assert_never

import numpy as np

from fanwheel.measure.attribution import credit
from fanwheel.measure.attribution.credit import Credit
from fanwheel.measure.attribution.paths import Codes, Paths, sum_by
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Vector

_MOST_PLAYERS: Final = 20


def shapley(paths: Paths, *, worth: Literal["count", "rate"] = "count") -> Credit:
    """Credit by the Shapley value of a game in which channels are the players.

    Parameters
    ----------
    paths : Paths
        From ``build_paths`` or ``read_paths``; at most 20 channels.
    worth : "count" or "rate"
        What a set of channels is worth: the conversions of paths that use no other channel, or the share of such
        paths that converts.

    Returns
    -------
    Credit
        One row per channel; ``credit`` sums to the conversions with a touch. By rate a credit is negative where a
        channel stands on paths that convert less often. ``removal_effect`` is the fraction of the worth of all
        channels that is missing without the channel.

    Raises
    ------
    NotEnoughDataError
        If no path converts.
    BadDataError
        If there are more than 20 channels.

    Notes
    -----
    By count, the value of a path is shared equally among its *distinct* channels and nothing else: v(S) is the sum of
    what was counted on subsets of S, so the counts are its Harsanyi dividends. It tells no more than ``linear``
    does. By rate, a set on which no path was seen is worth 0, and credit is conversions times value over the worth of
    all channels.

    Source: Shapley (1953), Contributions to the Theory of Games II, 307-317; by rate: Zhao, Mahboobi & Bagheri
    (2018), arXiv:1804.05327.
    """
    _check(paths)
    sets = _channel_sets(paths)
    credited, effect = _share(paths, sets, paths.conversions, worth=worth)
    value, by_value = (None, None) if paths.values is None else _share(paths, sets, paths.values, worth=worth)
    return credit.of(
        paths,
        f"Shapley value by {worth}",
        credited,
        value=value,
        removal=(effect, by_value),
        not_identified=() if worth == "count" else (*credit.no_misses(paths), *_unseen(paths, sets)),
    )


def _check(paths: Paths) -> None:
    many = len(paths.channels)
    if many > _MOST_PLAYERS:
        raise BadDataError(
            f"{many} channels make too many sets for an exact Shapley value.", hint="Join small channels: at most 20."
        )
    paths.need_conversions()


def shapley_values(worth: Vector) -> Vector:
    """The Shapley value of any game of at most 20 players, exactly.

    Parameters
    ----------
    worth : (2^n,) array
        What each set of players is worth; player i is in set m if bit i of m is set. ``worth[0]`` is the empty set.

    Returns
    -------
    (n,) array
        One value per player; they sum to ``worth[-1] - worth[0]``.

    Raises
    ------
    BadDataError
        If the length is no power of 2, or a worth is not finite.
    NotEnoughDataError
        If there is no player.

    Notes
    -----
    phi_i = sum over sets S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S)): all weights are positive, so
    nothing cancels but the differences themselves.

    Source: Shapley (1953), Contributions to the Theory of Games II, 307-317.
    """
    table = np.asarray(worth, dtype=np.float64)
    players = table.size.bit_length() - 1
    if players < 1:
        raise NotEnoughDataError("A game needs at least 1 player.")
    if table.shape != (1 << players,) or players > _MOST_PLAYERS or not np.isfinite(table).all():
        raise BadDataError(
            "A game of n players needs 2^n finite worths, n at most 20.", hint="One for each set, the empty one first."
        )
    weight = _weights(players)
    halves = (table.reshape(-1, 2, 1 << player) for player in range(players))
    return np.array([((half[:, 1] - half[:, 0]).reshape(-1) * weight).sum() for half in halves])


def _weights(players: int) -> Vector:
    """For each set of the other players, the share of orders in which exactly they come before."""
    by_size = np.ones(players)
    for size in range(1, players):
        by_size[size] = by_size[size - 1] * size / (players - size)
    weight: Vector = by_size[np.bitwise_count(np.arange(1 << (players - 1), dtype=np.uint32))] / players
    return weight


def _channel_sets(paths: Paths) -> Codes:
    """The set of channels on each path, as bits."""
    bits = np.left_shift(np.uint32(1), np.arange(len(paths.channels), dtype=np.uint32))
    sets: Codes = np.bitwise_or.reduceat(bits[paths.steps], paths.starts[:-1])
    return sets


def _share(paths: Paths, sets: Codes, amounts: Vector, *, worth: Literal["count", "rate"]) -> tuple[Vector, Vector]:
    """What each channel is credited with, and the fraction that would be missing without it."""
    many = len(paths.channels)
    exact = sum_by(sets, amounts, 1 << many)
    below = _over_subsets(exact)
    total = below[-1]
    all_but = (1 << many) - 1 - (1 << np.arange(many))
    match worth:
        case "count":
            values = _dividends(exact, many)
        case "rate":
            walked = _over_subsets(sum_by(sets, paths.weights, 1 << many))
            below = np.divide(below, walked, out=np.zeros_like(below), where=walked > 0)
            values = shapley_values(below)
            values *= total / below[-1] if below[-1] > 0 else 0.0
        case _:
            assert_never(worth)
    top = below[-1]
    missing: Vector = 1 - below[all_but] / top if top > 0 else np.zeros(many)
    return values, missing


def _dividends(exact: Vector, many: int) -> Vector:
    """What each player gets if each set shares its own dividend equally."""
    masks = np.flatnonzero(exact)
    part = exact[masks] / np.bitwise_count(masks)
    return np.array([part[(masks >> player) & 1 == 1].sum() for player in range(many)])


def _over_subsets(exact: Vector) -> Vector:
    """For each set the sum over its subsets."""
    total = exact.copy()
    for player in range(exact.size.bit_length() - 1):
        half = total.reshape(-1, 2, 1 << player)
        half[:, 1] += half[:, 0]
    return total


def _unseen(paths: Paths, sets: Codes) -> tuple[str, ...]:
    """Which sets of channels had no path, so that their worth is a convention."""
    many = len(paths.channels)
    walked = _over_subsets(sum_by(sets, paths.weights, 1 << many))
    missing = int(np.count_nonzero(walked[1:] == 0))
    if missing == 0:
        return ()
    return (f"{missing} of {walked.size - 1} sets of channels have no path of their own; their rate is taken as 0.",)
