"""Response curves: what a channel adds per period at any steady spend, and what the next unit adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.mix import shapes
from fanwheel.measure.mix.model import Mix
from fanwheel.measure.mix.shapes import Array
from fanwheel.measure.results import Result

_MOST_POINTS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Response(Result):
    """What each channel adds per period at a steady spend per period, with 95 % intervals."""

    channel: tuple[str, ...]
    state: tuple[str, ...]
    spend: Array
    response: Array
    low: Array
    high: Array
    marginal: Array
    is_seen: tuple[bool, ...]

    def _title(self) -> str:
        return "What more spend would add"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("channel", "state", "spend", "response", "low", "high", "marginal", "is_seen")
        return {name: getattr(self, name) for name in names}

    def _draw(self, axes: Any) -> None:
        for name in dict.fromkeys(self.channel):
            rows = np.array([one == name for one in self.channel])
            axes.plot(self.spend[rows], self.response[rows], label=name)
            axes.fill_between(self.spend[rows], self.low[rows], self.high[rows], alpha=0.2)
        axes.legend()
        axes.set_xlabel("spend per period")


def respond(mix: Mix, *, points: int = 21, up_to: float = 1.0) -> Response:
    """What each channel would add per period at other levels of spend.

    Parameters
    ----------
    mix : Mix
        From ``fit``.
    points : int
        Levels per channel, from nothing up.
    up_to : float
        The highest level, as a multiple of the most that the channel ever spent in a period. Above 1 the curve is
        a guess, and ``is_seen`` says so.

    Returns
    -------
    Response
        ``channels * points`` rows; ``response`` and ``marginal`` in outcome per period and per unit of spend.

    Raises
    ------
    BadDataError
        If ``points`` is below 2 or ``up_to`` is not positive.

    Notes
    -----
    ``response = b s(x)``: at a steady spend the adstock is the spend itself, so carry-over is included.

    Source: Jin, Wang, Sun, Chan & Koehler (2017), as for ``fit``.
    """
    if not 2 <= points <= _MOST_POINTS or not up_to > 0:
        raise BadDataError("A curve needs 2 to 10,000 points and a positive reach.", hint="points=21, up_to=1.0")
    parts = [_one(mix, channel, points=points, up_to=up_to) for channel in range(len(mix.channel))]
    spend, response, low, high, marginal = (np.concatenate(part) for part in zip(*parts, strict=True))
    most = np.repeat(mix.weekly_spend.max(axis=0), points)
    return Response(
        channel=tuple(np.repeat(mix.channel, points).tolist()),
        state=tuple(np.repeat(mix.state, points).tolist()),
        spend=spend,
        response=response,
        low=low,
        high=high,
        marginal=marginal,
        is_seen=tuple((spend <= most * (1 + 1e-12)).tolist()),
        not_identified=mix.not_identified,
        backend=mix.backend,
    )


def _one(mix: Mix, channel: int, *, points: int, up_to: float) -> tuple[Array, Array, Array, Array, Array]:
    spend = np.linspace(0, up_to * float(mix.weekly_spend[:, channel].max()), points)
    scale, ceiling = float(mix.scale[channel]), float(mix.ceiling[channel])
    response = ceiling * shapes.saturated(spend, scale, mix.saturation)
    marginal = ceiling * shapes.slope(spend, scale, mix.saturation)
    worlds = mix.draws.ceiling[:, channel, None] * shapes.saturated(
        spend, mix.draws.scale[:, channel, None], mix.saturation
    )
    low, high = np.percentile(worlds, [2.5, 97.5], axis=0)
    return spend, response, np.minimum(low, response), np.maximum(high, response), marginal
