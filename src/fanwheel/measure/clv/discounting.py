"""The worth today of purchases that come later."""

from typing import Final

import numpy as np

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector

_NODES: Final = 24


def weights(horizon: float, *, discount: float, periods: int | None = None) -> tuple[Vector, Vector]:
    """Times and weights that turn expected purchases until those times into discounted purchases.

    Parameters
    ----------
    horizon : float, > 0
        Length of the future that counts, in the data's unit of time.
    discount : float, >= 0
        Rate for one unit of time: a purchase after ``t`` counts ``(1 + discount)^-t``.
    periods : int, optional
        Discount at the end of each of so many equal periods; by default each purchase from its own moment.

    Returns
    -------
    (times, weights)
        ``sum(weights * E(times))`` are the discounted expected purchases, where ``E(t)`` are those until ``t``.

    Raises
    ------
    BadDataError
        If the horizon is not positive, the discount negative, or there is no period.

    Notes
    -----
    ``∫ d(t) dE(t) = d(h) E(h) - ∫ E(t) d'(t) dt`` by parts; the integral by Gauss and Legendre in ``sqrt(t)``, since
    the expectation is steepest at the start.
    """
    check_horizon(horizon)
    if not (np.isfinite(discount) and discount >= 0):
        raise BadDataError(f"The discount is {discount}.", hint="Give a rate for one unit of time, such as 0.0018.")
    if periods is not None and periods < 1:
        raise BadDataError(f"There are {periods} periods.", hint="Give at least one, or leave periods out.")
    rate = float(np.log1p(discount))
    if rate == 0:
        return np.array([horizon]), np.ones(1)
    if periods is not None:
        times = horizon * np.arange(1, periods + 1) / periods
        factors = np.exp(-rate * times)
        return times, factors - np.append(factors[1:], 0.0)
    nodes, shares = np.polynomial.legendre.leggauss(_NODES)
    root = (nodes + 1) / 2
    times = horizon * root**2
    inner = rate * np.exp(-rate * times) * horizon * root * shares
    return np.append(times, horizon), np.append(inner, np.exp(-rate * horizon))


def check_horizon(horizon: float) -> None:
    """Refuse a future of no length."""
    if not (np.isfinite(horizon) and horizon > 0):
        raise BadDataError(f"The horizon is {horizon}.", hint="Give a positive length of time.")
