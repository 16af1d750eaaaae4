"""What to do next: cut, keep, scale, or test, and which test is worth most."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import special

from fanwheel.measure.experiments import kernels
from fanwheel.measure.verdicts.notes import Code, Note, note


class State(StrEnum):
    """What is proven about a channel."""

    WASTED = "wasted"
    WORKING = "working"
    UNPROVEN = "not yet proven"


class Step(StrEnum):
    """What to do about a channel; only what is proven is cut, kept or scaled, else the best guess leans to it."""

    CUT = "cut"
    KEEP = "keep"
    SCALE = "scale"
    TEST = "test"
    LEAN_CUT = "lean to cut"
    LEAN_KEEP = "lean to keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do, and for a test how large, how long and what it is worth.

    ``holdout_share`` and ``days`` are those of the test that would settle the question and is worth most over the
    next two years; ``worth`` is that worth, in money, less what the test costs. ``meanwhile`` is what to do until then:
    lean to cut or to keep by the best guess, or keep things as they are where there is none.
    """

    step: Step
    meanwhile: Step
    holdout_share: float | None = None
    days: int | None = None
    worth: float | None = None
    note: Note

    @property
    def why(self) -> str:
        """The reason in English."""
        return str(self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """Profit of a day as it is known: mean and standard deviation after ``days`` at a holdout of ``share``."""

    mean: float
    sd: float
    days: float
    share: float


_SHARES: Final = np.array([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5])
_DAYS: Final = np.arange(7.0, 365.0, 7.0)
_HORIZON_DAYS: Final = 730.0
_SCALE_FROM: Final = 1.25  # the proven return is at least so many times break-even


def act(
    state: State, belief: Belief | None, *, guess: float | None, floor: float | None, break_even: float, alpha: float
) -> Action:
    """What to do about a channel in this state.

    ``belief`` is what a holdout says, ``guess`` the best guess of its profit, by whatever evidence, and ``floor`` the
    lowest return (revenue by spend) not ruled out; each is None where nothing is known.
    """
    if state is State.WASTED:
        return Action(step=Step.CUT, meanwhile=Step.CUT, note=note(Code.DOES_NOT_PAY))
    if state is State.WORKING:
        if floor is not None and floor >= _SCALE_FROM * break_even:
            reason = note(Code.PAYS_TIMES, times=floor / break_even)
            return Action(step=Step.SCALE, meanwhile=Step.KEEP, note=reason)
        return Action(step=Step.KEEP, meanwhile=Step.KEEP, note=note(Code.PAYS))
    if belief is not None:
        return _test(belief, alpha)
    if guess is not None:
        return Action(step=Step.TEST, meanwhile=_lean(guess), note=note(Code.HOLDOUT_WOULD_TELL))
    return Action(step=Step.TEST, meanwhile=Step.KEEP, note=note(Code.NOTHING_KNOWN))


def _lean(guess: float) -> Step:
    return Step.LEAN_KEEP if guess >= 0 else Step.LEAN_CUT


def _test(belief: Belief, alpha: float) -> Action:
    """The holdout whose answer is worth most, by the value of information over two years.

    Notes
    -----
    With u = |m|/s the answer of a test that moves the mean by s̃ = s²/√(s² + v²) is worth s̃φ(m/s̃) - |m|Φ(-|m|/s̃) a
    day; v² = s² days h(1-h)/(d g(1-g)) for d days at a share g. The test costs what it withholds of a channel that
    seems to pay, or goes on spending on one that does not.
    Source: Raiffa & Schlaifer (1961), Applied Statistical Decision Theory, chapter 5.
    """
    mean, sd = belief.mean, max(belief.sd, 1e-12)
    meanwhile = _lean(mean)
    known = belief.days * belief.share * (1.0 - belief.share)
    share, days = np.meshgrid(_SHARES, _DAYS, indexing="ij")
    fresh = sd * np.sqrt(known / (days * share * (1.0 - share)))
    after = sd * fresh / np.sqrt(sd * sd + fresh * fresh)
    factor = kernels.confidence_sequence_half_width(1.0, 1.0, planned_n=1.0, alpha=alpha, sides=1)
    settles = factor * after <= max(abs(mean), sd)
    moved = sd * sd / np.sqrt(sd * sd + fresh * fresh)
    deviate = abs(mean) / moved
    gain = moved * (np.exp(-0.5 * deviate * deviate) / np.sqrt(2.0 * np.pi) - deviate * special.ndtr(-deviate))
    # A channel that seems to pay is missed by those held out; one that does not would otherwise be cut at once.
    cost = days * (max(mean, 0.0) * (share - belief.share) + max(-mean, 0.0) * (1.0 - share))
    worth = (_HORIZON_DAYS - days) * gain - cost
    if settles.any():
        worth = np.where(settles, worth, -np.inf)
    best = np.unravel_index(int(np.argmax(worth)), worth.shape)
    if worth[best] <= 0:
        return Action(step=meanwhile, meanwhile=meanwhile, note=note(Code.TEST_TOO_DEAR))
    plan = {"share": float(share[best]), "days": int(days[best])}
    return Action(
        step=Step.TEST,
        meanwhile=meanwhile,
        holdout_share=float(share[best]),
        days=int(days[best]),
        worth=float(worth[best]),
        note=note(Code.TEST_SETTLES if settles[best] else Code.TEST_MAY_NOT_SETTLE, **plan),
    )
