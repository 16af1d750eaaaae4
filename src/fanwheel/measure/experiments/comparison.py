"""What a comparison of two arms says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import estimator, intervals, kernels
from fanwheel.measure.experiments.estimator import Estimate
from fanwheel.measure.experiments.intervals import Rule
from fanwheel.measure.experiments.moments import Pair
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class Comparison(Result):
    """One treated arm against the control.

    ``estimate``, ``se``, ``lower`` and ``upper`` are in the unit of the outcome, or fractions of the control mean where
    ``relative``; a bound that a one-sided test leaves open is None. ``p`` and the interval hold at every look if
    ``rule.sequential``. ``variance_reduction`` is what the pre-period columns took off se², ``balance_z`` the deviate
    by which the arms differed in them before the test (None without them). ``alarms`` are reasons to distrust it all.
    """

    outcome: str
    treated: str
    control: str
    estimate: float
    se: float
    degrees: float
    lower: float | None
    upper: float | None
    p: float
    rule: Rule
    relative: bool
    people_treated: int
    people_control: int
    units: int
    mean_treated: float
    mean_control: float
    plain_estimate: float
    plain_se: float
    variance_reduction: float
    balance_z: float | None
    slope: tuple[float, ...]
    alarms: tuple[str, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether the interval leaves out zero."""
        return (self.lower is not None and self.lower > 0) or (self.upper is not None and self.upper < 0)

    def summary(self) -> str:
        """The estimates as text, and every alarm."""
        return "\n".join([super().summary(), *(f"alarm: {why}" for why in self.alarms)])

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: [value] for name, value in row(self).items()}

    def _draw(self, axes: Any) -> None:
        draw([self], axes)

    def _title(self) -> str:
        return f"{self.treated} against {self.control}: {self.outcome}{' (relative)' if self.relative else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of two arms: names for the answer, the rule, and the shares that were planned."""

    outcome: str
    treated: str
    control: str
    rule: Rule
    ratio: bool = False
    relative: bool = False
    planned_share: float | None = None
    backend: str = "pyarrow"


def conclude(pair: Pair, asked: Question) -> Comparison:
    """The answer of two arms; ``NotEnoughDataError`` says how much is missing."""
    _require_enough(pair, asked)
    found = estimator.estimate(pair, ratio=asked.ratio, relative=asked.relative)
    spans = bool(pair.shared.any())
    people = pair.treated.people + pair.control.people
    units = people if spans else pair.treated.units + pair.control.units
    difference = kernels.Difference(found.estimate, found.se, found.degrees)
    interval = intervals.interval(difference, units, asked.rule)
    reduced = 1.0 - (found.se / found.plain_se) ** 2 if len(found.slope) and found.plain_se > 0 else 0.0
    return Comparison(
        outcome=asked.outcome, treated=asked.treated, control=asked.control, rule=asked.rule, relative=asked.relative,
        estimate=found.estimate, se=found.se, degrees=found.degrees,
        lower=interval.lower, upper=interval.upper, p=interval.p,
        people_treated=int(pair.treated.people), people_control=int(pair.control.people), units=int(units),
        mean_treated=found.mean_treated, mean_control=found.mean_control,
        plain_estimate=found.plain_estimate, plain_se=found.plain_se,
        variance_reduction=reduced, balance_z=found.balance_z, slope=tuple(map(float, found.slope)),
        alarms=_alarms(found, sample_ratio=_sample_ratio(pair, asked.planned_share, by_people=spans)),
        not_identified=_doubts(found, relative=asked.relative), backend=asked.backend,
    )  # fmt: skip


def _require_enough(pair: Pair, asked: Question) -> None:
    for name, arm in ((asked.treated, pair.treated), (asked.control, pair.control)):
        if arm.units < 2:
            kind = "People" if arm.units == arm.people else "Clusters"
            raise NotEnoughDataError(f"{kind} in arm “{name}”: {arm.units:g}; a comparison needs at least 2.")
        if asked.ratio and not arm.mean[1] > 0:
            raise NotEnoughDataError(
                f"What “{asked.outcome}” is divided by is 0 in “{name}”; the ratio needs at least 1 person with any.",
                hint="Wait, or compare the outcome itself.",
            )
    if asked.relative and not pair.control.mean[0]:
        raise NotEnoughDataError(
            f"The mean of “{asked.outcome}” is 0 in “{asked.control}”; a relative lift needs at least 1 outcome there.",
            hint="Wait, or use relative=False.",
        )


def _sample_ratio(pair: Pair, planned_share: float | None, *, by_people: bool) -> float | None:
    if planned_share is None:
        return None
    if not 0 < planned_share < 1:
        raise BadDataError(f"planned_share is {planned_share:g}.", hint="Give the share planned to be treated, as 0.9.")
    counts = [arm.people if by_people else arm.units for arm in (pair.treated, pair.control)]
    return float(kernels.sample_ratio_p(counts, [planned_share, 1.0 - planned_share]))


def row(one: Comparison) -> dict[str, Any]:
    """The line of a comparison in a table."""
    names = (
        "outcome", "treated", "control", "people_treated", "people_control", "mean_treated", "mean_control", "estimate",
        "se", "lower", "upper", "p", "variance_reduction", "balance_z",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names}


def draw(many: Sequence[Comparison], axes: Any) -> None:
    """Each estimate as a dot with whiskers, hollow where the interval spans zero."""
    for place, one in enumerate(many):
        low = one.estimate if one.lower is None else one.lower
        high = one.estimate if one.upper is None else one.upper
        axes.plot([low, high], [place, place], color="black", linestyle="-" if one.is_proven else "--")
        axes.plot([one.estimate], [place], "o", color="black", markerfacecolor="black" if one.is_proven else "white")
    axes.axvline(0.0, color="gray", linewidth=1)
    axes.set_yticks(range(len(many)), [f"{one.outcome}: {one.treated}" for one in many])


def _alarms(found: Estimate, *, sample_ratio: float | None) -> tuple[str, ...]:
    """Reasons to distrust a comparison, in plain sentences."""
    said = []
    if sample_ratio is not None and sample_ratio < 0.001:
        said.append(
            f"The arms are not of the sizes planned (p = {sample_ratio:.2g}): people were lost or counted twice in one "
            "of them, so find out why before believing the estimate."
        )
    if found.balance_z is not None and abs(found.balance_z) > 3.29:
        said.append(
            f"The arms already differed before the test, by {abs(found.balance_z):.1f} standard errors: "
            "the assignment was not random, or the pre-period reaches into the test."
        )
    return tuple(said)


def _doubts(found: Estimate, *, relative: bool) -> tuple[str, ...]:
    """What the data cannot tell, in plain sentences."""
    said = []
    if not found.se > 0:
        said.append("The error: no outcome varies within an arm. Wait for more outcomes.")
    if relative and found.control_se > 0 and abs(found.mean_control) < 3.0 * found.control_se:
        said.append(
            "The relative lift: the control mean is within three standard errors of zero, so a share of it is a guess. "
            "Compare absolutely, or wait for more outcomes."
        )
    return tuple(said)
