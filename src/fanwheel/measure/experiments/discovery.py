"""Comparing on many outcomes at once, without finding too much by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.experiments import comparison, samples
from fanwheel.measure.experiments.compare import of_sample
from fanwheel.measure.experiments.comparison import Comparison
from fanwheel.measure.experiments.intervals import Alternative, Rule, Sequential
from fanwheel.measure.results import Result

Vector = NDArray[np.float64]
Procedure = Literal["bh", "by"]


@dataclass(frozen=True, kw_only=True)
class Comparisons(Result):
    """Every outcome of every treated arm, with p adjusted for how many there are.

    ``adjusted_p`` at most ``level`` is a discovery: of those, at most the share ``level`` is false on average.
    Intervals are not adjusted.
    """

    answers: tuple[Comparison, ...]
    adjusted_p: tuple[float, ...]
    level: float
    procedure: Procedure

    @property
    def discoveries(self) -> tuple[Comparison, ...]:
        """The comparisons that hold up among so many."""
        return tuple(one for one, p in zip(self.answers, self.adjusted_p, strict=True) if p <= self.level)

    def summary(self) -> str:
        """The estimates as text, and every alarm."""
        said = dict.fromkeys(f"alarm: {one.outcome}: {why}" for one in self.answers for why in one.alarms)
        return "\n".join([super().summary(), *said])

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        rows = [comparison.row(one) for one in self.answers]
        columns = {name: [line[name] for line in rows] for name in rows[0]}
        return columns | {"adjusted_p": self.adjusted_p, "is_discovery": [p <= self.level for p in self.adjusted_p]}

    def _draw(self, axes: Any) -> None:
        comparison.draw(self.answers, axes)

    def _title(self) -> str:
        return (
            f"{len(self.discoveries)} of {len(self.answers)} comparisons hold up at {self.level:.0%} false discoveries"
        )


def compare_many(
    data: Any,
    *,
    outcomes: Sequence[str],
    arm: str,
    procedure: Procedure = "bh",
    level: float = 0.05,
    control: Any = None,
    pre: Mapping[str, str] | None = None,
    cluster: str | None = None,
    relative: bool = False,
    winsorize: float | None = None,
    sequential: Sequential | None = None,
    planned_n: float | None = None,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
    person: str | None = None,
) -> Comparisons:
    """Several outcomes, and any number of treated arms, each against the control, with false discoveries controlled.

    Parameters
    ----------
    outcomes : sequence of str
        Columns; one row per person.
    procedure, level
        “bh” (Benjamini-Hochberg: outcomes that move together or apart at random) or “by” (Benjamini-Yekutieli: any
        dependence, wider) · the share of discoveries that may be false.
    pre : mapping
        For an outcome, the column of the same thing before the test (CUPED).
    data, arm, control, cluster, relative, winsorize, sequential, planned_n, alpha, alternative, person
        As in ``compare``.

    Notes
    -----
    Raises as ``compare`` does. Formula and source: ``adjust``.
    """
    rule = Rule(alpha=alpha, alternative=alternative, sequential=sequential, planned_n=planned_n)
    answers: list[Comparison] = []
    for outcome in _distinct(outcomes):
        before = [pre[outcome]] if pre and outcome in pre else []
        (sample,) = samples.read(data, [outcome], arm=arm, control=control, pre=before, cluster=cluster, person=person)
        answers += of_sample(sample, outcome, rule, relative=relative, winsorize=winsorize, many=True)
    adjusted = tuple(map(float, adjust(np.array([one.p for one in answers]), procedure=procedure)))
    doubts = dict.fromkeys(f"{one.outcome}: {why}" for one in answers for why in one.not_identified)
    return Comparisons(
        answers=tuple(answers), adjusted_p=adjusted, level=level, procedure=procedure,
        not_identified=tuple(doubts), backend=answers[0].backend,
    )  # fmt: skip


def adjust(p: Vector, *, procedure: Procedure = "bh") -> Vector:
    """The p values, each raised to the least share of false discoveries at which it would still be one.

    Parameters
    ----------
    p : (m,) array
        Fractions; m at least 1.
    procedure : {"bh", "by"}
        “by” allows any dependence between them.

    Returns
    -------
    (m,) array
        In the order given, at most 1.

    Raises
    ------
    BadDataError
        For a p outside 0 to 1, or an unknown procedure.

    Notes
    -----
    min over ranks k ≥ own of p₍ₖ₎·m·c/k, with c = 1 (bh) or 1 + 1/2 + … + 1/m (by).
    Source: Benjamini & Hochberg (1995), JRSS B 57; Benjamini & Yekutieli (2001), Annals of Statistics 29.
    """
    p = np.asarray(p, dtype=np.float64)
    if procedure not in ("bh", "by"):
        raise BadDataError(f"procedure is “{procedure}”.", hint="Give “bh” or “by”.")
    if not len(p) or not ((p >= 0) & (p <= 1)).all():
        raise BadDataError("p values must be fractions, at least one of them.", hint="Give what compare() returned.")
    ranks = np.arange(1, len(p) + 1)
    penalty = len(p) * (np.sum(1.0 / ranks) if procedure == "by" else 1.0)
    order = np.argsort(p, kind="stable")
    raised = np.minimum.accumulate((p[order] * penalty / ranks)[::-1])[::-1]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(raised, 1.0)
    return adjusted


def _distinct(outcomes: Sequence[str]) -> list[str]:
    names = [outcomes] if isinstance(outcomes, str) else list(dict.fromkeys(outcomes))
    if not names:
        raise BadDataError("There are no outcomes to compare.", hint="Name at least one column.")
    return names
