"""What holdouts say a channel caused: the estimate, its standard error, and how it was come by."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.errors import NotEnoughDataError
from fanwheel.measure.experiments import kernels
from fanwheel.measure.frames import Vector
from fanwheel.measure.verdicts import covariates
from fanwheel.measure.verdicts.facts import DAY_US, NEVER, NOBODY, UNIVERSAL, Facts
from fanwheel.measure.verdicts.notes import Code, Note, note

Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]
LEAST_HELD: Final = 30  # people in either arm, and orders in the arm held out, before a normal interval is drawn
_LEAST_ORDERS: Final = 10
_PEOPLE_PER_COLUMN: Final = 20


class HoldoutTooSmallError(NotEnoughDataError):
    """A holdout is too small for an interval; the message says how much would be enough."""

    def __init__(self, why: Note, *, hint: str = "Widen the holdout or wait.") -> None:
        super().__init__(str(why), hint=hint)
        self.why = why
        self.by_channel: dict[str, Note] = {}  # why of every channel, where none has an estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Revenue caused among those who were shown the channel, in money, and the evidence behind it.

    ``kind`` is ``ghost exposure`` or ``intent to treat``; ``share`` is the share held out; ``spread`` the standard
    deviation of one person's outcome after adjustment. ``reached`` is the share of those held out who met the channel
    all the same, ``sample_ratio_p`` None where nothing says which share was planned.
    """

    kind: str
    begin: int
    revenue: float
    se: float
    shown: int
    held: int
    left_out: int
    share: float
    spread: float
    variance_reduction: float
    balance_z: float
    reached: float
    sample_ratio_p: float | None
    planned_share: float | None

    @property
    def people(self) -> int:
        """People in both arms."""
        return self.shown + self.held


@dataclass(frozen=True, kw_only=True, eq=False)
class Arms:
    """Who is compared from when on: ``since`` for each person, NEVER where not counted."""

    kind: str
    begin: int
    since: Codes
    is_held: Flags
    left_out: int
    reached: float


def arms(facts: Facts, channel: int) -> Arms | None:
    """The people whom a channel would have met, by their holdout; None without a holdout of this channel.

    Membership is fixed by the first would-be exposure after the holdout began, before the channel can have done
    anything; those in the universal holdout have no other channels and are left out, as are those held out of the
    channel of which this is a part. Without ghosts everybody counts from the beginning.
    """
    held_since = facts.held.get(facts.channels[channel])
    if held_since is None:
        return None
    is_held = held_since < NEVER
    if not is_held.any():
        return None
    begin = max(facts.start, int(held_since[is_held].min()))
    rows = np.flatnonzero((facts.touch_channel == channel) & (facts.touch_at >= begin))
    has_ghosts = bool((facts.touch_is_ghost[rows] & is_held[facts.touch_person[rows]]).any())
    since, left_out, reached = _first(facts, rows), 0, 0.0
    if has_ghosts:
        late = is_held & (held_since > np.maximum(since, begin)) & (since < NEVER)
        since[late] = NEVER
        left_out = int(late.sum())
        reached = _reached(facts, rows, is_held & (since < NEVER))
    else:
        since = np.where(_is_known_before(facts, begin) | facts.is_counted, begin, NEVER)
    since[facts.is_held(UNIVERSAL)] = NEVER
    whole = facts.parts.get(facts.channels[channel])
    if whole is not None:
        since[facts.is_held(whole)] = NEVER
    kind = "ghost exposure" if has_ghosts else "intent to treat"
    return Arms(kind=kind, begin=begin, since=since, is_held=is_held, left_out=left_out, reached=reached)


def everything(facts: Facts) -> Arms | None:
    """The universal holdout against everybody else; None without one."""
    held_since = facts.held.get(UNIVERSAL)
    if held_since is None:
        return None
    is_held = held_since < NEVER
    if not is_held.any():
        return None
    begin = max(facts.start, int(held_since[is_held].min()))
    since = np.where(_is_known_before(facts, begin) | facts.is_counted, begin, NEVER)
    return Arms(kind="intent to treat", begin=begin, since=since, is_held=is_held, left_out=0, reached=0.0)


def estimate(facts: Facts, compared: Arms, *, share: float | None = None, segment: int = NOBODY) -> Estimate:
    """The revenue that the arms differ by, freed of what could be foretold.

    Raises
    ------
    HoldoutTooSmallError
        If an arm is too small for a normal interval; the message says how many are needed.

    Notes
    -----
    Y - θX with θ by least squares within arms; the difference of its means times the people shown. Where orders have
    referrers the standard error lets a referrer and those referred move together.
    Source: Johnson, Lewis & Nubbemeyer (2017), J. Marketing Research 54(6); Deng, Xu, Kohavi & Walker (2013), WSDM.
    """
    counted = compared.since < NEVER
    if segment != NOBODY:
        counted &= facts.segment == segment
    who = np.flatnonzero(counted)
    is_shown = ~compared.is_held[who]
    value = covariates.outcomes(facts, compared.since)[who]
    _need_enough(value, is_shown)
    columns = _columns(facts, compared, who, min(int(is_shown.sum()), int((~is_shown).sum())))
    found = kernels.cuped(value, columns, is_shown)
    adjusted = value - columns @ found.slope
    shown, held = int(is_shown.sum()), int((~is_shown).sum())
    planned = _planned(facts, compared, share)
    return Estimate(
        kind=compared.kind,
        begin=compared.begin,
        revenue=found.estimate * shown,
        se=_standard_error(facts, who, adjusted, is_shown, found.se) * shown,
        shown=shown,
        held=held,
        left_out=compared.left_out,
        share=held / (shown + held),
        spread=float(adjusted.std()),
        variance_reduction=max(found.reduction, 0.0),
        balance_z=found.balance_z,
        reached=compared.reached,
        sample_ratio_p=_sample_ratio_p((shown, held), planned),
        planned_share=planned,
    )


def _first(facts: Facts, rows: Codes) -> Codes:
    since = np.full(facts.known, NEVER, dtype=np.int64)
    np.minimum.at(since, facts.touch_person[rows], facts.touch_at[rows])
    return since


def _reached(facts: Facts, rows: Codes, held: Flags) -> float:
    """The share of those held out who met the channel all the same."""
    real = rows[~facts.touch_is_ghost[rows]]
    met = np.zeros(facts.known, dtype=np.bool_)
    met[facts.touch_person[real]] = True
    return float((met & held).sum() / max(held.sum(), 1))


def _is_known_before(facts: Facts, begin: int) -> Flags:
    known = np.zeros(facts.known, dtype=np.bool_)
    known[facts.order_person[facts.order_at < begin]] = True
    known[facts.touch_person[facts.touch_at < begin]] = True
    return known


def _need_enough(value: Vector, is_shown: Flags) -> None:
    shown, held = int(is_shown.sum()), int((~is_shown).sum())
    if min(shown, held) < LEAST_HELD:
        raise HoldoutTooSmallError(note(Code.TOO_FEW_PEOPLE, shown=shown, held=held, least=LEAST_HELD))
    buyers = int((value[~is_shown] > 0).sum())
    if buyers < _LEAST_ORDERS:
        needed = round(held * _LEAST_ORDERS / max(buyers, 1))
        raise HoldoutTooSmallError(
            note(Code.TOO_FEW_BUYERS, buyers=buyers, held=held, least=_LEAST_ORDERS, needed=needed)
        )


def _columns(facts: Facts, compared: Arms, who: Codes, smaller: int) -> Vector:
    rich = covariates.foretelling(facts, compared.since, who, begin=compared.begin)
    if smaller >= _PEOPLE_PER_COLUMN * rich.shape[1]:
        return rich
    few = covariates.plain(facts, compared.since, who, begin=compared.begin)
    return few if smaller >= _PEOPLE_PER_COLUMN * few.shape[1] else np.zeros((len(who), 1))


def _standard_error(facts: Facts, who: Codes, adjusted: Vector, is_shown: Flags, alone: float) -> float:
    referrer = np.arange(facts.known)
    invited = facts.order_referrer >= 0
    if not invited.any():
        return alone
    referrer[facts.order_person[invited]] = facts.order_referrer[invited]
    return max(float(kernels.cluster_robust(adjusted, is_shown, referrer[who]).se), alone)


def _planned(facts: Facts, compared: Arms, share: float | None) -> float | None:
    """The share that should be held out: as planned, or as found among everybody counted."""
    if share is None and facts.is_counted and compared.kind == "ghost exposure":
        others = ~facts.is_held(UNIVERSAL)
        share = float((compared.is_held & others).sum() / others.sum())
    return share if share is not None and 0 < share < 1 else None


def _sample_ratio_p(counts: tuple[int, int], planned: float | None) -> float | None:
    """How likely a split at least this uneven is, against the share planned."""
    if planned is None:
        return None
    return float(kernels.sample_ratio_p(np.array(counts), np.array([1.0 - planned, planned])))


def days(facts: Facts, found: Estimate) -> float:
    """How long the holdout has lasted."""
    return (facts.end - found.begin) / DAY_US
