"""Splitting a budget so that the last unit of money adds the same in every channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.mix import shapes
from fanwheel.measure.mix.model import CALIBRATED, Mix
from fanwheel.measure.mix.shapes import Array
from fanwheel.measure.results import Result

_HALVINGS: Final = 60
_PRICE_HALVINGS: Final = 90


@dataclass(frozen=True, kw_only=True)
class Split(Result):
    """The best spend per period and channel, beside today's; ``gain`` is per period with a 95 % interval."""

    channel: tuple[str, ...]
    state: tuple[str, ...]
    spend_now: Array
    spend: Array
    response_now: Array
    response: Array
    marginal: Array
    budget: float
    gain: float
    gain_low: float
    gain_high: float

    def _title(self) -> str:
        gain = f"{self.gain:+,.4g} ({self.gain_low:,.4g} to {self.gain_high:,.4g})"
        return f"How to split {self.budget:,.4g} per period: {gain}"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("channel", "state", "spend_now", "spend", "response_now", "response", "marginal")
        return {name: getattr(self, name) for name in names}

    def _draw(self, axes: Any) -> None:
        places = np.arange(len(self.channel))
        axes.bar(places - 0.2, self.spend_now, width=0.4, label="now")
        axes.bar(places + 0.2, self.spend, width=0.4, label="best")
        axes.set_xticks(places, self.channel)
        axes.legend()


def split(
    mix: Mix,
    *,
    budget: float | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    only_calibrated: bool = False,
) -> Split:
    """How to spend a budget per period so that it is expected to add the most.

    Parameters
    ----------
    mix : Mix
        From ``fit``.
    budget : float, optional
        Money per period over all channels; today's mean if not given.
    bounds : mapping of channel to (least, most), optional
        Spend per period. By default from nothing to the most that the channel ever spent in a period, because
        nobody has seen the curve above that.
    only_calibrated : bool
        Leave channels without a test at today's spend.

    Returns
    -------
    Split
        One row per channel; ``spend`` sums to the budget. ``gain`` compares with today's spend, so a larger
        budget is part of it.

    Raises
    ------
    BadDataError
        If the bounds are crossed, name no channel, or cannot hold the budget.

    Notes
    -----
    Maximizes ``mean over draws of sum_c b_c s_c(x_c)``, which is concave, under ``sum_c x_c = budget``: the exact
    solution equalizes expected marginal responses between the bounds, found by bisection on their price.

    Source: Everett (1963), Generalized Lagrange multiplier method, Operations Research 11(3).
    """
    now = mix.weekly_spend.mean(axis=0)
    money = float(now.sum()) if budget is None else float(budget)
    low, high = _limits(mix, now, bounds or {}, only_calibrated=only_calibrated)
    _affordable(money, low, high)
    unproven = () if only_calibrated else _unproven(mix)
    return _compare(mix, now, _fill(money, low, high, _Worlds(mix)), notes=unproven)


def _compare(mix: Mix, now: Array, spend: Array, *, notes: tuple[str, ...]) -> Split:
    worlds = _Worlds(mix)
    before, after = worlds.responses(now), worlds.responses(spend)
    gains = (after - before).sum(axis=1)
    gain = float(gains.mean())
    return Split(
        channel=mix.channel,
        state=mix.state,
        spend_now=now,
        spend=spend,
        response_now=before.mean(axis=0),
        response=after.mean(axis=0),
        marginal=worlds.marginal(spend),
        budget=float(spend.sum()),
        gain=gain,
        gain_low=min(float(np.percentile(gains, 2.5)), gain),
        gain_high=max(float(np.percentile(gains, 97.5)), gain),
        not_identified=(*mix.not_identified, *notes),
        backend=mix.backend,
    )


class _Worlds:
    """Every plausible world of a mix, asked at one spend per channel."""

    def __init__(self, mix: Mix) -> None:
        self._draws = mix.draws
        self._kind: shapes.Saturation = mix.saturation

    def responses(self, spend: Array) -> Array:
        result: Array = self._draws.ceiling * shapes.saturated(spend, self._draws.scale, self._kind)
        return result

    def marginal(self, spend: Array) -> Array:
        steep = self._draws.ceiling * shapes.slope(spend, self._draws.scale, self._kind)
        result: Array = steep.mean(axis=0)
        return result


def _fill(money: float, low: Array, high: Array, worlds: _Worlds) -> Array:
    """Spend at the price of money at which the budget is just spent; what rounding leaves goes where there is room."""
    cheap, dear = 0.0, float(worlds.marginal(low).max()) * (1 + 1e-9)
    for _ in range(_PRICE_HALVINGS):
        price = (cheap + dear) / 2
        if _wanted(price, low, high, worlds).sum() > money:
            cheap = price
        else:
            dear = price
    spend = _wanted(dear, low, high, worlds)
    room = high - spend
    left = money - float(spend.sum())
    result: Array = spend + room * (left / float(room.sum())) if room.sum() > 0 else spend
    return result


def _wanted(price: float, low: Array, high: Array, worlds: _Worlds) -> Array:
    """The spend of each channel at which one more unit adds just ``price``."""
    below, above = low.copy(), high.copy()
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        more = worlds.marginal(middle) > price
        below, above = np.where(more, middle, below), np.where(more, above, middle)
    wanted: Array = np.where(worlds.marginal(low) <= price, low, above)
    return wanted


def _limits(
    mix: Mix, now: Array, bounds: Mapping[str, tuple[float, float]], *, only_calibrated: bool
) -> tuple[Array, Array]:
    strangers = [name for name in bounds if name not in mix.channel]
    if strangers:
        raise BadDataError(f"`bounds` name “{strangers[0]}”, which is no channel.", hint="Correct the name.")
    low, high = np.zeros(len(now)), mix.weekly_spend.max(axis=0)
    for place, name in enumerate(mix.channel):
        if only_calibrated and mix.state[place] != CALIBRATED:
            low[place] = high[place] = now[place]
        if name in bounds:
            low[place], high[place] = bounds[name]
        if not 0 <= low[place] <= high[place] < np.inf:
            raise BadDataError(f"The bounds of “{name}” are crossed, negative or endless.", hint="Give (least, most).")
    return low, high


def _affordable(money: float, low: Array, high: Array) -> None:
    slack = 1e-9 * max(float(high.sum()), 1e-300)
    if not low.sum() - slack <= money <= high.sum() + slack:
        raise BadDataError(
            f"The bounds hold {low.sum():,.6g} to {high.sum():,.6g} per period, not {money:,.6g}.",
            hint="Change the budget, or widen `bounds`; above the highest spend seen the curve is a guess.",
        )


def _unproven(mix: Mix) -> tuple[str, ...]:
    loose = [name for name, state in zip(mix.channel, mix.state, strict=True) if state != CALIBRATED]
    if not loose:
        return ()
    return (f"{', '.join(loose)}: no lift test stands behind their curves; test before you move much money.",)
