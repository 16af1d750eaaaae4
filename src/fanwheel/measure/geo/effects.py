"""What a test by region or by time says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class Effect(Result):
    """The effect of a channel switched by region or by time.

    ``estimate``, ``lower`` and ``upper`` are per treated region and day (per time for a switchback), or fractions where
    ``relative``; ``total`` is the effect over all treated regions and days of the test, in the unit of the outcome.
    A bound is None where the data cannot give one. ``days``, ``observed`` and ``expected`` draw the mean treated region
    and what it would have done.
    """

    method: str
    estimate: float
    se: float | None
    lower: float | None
    upper: float | None
    p: float
    placebo_p: float | None
    total: float
    total_lower: float | None
    total_upper: float | None
    relative: bool
    treated: tuple[str, ...]
    weights: Mapping[str, float]
    days: tuple[Any, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    alarms: tuple[str, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.lower is not None and self.upper is not None and (self.lower > 0 or self.upper < 0)

    def summary(self) -> str:
        """The estimates as text, and every alarm."""
        return "\n".join([super().summary(), *(f"alarm: {why}" for why in self.alarms)])

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("method", "estimate", "se", "lower", "upper", "p", "placebo_p", "total", "total_lower", "total_upper")
        return {name: [getattr(self, name)] for name in names}

    def _draw(self, axes: Any) -> None:
        axes.plot(range(len(self.days)), self.observed, color="black", label="observed")
        axes.plot(range(len(self.days)), self.expected, color="black", linestyle="--", label="expected without")
        axes.legend()

    def _title(self) -> str:
        return f"{self.method}: {', '.join(self.treated[:5])}{' …' if len(self.treated) > 5 else ''}"
