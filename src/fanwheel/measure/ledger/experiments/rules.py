"""What the sums of two arms say, and what a test could see; no input, no output, no clock."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from fanwheel.measure.errors import NotEnoughDataError
from fanwheel.measure.ledger.experiments.contracts import Arm, Caution, Finding, Plan, State

_ALPHA: Final = 0.05
_POWER: Final = 0.8
_UNEQUAL: Final = 0.001  # p of the arms' sizes, below which somebody was lost or counted twice in one of them
_DIFFERED: Final = 3.29  # standard errors between the arms before the test: p = 0.001
_LEAST_PEOPLE: Final = 2


def judge(arms: Sequence[Arm], *, in_both: int, treated_share: float, elapsed: float, people: int) -> Finding:
    """What an experiment shows after a fraction ``elapsed`` of its days; ``people`` were dealt.

    Notes
    -----
    The same people are looked at again and again while their outcomes add up, so what grows is not their number but
    the share of the outcome that has happened: the confidence sequence is read at ``elapsed`` of the people dealt and
    is narrowest at the planned end. Source: ``measure.experiments.kernels.confidence_sequence_half_width``.
    """
    from fanwheel.measure.experiments import compare_sums, kernels

    sizes = {arm.is_treated: arm.people for arm in arms}
    treated, control = sizes.get(True, 0), sizes.get(False, 0)
    blank = _blank(treated, control, in_both)
    cautions: tuple[Caution, ...] = ("people_in_both",) if in_both else ()
    if min(treated, control) < _LEAST_PEOPLE:
        return replace(blank, cautions=(*cautions, "too_few_people"))
    found = compare_sums(_table(arms), control="control")
    sizes_p = kernels.sample_ratio_p([treated, control], [treated_share, 1 - treated_share])
    cautions = (*cautions, *_alarms(found.balance_z, float(sizes_p)))
    blank = replace(blank, mean_treated=found.mean_treated, mean_control=found.mean_control)
    if not found.se > 0:
        return replace(blank, cautions=(*cautions, "no_outcomes"))
    seen = min(max(elapsed, 1e-6), 1.0) * people
    half = float(kernels.confidence_sequence_half_width(found.se, seen, planned_n=people, alpha=_ALPHA))
    p = float(kernels.confidence_sequence_p(abs(found.estimate) / found.se, seen, planned_n=people, alpha=_ALPHA))
    lower, upper = found.estimate - half, found.estimate + half
    shown = replace(
        blank, state=_state(lower, upper), estimate=found.estimate, lower=lower, upper=upper, p=min(p, 1.0),
        gained=found.estimate * treated, gained_lower=lower * treated, gained_upper=upper * treated,
        variance_reduction=max(found.variance_reduction, 0.0), cautions=cautions,
    )  # fmt: skip
    return _with_lift(shown, arms, reach=half / found.se)


def _blank(treated: int, control: int, in_both: int) -> Finding:
    """How many there are, and nothing said of them."""
    return Finding(
        state="unknown", people_treated=treated, people_control=control, people_in_both=in_both, mean_treated=None,
        mean_control=None, estimate=None, lower=None, upper=None, p=None, lift=None, lift_lower=None, lift_upper=None,
        gained=None, gained_lower=None, gained_upper=None, variance_reduction=0.0, cautions=(),
    )  # fmt: skip


def _with_lift(shown: Finding, arms: Sequence[Arm], *, reach: float) -> Finding:
    """The same with the effect as a fraction of the control's mean, unless that is too near zero."""
    from fanwheel.measure.experiments import compare_sums

    try:
        found = compare_sums(_table(arms), control="control", relative=True)
    except NotEnoughDataError:
        return shown
    if found.not_identified:
        return shown
    half = reach * found.se
    return replace(shown, lift=found.estimate, lift_lower=found.estimate - half, lift_upper=found.estimate + half)


def plan(past: Sequence[Arm], *, treated_share: float) -> Plan:
    """What an experiment with these people would see, by the spread of their outcomes in the days just past."""
    from fanwheel.measure.experiments import minimum_detectable_effect

    people = sum(arm.people for arm in past)
    treated = round(people * treated_share)
    sizes = {"people": people, "treated": treated, "control": people - treated}
    total = sum(arm.total for arm in past)
    mean = total / people if people else None
    if people < 2 * _LEAST_PEOPLE or not total > 0 or mean is None:
        return Plan(**sizes, mean=mean, lift=None, difference=None, held_back=None)
    (arm,) = past
    variance = max(arm.squares - total * mean, 0.0) / (people - 1)
    if not variance > 0:
        return Plan(**sizes, mean=mean, lift=None, difference=None, held_back=None)
    seen = minimum_detectable_effect(
        people=people, cv=variance**0.5 / mean, holdout=1 - treated_share, alpha=_ALPHA, power=_POWER, sequential=True,
        variance_reduction=_explained(arm),
    )  # fmt: skip
    difference = seen.lift * mean
    return Plan(**sizes, mean=mean, lift=seen.lift, difference=difference, held_back=difference * (people - treated))


def _explained(arm: Arm) -> float:
    """The share of the outcome's variance that the time before explains: the squared correlation."""
    outcome = arm.squares - arm.total**2 / arm.people
    before = arm.pre_squares - arm.pre_total**2 / arm.people
    cross = arm.cross - arm.total * arm.pre_total / arm.people
    return min(cross * cross / (outcome * before), 0.99) if outcome > 0 and before > 0 else 0.0


def _table(arms: Sequence[Arm]) -> dict[str, list[object]]:
    names = ("people", "total", "squares", "pre_total", "pre_squares", "cross")
    table: dict[str, list[object]] = {name: [getattr(arm, name) for arm in arms] for name in names}
    if not any(arm.pre_squares for arm in arms):
        # Nothing happened before, so nothing can be learned from it.
        table = {name: values for name, values in table.items() if not name.startswith(("pre", "cross"))}
    table["arm"] = ["treated" if arm.is_treated else "control" for arm in arms]
    return table


def _alarms(balance_z: float | None, ratio_p: float) -> list[Caution]:
    said: list[Caution] = ["arms_unequal"] if ratio_p < _UNEQUAL else []
    if balance_z is not None and abs(balance_z) > _DIFFERED:
        said.append("arms_differed")
    return said


def _state(lower: float, upper: float) -> State:
    return "helps" if lower > 0 else "harms" if upper < 0 else "unproven"
