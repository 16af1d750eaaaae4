"""Which of several variants is the best, asked as often as one likes while answers come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import kernels, samples
from fanwheel.measure.results import Result

USUAL_LIFT: Final = 0.2


@dataclass(frozen=True, kw_only=True)
class Race(Result):
    """Variants with the people who got them and those who did what was hoped for, and the one that leads.

    ``p`` holds at every look: over all of them together, the chance that a variant is ever called the winner that is
    not better than each of the others is at most ``alpha``.
    """

    variants: tuple[str, ...]
    people: tuple[int, ...]
    successes: tuple[int, ...]
    leader: str
    p: float
    alpha: float

    @property
    def winner(self) -> str | None:
        """The variant that is proven to be the best; None as long as none is."""
        return self.leader if self.p <= self.alpha else None

    @property
    def rates(self) -> tuple[float, ...]:
        """Successes over people; 0 where nobody got the variant."""
        return tuple(done / max(got, 1) for done, got in zip(self.successes, self.people, strict=True))

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {"variant": self.variants, "people": self.people, "successes": self.successes, "rate": self.rates}

    def _draw(self, axes: Any) -> None:
        axes.bar(self.variants, self.rates)
        axes.set_ylabel("successes / people")

    def _title(self) -> str:
        said = f"{self.winner} wins" if self.winner else f"{self.leader} leads"
        return f"{said} (always-valid p = {self.p:.3g})"


def race(data: Any, *, variant: str = "variant", alpha: float = 0.05, usual_lift: float = USUAL_LIFT) -> Race:
    """Which variant is better than each of the others, valid however often one looks.

    Parameters
    ----------
    data : dataframe
        ``people`` who got a variant, dealt at random, and ``successes``: those of them who have done by now what was
        hoped for. Rows of one variant are added up.
    variant : str
        Column of variants.
    alpha : fraction
        Chance, over all looks together, of a winner that is none.
    usual_lift : fraction
        By how much variants differ as a rule; differences of that size are found soonest. Fix it before the test.

    Raises
    ------
    BadDataError, NotEnoughDataError
        For successes without people, fewer than 2 variants, or nobody who got one.

    Notes
    -----
    The leader wins once its evidence against every other variant reaches n/α for n variants. Let b be truly best: for
    another to win it must win against b, and if several are equally good each must win against some other of them; that
    is one wrong answer for each variant at most, with chance α/n each. Evidence: ``kernels.label_mixture``, its prior
    as wide as ln(1 + lift) has it. Common outcomes (half of all people) are found later than a test of final counts
    would find them: the price of answers that arrive at any time.
    """
    if not 0 < alpha < 0.5:
        raise BadDataError(f"alpha is {alpha:g}.", hint="Give a chance between 0 and 0.5, as 0.05.")
    if not usual_lift > 0:
        raise BadDataError(f"usual_lift is {usual_lift:g}.", hint="Give a fraction above 0, as 0.2.")
    frame = frames.read(data, [variant, "people", "successes"])
    names, people, successes = _counts(frame, variant)
    rates = successes / np.maximum(people, 1.0)
    leader = int(np.argmax(rates))
    others = np.arange(len(names)) != leader
    share = people[leader] / (people[leader] + people[others])
    evidence = kernels.label_mixture(
        successes[leader], successes[others], share=share, concentration=concentration(share, usual_lift)
    )
    p = float(min(1.0, len(names) * np.exp(-np.min(evidence))))
    return Race(
        variants=tuple(names), people=tuple(map(int, people)), successes=tuple(map(int, successes)),
        leader=names[leader], p=p, alpha=alpha, backend=frame.backend,
    )  # fmt: skip


def concentration(share: Any, usual_lift: float) -> Any:
    """The weight of the prior under which the logarithm of the ratio of two rates has the spread of a usual lift."""
    return 1.0 / (share * (1.0 - share) * np.log1p(usual_lift) ** 2) - 1.0


def _counts(frame: frames.Frame, variant: str) -> tuple[list[str], frames.Vector, frames.Vector]:
    if not frame.rows:
        raise NotEnoughDataError("data is empty; a comparison needs at least 2 variants.")
    found, codes = samples.labels(frame, variant)
    if len(found) < 2:
        raise NotEnoughDataError(f"There is {len(found)} variant; a comparison needs at least 2.")
    people, successes = (
        np.bincount(codes, weights=frames.numbers(frame, name, at_least=0.0), minlength=len(found)).astype(np.float64)
        for name in ("people", "successes")
    )
    if np.any(successes > people):
        raise BadDataError("A variant has more successes than people.", hint="Count each person once.")
    if not np.all(people > 0):
        raise NotEnoughDataError("Nobody got one of the variants yet; it takes at least 1 person in each.")
    return [str(name) for name in found], people, successes
