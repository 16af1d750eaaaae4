"""Comparing arms, from one row per person."""

from collections.abc import Sequence
from typing import Any

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.experiments import comparison, moments, samples
from fanwheel.measure.experiments.comparison import Comparison, Question
from fanwheel.measure.experiments.intervals import Alternative, Rule, Sequential


def compare(
    data: Any,
    *,
    outcome: str,
    arm: str,
    control: Any = None,
    pre: str | Sequence[str] = (),
    cluster: str | None = None,
    ratio_to: str | None = None,
    relative: bool = False,
    winsorize: float | None = None,
    sequential: Sequential | None = None,
    planned_n: float | None = None,
    tau: float | None = None,
    alpha: float = 0.05,
    alternative: Alternative = "two-sided",
    planned_share: float | None = None,
    person: str | None = None,
) -> Comparison:
    """What a treatment caused per person, with an interval, from one row for each person assigned.

    Parameters
    ----------
    data, outcome, arm, control, person : dataframe, three columns, the control's value
        The control is found by itself if called control or holdout, or 0; given ``person``, a second row is refused.
    pre, cluster, ratio_to : columns
        Known before the test (CUPED) · household or referral tree · what the outcome is divided by, summed over people.
    relative, winsorize
        As a fraction of the control mean · the quantile (over both arms) at which outcome and ``pre`` are capped.
    sequential, planned_n, tau, alpha, alternative
        See ``Rule``. ``alternative`` “greater” asks whether the treated have more.
    planned_share : fraction
        People planned to be treated, for the sample-ratio alarm.

    Raises
    ------
    BadDataError, NotEnoughDataError
        For missing values, an arm of fewer than 2 people or clusters, or a zero to divide by.

    Notes
    -----
    Formula and source: ``estimator.estimate`` and ``kernels``. A winsorized outcome is another, calmer outcome.
    """
    rule = Rule(alpha=alpha, alternative=alternative, sequential=sequential, planned_n=planned_n, tau=tau)
    names = [pre] if isinstance(pre, str) else list(pre)
    (sample,) = samples.read(data, [outcome], arm=arm, control=control, pre=names, cluster=cluster,
                             ratio_to=ratio_to, person=person)  # fmt: skip
    (answer,) = of_sample(sample, outcome, rule, relative=relative, winsorize=winsorize, planned_share=planned_share)
    return answer


def of_sample(
    sample: samples.Sample,
    outcome: str,
    rule: Rule,
    *,
    relative: bool = False,
    winsorize: float | None = None,
    planned_share: float | None = None,
    many: bool = False,
) -> tuple[Comparison, ...]:
    """Each treated arm of a sample against its control."""
    labels, codes = sample.arms.labels, sample.arms.codes
    if len(labels) > 2 and not many:
        raise BadDataError(
            f"There are {len(labels)} arms: {', '.join(labels[:8])}.", hint="Use compare_many, or keep two of them."
        )
    columns = sample.columns if winsorize is None else samples.winsorize(sample.columns, winsorize, ratio=sample.ratio)
    answers = []
    for place in range(1, len(labels)):
        asked = Question(
            outcome=outcome, treated=labels[place], control=labels[0], rule=rule, ratio=sample.ratio,
            relative=relative, planned_share=planned_share, backend=sample.backend,
        )  # fmt: skip
        kept = slice(None) if len(labels) == 2 else (codes == place) | (codes == 0)
        cluster = None if sample.cluster is None else sample.cluster[kept]
        answers.append(comparison.conclude(moments.from_rows(columns[kept], codes[kept] == place, cluster), asked))
    return tuple(answers)
