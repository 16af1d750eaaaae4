"""The answer of a mix: what each channel adds, how sure that is, and whether a test stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.mix.shapes import Array, Saturation
from fanwheel.measure.mix.spread import Draws
from fanwheel.measure.results import Result

CALIBRATED, NOT_PROVEN = "calibrated", "not proven"


@dataclass(frozen=True, kw_only=True)
class LiftCheck(Result):
    """Each lift test beside what the rows alone would have said; ``alarm`` where the two disagree."""

    channel: tuple[str, ...]
    lift: Array
    standard_error: Array
    rows_say: Array
    rows_standard_error: Array
    distance: Array
    alarm: NDArray[np.bool_]

    def _title(self) -> str:
        return "Lift tests and what the rows alone say"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("channel", "lift", "standard_error", "rows_say", "rows_standard_error", "distance", "alarm")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, kw_only=True)
class Mix(Result):
    """What each channel adds over the whole history, in the outcome's unit, with 95 % intervals.

    ``state`` is ``calibrated`` only where a lift test stands behind the channel, else ``not proven``.
    """

    channel: tuple[str, ...]
    state: tuple[str, ...]
    spend: Array
    contribution: Array
    low: Array
    high: Array
    roas: Array
    roas_low: Array
    roas_high: Array
    carry: Array
    half_way: Array
    rows_alone: Array
    checks: LiftCheck
    alarms: tuple[str, ...]
    r_squared: float
    saturation: Saturation
    at: NDArray[np.datetime64] = field(repr=False)
    outcome: Array = field(repr=False)
    weekly: Array = field(repr=False)
    weekly_spend: Array = field(repr=False)
    ceiling: Array = field(repr=False)
    scale: Array = field(repr=False)
    draws: Draws = field(repr=False)

    def _title(self) -> str:
        return "What each channel adds"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("channel", "state", "spend", "contribution", "low", "high", "roas", "roas_low", "roas_high")
        return {name: getattr(self, name) for name in (*names, "carry", "half_way", "rows_alone")}

    def summary(self) -> str:
        """The channels as text, then the alarms and what is not identified."""
        return "\n".join([super().summary(), *(f"alarm: {alarm}" for alarm in self.alarms)])

    def _draw(self, axes: Any) -> None:
        places = np.arange(len(self.channel))
        tested = np.array([state == CALIBRATED for state in self.state])
        whiskers = np.vstack([self.contribution - self.low, self.high - self.contribution])
        for group, style in ((tested, "o"), (~tested, "D")):
            fill = {} if style == "o" else {"markerfacecolor": "none"}
            axes.errorbar(
                places[group], self.contribution[group], yerr=whiskers[:, group], fmt=style, capsize=4, **fill
            )
        axes.axhline(0, color="gray", linewidth=0.8)
        axes.set_xticks(places, self.channel)
        axes.set_ylabel("contribution (hollow: not proven)")


@dataclass(frozen=True, kw_only=True)
class Weekly(Result):
    """The outcome of every period, split into what each channel adds and the rest."""

    at: NDArray[np.datetime64]
    outcome: Array
    baseline: Array
    channel: tuple[str, ...]
    added: Array

    def _title(self) -> str:
        return "Where the outcome comes from"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        columns = {name: getattr(self, name) for name in ("at", "outcome", "baseline")}
        return {**columns, **dict(zip(self.channel, self.added.T, strict=True))}

    def _draw(self, axes: Any) -> None:
        axes.stackplot(self.at, self.baseline, *self.added.T, labels=["baseline", *self.channel])
        axes.legend()


def weekly(mix: Mix) -> Weekly:
    """What each channel added in every period, and the rest.

    Parameters
    ----------
    mix : Mix
        From ``fit``.

    Returns
    -------
    Weekly
        One row per period in the outcome's unit; baseline and channels sum to the outcome.

    Raises
    ------
    None

    Notes
    -----
    ``added = ceiling * saturation(adstock(spend))``; ``baseline`` is the outcome minus all of that, noise included.

    Source: Jin, Wang, Sun, Chan & Koehler (2017), Bayesian Methods for Media Mix Modeling with Carryover and
    Shape Effects, Google.
    """
    rest = mix.outcome - mix.weekly.sum(axis=1)
    return Weekly(
        at=mix.at, outcome=mix.outcome, baseline=rest, channel=mix.channel, added=mix.weekly, backend=mix.backend
    )
