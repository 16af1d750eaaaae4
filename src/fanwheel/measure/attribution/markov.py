"""Credit by what would be lost without a channel, in a Markov chain of touches."""

from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from fanwheel.measure.attribution import chain, credit
from fanwheel.measure.attribution.chain import Chain
from fanwheel.measure.attribution.credit import Credit
from fanwheel.measure.attribution.paths import Codes, Paths
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Vector

_ORDERS: Final = (1, 2, 3)
_MOST_STEPS: Final = 2000
_ROUNDING: Final = 2.0**-53


def markov(paths: Paths, *, order: int = 1) -> Credit:
    """Credit in proportion to the conversions that a Markov chain loses without each channel.

    Parameters
    ----------
    paths : Paths
        With those that did not convert.
    order : int
        How many touches the next one depends on: 1, 2 or 3.

    Returns
    -------
    Credit
        One row per channel. ``removal_effect`` is the fraction of conversions lost without the channel, in [0, 1];
        ``credit`` shares the conversions in proportion to it. Values are shared by the value lost.

    Raises
    ------
    NotEnoughDataError
        If no path converts.
    BadDataError
        If the order is none of 1, 2 and 3.

    Notes
    -----
    The states are the last ``order`` touches. Removing a channel loses every path when it first meets the channel,
    which is the same as removing all states that contain it. Order 1: with visits N = (I - Q)^-1 and chances to
    convert h = N r, the effect is N(s,c) h_c / (N(c,c) h_s), so one inverse serves all channels. Orders 2 and 3
    walk all removals through the sparse chain at once until less is under way than rounding; where paths are so long
    that this does not happen soon, each removal is one sparse LU. Nothing is drawn at random. Without a removal the
    chain converts as often as the paths did.

    Source: Anderl, Becker, von Wangenheim & Schumann (2016), Int. J. Research in Marketing 33(3), 457-474.
    """
    if order not in _ORDERS:
        raise BadDataError(f"There is no Markov chain of order {order} here.", hint="Use 1, 2 or 3.")
    paths.need_conversions()
    walked = chain.count(paths, order)
    many = len(paths.channels)
    effects = _by_inverse(walked, many) if order == 1 else _by_state(walked, many)
    return _credit(paths, order, effects)


def _credit(paths: Paths, order: int, effects: Vector) -> Credit:
    lost = effects[:, 0]
    by_value, value = None, None
    if paths.values is not None:
        by_value = effects[:, 1]
        value = _shared(paths.values, by_value)
    return credit.of(
        paths,
        f"Markov chain of order {order}",
        _shared(paths.conversions, lost),
        value=value,
        removal=(lost, by_value),
        not_identified=credit.no_misses(paths),
    )


def removal_effects(entry: Vector, step: Vector, convert: Vector) -> Vector:
    """Share of conversions lost when each channel is removed from a chain of channels.

    Parameters
    ----------
    entry : (n,) array
        Probability that a path starts at each channel.
    step : (n, n) array
        ``step[i, j]``: probability that channel j follows channel i.
    convert : (n,) array
        Probability that a path converts right after each channel; what ``step[i].sum() + convert[i]`` leaves short
        of 1 is the chance of leaving.

    Returns
    -------
    (n,) array
        Fractions in [0, 1]. They do not sum to 1; divide by their sum for credit.

    Raises
    ------
    NotEnoughDataError
        If no path can reach a conversion.

    Notes
    -----
    Removing a channel loses the paths that reach it and would have converted from there. With visits
    N = (I - step)^-1, the chance of reaching i is (entry N)_i / N_ii, and of converting from i it is (N convert)_i.

    Source: Anderl, Becker, von Wangenheim & Schumann (2016), Int. J. Research in Marketing 33(3), 457-474.
    """
    effects: Vector = _effects(entry, step, np.reshape(convert, (-1, 1)))[:, 0]
    return effects


def _effects(entry: Vector, step: Vector, reward: Vector) -> Vector:
    visits = np.linalg.inv(np.eye(len(entry)) - step)
    earned = visits @ reward
    total = entry @ earned
    if total[0] <= 0:
        raise NotEnoughDataError("No path can reach a conversion.", hint="At least 1 path that converts is needed.")
    reach = (entry @ visits) / np.diag(visits)
    return reach[:, None] * earned / np.where(total > 0, total, 1.0)


def _by_inverse(walked: Chain, many: int) -> Vector:
    """Effects in a chain whose states are channels; channels that occur in no path have none."""
    effects = np.zeros((many, walked.reward.shape[1]))
    effects[walked.channel] = _effects(walked.entry, walked.step.toarray(), walked.reward)
    return effects


def _by_state(walked: Chain, many: int) -> Vector:
    """Effects in a chain whose states are sequences: (channels, rewards)."""
    removed = np.arange(-1, many)  # nothing, then each channel
    earned = _walk(walked, removed)
    if earned is None:
        earned = np.stack([_earned_by_lu(walked, channel) for channel in removed.tolist()])
    total = earned[0]
    effects = 1 - earned[1:] / np.where(total > 0, total, 1.0)
    return np.where((effects > 4 * _ROUNDING) & (total > 0), effects, 0.0)


def _walk(walked: Chain, removed: Codes) -> Vector | None:
    """What paths earn without each of ``removed``: (removed, rewards), or None if paths are too long for this.

    What is still to come is at most the share of paths under way times the largest reward, so stopping when that is
    below rounding loses nothing that a float could hold.
    """
    kept = walked.channel[:, None] != removed
    onward = walked.step.T.tocsr()
    ahead = walked.entry[:, None] * kept
    earned = np.zeros((len(removed), walked.reward.shape[1]))
    most = walked.reward.max(axis=0)
    for _ in range(_MOST_STEPS):
        earned += ahead.T @ walked.reward
        if (ahead.sum(axis=0).max() * most <= _ROUNDING * earned[0]).all():
            return earned
        ahead = (onward @ ahead) * kept
    return None


def _earned_by_lu(walked: Chain, removed: int) -> Vector:
    """What paths earn without one channel, by one sparse factorization."""
    kept = np.flatnonzero(walked.channel != removed)
    if len(kept) == 0:
        return np.zeros(walked.reward.shape[1])
    rest = (sparse.eye_array(len(kept)) - walked.step[kept][:, kept]).T.tocsc()
    visits = linalg.splu(rest).solve(walked.entry[kept])
    earned: Vector = visits @ walked.reward[kept]
    return earned


def _shared(amounts: Vector, lost: Vector) -> Vector:
    """All of an amount in proportion to what is lost; nothing where nothing is."""
    shared: Vector = amounts.sum() * lost / lost.sum() if lost.sum() > 0 else np.zeros(len(lost))
    return shared
