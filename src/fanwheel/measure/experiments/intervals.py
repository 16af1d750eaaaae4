"""From an estimate and its error to an interval and a p: looked at once, or as often as one likes."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.experiments import kernels

Alternative = Literal["two-sided", "greater", "less"]
Sequential = Literal["confidence_sequence", "msprt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How sure an interval must be, in which direction, and whether it may be looked at early."""

    alpha: float = 0.05
    alternative: Alternative = "two-sided"
    sequential: Sequential | None = None
    planned_n: float | None = None
    tau: float | None = None

    def __post_init__(self) -> None:
        _demand(0 < self.alpha < 0.5, f"alpha is {self.alpha:g}.", "Give a chance between 0 and 0.5, as 0.05.")
        _demand(
            self.alternative in ("two-sided", "greater", "less"),
            f"alternative is “{self.alternative}”.",
            "Give “two-sided”, “greater” or “less”.",
        )
        _demand(
            self.sequential in (None, "confidence_sequence", "msprt"),
            f"sequential is “{self.sequential}”.",
            "Give “confidence_sequence” or “msprt”, or leave it out.",
        )
        if self.sequential == "confidence_sequence":
            _demand(
                self.planned_n is not None and self.planned_n >= 1,
                "A confidence sequence needs planned_n.",
                "Give the people, of both arms, at which the interval is to be narrowest; fix it before the test.",
            )
        if self.sequential == "msprt":
            _demand(
                self.tau is not None and self.tau > 0,
                "A mixture test needs tau.",
                "Give the standard deviation of the effects thought possible, in the unit of the estimate.",
            )
            _demand(
                self.alternative == "two-sided",
                "A mixture test has two sides.",
                "Use sequential=“confidence_sequence” for a one-sided test.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bounds and p; a bound is None on the side that a one-sided test leaves open."""

    lower: float | None
    upper: float | None
    p: float


def interval(found: kernels.Difference, n: float, rule: Rule) -> Interval:
    """The interval of an estimate from ``n`` people (or clusters); a point with p 1 where nothing varies."""
    if not found.se > 0:
        return _open(found, 0.0, 1.0, rule)
    sides = 2 if rule.alternative == "two-sided" else 1
    deviate = float(found.estimate / found.se)
    deviate = {"two-sided": abs(deviate), "greater": deviate, "less": -deviate}[rule.alternative]
    if rule.sequential == "msprt":
        mixture = kernels.msprt(
            found.estimate, found.se**2 * n, n, tau_squared=(rule.tau or 1.0) ** 2, alpha=rule.alpha
        )
        return _open(found, float(mixture.half_width), float(mixture.p), rule)
    if rule.sequential == "confidence_sequence":
        width = kernels.confidence_sequence_half_width(
            found.se, n, planned_n=rule.planned_n, alpha=rule.alpha, sides=sides
        )
        p = kernels.confidence_sequence_p(deviate, n, planned_n=rule.planned_n, alpha=rule.alpha, sides=sides)
        return _open(found, float(width), float(p), rule)
    reach = float(special.stdtrit(found.degrees, 1.0 - rule.alpha / sides))
    p = min(1.0, sides * float(special.stdtr(found.degrees, -deviate)))
    return _open(found, reach * float(found.se), p, rule)


def _open(found: kernels.Difference, width: float, p: float, rule: Rule) -> Interval:
    lower = None if rule.alternative == "less" else float(found.estimate - width)
    upper = None if rule.alternative == "greater" else float(found.estimate + width)
    return Interval(lower=lower, upper=upper, p=float(np.clip(p, 0.0, 1.0)))


def _demand(holds: bool, problem: str, hint: str) -> None:
    if not holds:
        raise BadDataError(problem, hint=hint)
