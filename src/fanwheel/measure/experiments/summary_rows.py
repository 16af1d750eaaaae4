"""Comparing arms from sums, for tests too large to hold one row per person."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import comparison, moments, samples
from fanwheel.measure.experiments.comparison import Comparison, Question
from fanwheel.measure.experiments.intervals import Alternative, Rule, Sequential

_OPTIONAL: Final = ("squares", "pre_total", "pre_squares", "cross", "base_total", "base_squares", "base_cross",
                    "pre_base_cross")  # fmt: skip


def compare_sums(
    data: Any,
    *,
    arm: str = "arm",
    control: Any = None,
    relative: bool = False,
    sequential: Sequential | None = None,
    planned_n: float | None = None,
    tau: float | None = None,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
    planned_share: float | None = None,
) -> Comparison:
    """The same answer as ``compare`` from a few rows of sums; rows of one arm are added up.

    Parameters
    ----------
    data : dataframe
        ``people`` and ``total`` (sum of outcomes); ``squares`` (their squares; leave the column out for outcomes of 0
        or 1). With a pre-period: ``pre_total``, ``pre_squares``, ``cross`` (sum of outcome × pre). For a ratio:
        ``base_total``, ``base_squares``, ``base_cross`` (outcome × base), and with both ``pre_base_cross``.
    arm, control, relative, sequential, planned_n, tau, alpha, alternative, planned_share
        As in ``compare``.

    Raises
    ------
    BadDataError, NotEnoughDataError
        For missing, negative or impossible sums, more than two arms, or an arm of fewer than 2 people.

    Notes
    -----
    Formula and source: ``estimator.estimate``. Without ``squares`` the variance is p(1 - p).
    """
    rule = Rule(alpha=alpha, alternative=alternative, sequential=sequential, planned_n=planned_n, tau=tau)
    frame = frames.read(data, [arm, "people", "total"], optional=_OPTIONAL)
    if not frame.rows:
        raise NotEnoughDataError("data is empty; a comparison needs at least 2 people in each arm.")
    arms = samples.read_arms(frame, arm, control=control)
    if len(arms.labels) > 2:
        raise BadDataError(f"There are {len(arms.labels)} arms.", hint="Keep the control and one other.")
    control_arm, treated_arm = (_arm(frame, arms.codes == place, arms.labels[place]) for place in (0, 1))
    pair = moments.Pair(treated=treated_arm, control=control_arm, shared=np.zeros_like(treated_arm.spread))
    asked = Question(
        outcome="total", treated=arms.labels[1], control=arms.labels[0], rule=rule, ratio="base_total" in frame,
        relative=relative, planned_share=planned_share, backend=frame.backend,
    )  # fmt: skip
    return comparison.conclude(pair, asked)


def _arm(frame: frames.Frame, mine: NDArray[np.bool_], label: str) -> moments.Arm:
    has_base, has_pre = "base_total" in frame, "pre_total" in frame

    def add(name: str, *, at_least: float | None = None) -> float:
        if name not in frame:
            raise BadDataError(f"data has no column “{name}”.", hint="Add it; the docstring says what it sums.")
        return float(frames.numbers(frame, name, at_least=at_least)[mine].sum())

    people = add("people", at_least=0.0)
    if people < 2:
        raise NotEnoughDataError(f"People in arm “{label}”: {people:g}; a comparison needs at least 2.")
    binary = "squares" not in frame
    names = [["total"], *([["base_total"]] if has_base else []), *([["pre_total"]] if has_pre else [])]
    totals = np.array([add(name) for (name,) in names])
    size = len(totals)
    products = np.zeros((size, size))
    products[0, 0] = totals[0] if binary else add("squares", at_least=0.0)
    if has_base:
        products[1, 1], products[0, 1] = add("base_squares", at_least=0.0), add("base_cross")
    if has_pre:
        products[-1, -1], products[0, -1] = add("pre_squares", at_least=0.0), add("cross")
        if has_base:
            products[1, 2] = add("pre_base_cross")
    products = np.triu(products) + np.triu(products, 1).T
    _require_possible(people, totals, products, label)
    return moments.from_sums(people, totals, products, binary=binary)


def _require_possible(people: float, totals: Any, products: Any, label: str) -> None:
    """No variance may be negative, and no correlation beyond 1."""
    variance = products - np.outer(totals, totals) / people
    scale = np.sqrt(np.maximum(np.diagonal(products), 1e-300))
    if np.linalg.eigvalsh(variance / np.outer(scale, scale)).min() < -1e-9:
        raise BadDataError(
            f"The sums of arm “{label}” contradict one another: no people have such totals, squares and products.",
            hint="Check that every sum runs over the same people.",
        )
