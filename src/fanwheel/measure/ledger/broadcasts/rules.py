"""What the arms of a broadcast say; no input, no output, no clock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Final

from fanwheel.measure.ledger.broadcasts.contracts import HOLDOUTS, Arm, Comparison, Holdout, Lift, Side
from fanwheel.measure.ledger.experiments import rules as experiments
from fanwheel.measure.ledger.experiments.contracts import Arm as Sums
from fanwheel.measure.ledger.experiments.contracts import Finding

_SUMS: Final = (
    "people", "converted", "converted_before", "converted_both", "value", "value_squares", "value_before",
    "value_before_squares", "value_cross", "elapsed",
)  # fmt: skip


def lift(arms: Sequence[Arm], *, in_both: int, step_share: float, with_value: bool, as_of: datetime) -> Lift:
    """Every comparison of whom a broadcast reached with whom a holdout kept from it, intention to treat.

    Parameters
    ----------
    arms : sequence of Arm
        By name and channel. Both sides passed every rule of the gate but the holdout, so they are alike but for it;
        whoever the platform then refused stays among the treated.
    in_both : int
        People who were on both sides before turning out to be one; they are in neither.
    step_share : fraction
        Held out of this broadcast alone; the other shares stand with the arms.
    with_value : bool
        Whether what people brought is known, too.
    as_of : datetime
        When they were counted.

    Notes
    -----
    Holdouts are asked in the order universal, channel, broadcast, by independent hashes. So of people who may be
    treated, the share planned for a broadcast's own holdout is s, for the channel's c / (c + (1 - c)(1 - s)), for the
    universal one u / (u + (1 - u)(1 - c)(1 - s)). A channel's holdout is compared with the treated of that channel.
    """
    treated = [arm for arm in arms if arm.name == "treated"]
    found: list[Comparison] = []
    for holdout in HOLDOUTS:
        held = [arm for arm in arms if arm.name == holdout]
        groups = [[arm] for arm in held] if holdout == "channel" else [held] if held else []
        for group in sorted(groups, key=lambda each: -sum(arm.people for arm in each)):
            alike = [arm for arm in treated if holdout != "channel" or arm.channel == group[0].channel]
            planned = _planned(holdout, group, arms, step_share=step_share)
            found.append(_compare(holdout, alike, group, planned=planned, in_both=in_both, with_value=with_value))
    whole = _sum(treated)
    return Lift(as_of=as_of, treated=_side(whole), comparisons=tuple(found))


def _compare(
    holdout: Holdout,
    treated: Sequence[Arm],
    held: Sequence[Arm],
    *,
    planned: float | None,
    in_both: int,
    with_value: bool,
) -> Comparison:
    one, zero = _sum(treated), _sum(held)
    people = one.people + zero.people
    # Without a plan the sizes are as good as planned.
    share = planned if planned is not None else one.people / max(people, 1)
    elapsed = (one.elapsed + zero.elapsed) / max(people, 1)

    def judge(of: str) -> Finding:
        sums = [_sums(one, of, is_treated=True), _sums(zero, of, is_treated=False)]
        return experiments.judge(sums, in_both=in_both, treated_share=share, elapsed=elapsed, people=people)

    return Comparison(
        holdout=holdout,
        channel=held[0].channel if holdout == "channel" else None,
        treated=_side(one),
        held_out=_side(zero),
        conversion=judge("converted"),
        value=judge("value") if with_value else None,
        sample_ratio_p=_ratio(one.people, zero.people, planned),
        elapsed=elapsed,
    )


def _planned(holdout: Holdout, held: Sequence[Arm], arms: Sequence[Arm], *, step_share: float) -> float | None:
    """The share of treated among both sides that was planned; None where it changed or differs between channels."""
    own = _one(arm.share for arm in held)
    of_channels = _one(arm.share for arm in arms if arm.name == "channel")
    if own is None or not 0 < own < 1:
        return None
    if holdout == "broadcast":
        return 1 - own
    if holdout == "channel":
        return _against(own, (1 - own) * (1 - step_share))
    has_channels = any(arm.name == "channel" for arm in arms)
    if has_channels and of_channels is None:
        return None
    return _against(own, (1 - own) * (1 - (of_channels or 0.0)) * (1 - step_share))


def _against(held: float, treated: float) -> float:
    return treated / (treated + held)


def _one(shares: Iterable[float | None]) -> float | None:
    found = set(shares)
    return found.pop() if len(found) == 1 else None


def _ratio(treated: int, held: int, planned: float | None) -> float | None:
    if planned is None or not treated + held:
        return None
    from fanwheel.measure.experiments import kernels

    return float(kernels.sample_ratio_p([treated, held], [planned, 1 - planned]))


def _sums(arm: Arm, of: str, *, is_treated: bool) -> Sums:
    if of == "converted":
        return Sums(
            is_treated=is_treated, people=arm.people, total=arm.converted, squares=arm.converted,
            pre_total=arm.converted_before, pre_squares=arm.converted_before, cross=arm.converted_both,
        )  # fmt: skip
    return Sums(
        is_treated=is_treated, people=arm.people, total=arm.value, squares=arm.value_squares,
        pre_total=arm.value_before, pre_squares=arm.value_before_squares, cross=arm.value_cross,
    )  # fmt: skip


def _sum(arms: Sequence[Arm]) -> Arm:
    """Several channels as one."""
    none = Arm(name="treated", channel="", share=None, **dict.fromkeys(_SUMS, 0))
    return reduce(_add, arms, none)


def _add(one: Arm, other: Arm) -> Arm:
    sums = {name: getattr(one, name) + getattr(other, name) for name in _SUMS}
    return Arm(name=other.name, channel=other.channel, share=None, **sums)


def _side(arm: Arm) -> Side:
    return Side(people=arm.people, converted=round(arm.converted), value=round(arm.value))
