"""What the route of a broadcast's lift answers."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel

from fanwheel.measure.ledger.broadcasts.contracts import Comparison, Holdout, Lift, Side
from fanwheel.measure.ledger.experiments.contracts import Caution, Finding, State

_CONFIDENCE: Final = 0.95
_ALARM: Final = 0.001


class LiftSide(BaseModel):
    """People, how many of them converted, and what they brought in minor units of the currency."""

    people: int
    converted: int
    value: int


class LiftEffect(BaseModel):
    """By how much more of the treated converted: in shares of people, and relative to those held out.

    Both hold between ``low`` and ``high`` with ``confidence`` however often one looks.
    """

    absolute: float
    low: float
    high: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    p_value: float
    confidence: float


class LiftValue(BaseModel):
    """What the broadcast brought per person treated, in minor units, and in all."""

    estimate: float
    low: float
    high: float
    p_value: float
    gained: float
    gained_low: float
    gained_high: float


class LiftRatio(BaseModel):
    """Whether the sides are as large as planned; where not, somebody was lost and no figure can be believed."""

    ok: bool
    p: float


class _Figures(BaseModel):
    """By how much two sides differ, and how sure that is."""

    state: State
    treated: LiftSide
    held_out: LiftSide
    lift: LiftEffect | None
    value: LiftValue | None
    value_state: State | None
    sample_ratio: LiftRatio | None
    elapsed: float
    cautions: list[Caution]


class LiftComparison(_Figures):
    """The treated against those whom one holdout kept from it.

    ``state`` is of the share who converted; “unknown”: nothing can be said, and ``cautions`` say why. Whoever is held
    out universally or from a channel misses other messages too, so those comparisons tell of them as well.
    """

    holdout: Holdout
    channel: str | None


class BroadcastLift(_Figures):
    """What a broadcast has caused: people it reached against people it would have reached but for a holdout.

    The figures are those of the comparison by ``holdout``, the best there is; ``comparisons`` has all. What people did
    within ``days`` after the message counts, or after the moment it would have gone out.
    """

    as_of: datetime
    goal: str
    days: int
    currency: str
    holdout: Holdout | None
    comparisons: list[LiftComparison]


def of(found: Lift, *, goal: str, days: int, currency: str) -> BroadcastLift:
    """The answer of a lift."""
    comparisons = [_comparison(each) for each in found.comparisons]
    best = comparisons[0] if comparisons else _nothing(found)
    return BroadcastLift(
        as_of=found.as_of, goal=goal, days=days, currency=currency, comparisons=comparisons,
        holdout=comparisons[0].holdout if comparisons else None,
        **{name: getattr(best, name) for name in _Figures.model_fields},
    )  # fmt: skip


def _nothing(found: Lift) -> _Figures:
    return _Figures(
        state="unknown", treated=_side(found.treated), held_out=LiftSide(people=0, converted=0, value=0), lift=None,
        value=None, value_state=None, sample_ratio=None, elapsed=0.0, cautions=["too_few_people"],
    )  # fmt: skip


def _comparison(one: Comparison) -> LiftComparison:
    said: list[Caution] = [*one.conversion.cautions, *(one.value.cautions if one.value else ())]
    p = one.sample_ratio_p
    return LiftComparison(
        holdout=one.holdout, channel=one.channel, state=one.conversion.state, treated=_side(one.treated),
        held_out=_side(one.held_out), lift=_effect(one.conversion), value=_value(one.value),
        value_state=one.value.state if one.value else None,
        sample_ratio=None if p is None else LiftRatio(ok=p >= _ALARM, p=p),
        elapsed=one.elapsed, cautions=sorted(set(said)),
    )  # fmt: skip


def _side(side: Side) -> LiftSide:
    return LiftSide(people=side.people, converted=side.converted, value=side.value)


def _effect(found: Finding) -> LiftEffect | None:
    if found.estimate is None or found.lower is None or found.upper is None or found.p is None:
        return None
    return LiftEffect(
        absolute=found.estimate, low=found.lower, high=found.upper, relative=found.lift,
        relative_low=found.lift_lower, relative_high=found.lift_upper, p_value=found.p, confidence=_CONFIDENCE,
    )  # fmt: skip


def _value(found: Finding | None) -> LiftValue | None:
    if found is None or found.estimate is None or found.gained is None:
        return None
    assert found.lower is not None
    assert found.upper is not None
    assert found.gained_lower is not None
    assert found.gained_upper is not None
    assert found.p is not None
    return LiftValue(
        estimate=found.estimate, low=found.lower, high=found.upper, p_value=found.p, gained=found.gained,
        gained_low=found.gained_lower, gained_high=found.gained_upper,
    )  # fmt: skip
