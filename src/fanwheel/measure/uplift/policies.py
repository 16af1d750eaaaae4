"""What a rule of whom to touch is worth, judged by people who were touched by chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.results import Result
from fanwheel.measure.uplift import trials
from fanwheel.measure.uplift.trials import Array, Trial

Estimator = Literal["ips", "snips", "dr"]


@dataclass(frozen=True, kw_only=True)
class PolicyValue(Result):
    """Outcome per person minus cost, for the policy, for everybody, for nobody, and the differences."""

    policy: tuple[str, ...]
    value: Array
    low: Array
    high: Array
    treated_share: float
    estimator: Estimator

    def _title(self) -> str:
        return "What a rule of whom to touch is worth, per person"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: getattr(self, name) for name in ("policy", "value", "low", "high")}

    def _draw(self, axes: Any) -> None:
        places = np.arange(len(self.policy))
        axes.errorbar(self.value, places, xerr=[self.value - self.low, self.high - self.value], fmt="o", capsize=4)
        axes.set_yticks(places, self.policy)
        axes.axvline(0, color="gray", linewidth=0.8)


def policy_value(
    data: Any,
    *,
    treat: str,
    outcome: str = "value",
    treated: str = "treated",
    propensity: float | str | None = None,
    expected: tuple[str, str] | None = None,
    estimator: Estimator = "dr",
    cost: float | str = 0.0,
) -> PolicyValue:
    """What the outcome would be if a rule decided whom to touch.

    Parameters
    ----------
    data : dataframe
        One row per person of a trial.
    treat : str
        Column of the rule's choice, 0 or 1, made without the person's own outcome.
    outcome, treated, propensity : str, str, float or str
        Columns of outcome and of who was treated (0 or 1); the chance of it or its column, the share if not given.
    expected : (str, str), optional
        Columns of the expected outcome untreated and treated, for ``dr``; the arms' means if not given.
    estimator : "dr", "ips" or "snips"
        See the notes.
    cost : float or str
        Cost of treating a person, in the outcome's unit, or its column.

    Returns
    -------
    PolicyValue
        Five rows with 95 % intervals, in the outcome's unit per person.

    Raises
    ------
    BadDataError, NotEnoughDataError
        If rows are bad, or fewer than 2 people were treated as the rule would have.

    Notes
    -----
    With ``m`` = treated as the rule says and ``p`` its chance: ``ips = mean(m y / p)``, ``snips = sum(m y / p) /
    sum(m / p)``, ``dr = mean(mu + m (y - mu) / p)``. Intervals from the estimators' influence functions.

    Source: Dudík, Langford & Li (2011), Doubly robust policy evaluation and learning, ICML.
    """
    others = (treat, *(expected or ()), *trials.rest(cost))
    trial = trials.read(data, columns=(outcome, treated), propensity=propensity, others=others)
    return _judge(trial, trials.flags(trial.table, treat), expected, estimator=estimator, cost=cost)


def _judge(
    trial: Trial, choice: Array, expected: tuple[str, str] | None, *, estimator: Estimator, cost: float | str
) -> PolicyValue:
    if estimator not in ("ips", "snips", "dr"):
        raise BadDataError(f"No estimator is called “{estimator}”.", hint="Use “ips”, “snips” or “dr”.")
    price = trials.amounts(trial.table, cost)
    means = _expected(trial, expected)
    rules = [choice, np.ones(trial.people), np.zeros(trial.people)]
    values, parts = zip(*(_value(trial, rule, means, estimator=estimator, cost=price) for rule in rules), strict=True)
    return _answer(trial, np.array(values), np.array(parts), share=float(choice.mean()), estimator=estimator)


def _expected(trial: Trial, names: tuple[str, str] | None) -> tuple[Array, Array]:
    if names:
        return frames.numbers(trial.table, names[0]), frames.numbers(trial.table, names[1])
    arms = [trial.treated == arm for arm in (0, 1)]
    untreated, treated = (float(np.average(trial.outcome[arm], weights=trial.weight[arm])) for arm in arms)
    return np.full(trial.people, untreated), np.full(trial.people, treated)


def _value(
    trial: Trial, choice: Array, means: tuple[Array, Array], *, estimator: Estimator, cost: Array
) -> tuple[float, Array]:
    """The value of one rule and what each person adds to its error."""
    followed = trial.treated == choice
    if followed.sum() < 2:
        raise NotEnoughDataError(
            f"Only {int(followed.sum())} people were treated as the rule says; 2 are the least.",
            hint="Judge a rule by people whom chance treated both ways.",
        )
    weight = followed * trial.weight
    if estimator == "dr":
        guess = np.where(choice > 0, means[1], means[0])
        rows = guess + weight * (trial.outcome - guess)
    elif estimator == "ips":
        rows = weight * trial.outcome
    else:
        value = float(weight @ trial.outcome / weight.sum())
        rows = value + weight * (trial.outcome - value) / weight.mean()
    rows = rows - cost * choice
    return float(rows.mean()), rows - rows.mean()


def _answer(trial: Trial, values: Array, parts: Array, *, share: float, estimator: Estimator) -> PolicyValue:
    values = np.append(values, values[0] - values[1:])
    parts = np.vstack([parts, parts[0] - parts[1:]])
    error = np.sqrt((parts**2).mean(axis=1) / max(trial.people - 1, 1))
    return PolicyValue(
        policy=("the rule", "touch everybody", "touch nobody", "rule minus everybody", "rule minus nobody"),
        value=values,
        low=values - trials.Z * error,
        high=values + trials.Z * error,
        treated_share=share,
        estimator=estimator,
        not_identified=trial.notes,
        backend=trial.table.backend,
    )
