"""The alarm that goes before every estimate: whether the arms are as large as they were planned to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import kernels, samples
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class SampleRatio(Result):
    """People in each arm beside those expected; ``alarm`` is set where chance hardly explains the gap."""

    arms: tuple[str, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    p: float
    threshold: float

    @property
    def alarm(self) -> bool:
        """Whether the test should be stopped and its assignment looked into."""
        return self.p < self.threshold

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {"arm": self.arms, "observed": self.observed, "expected": self.expected}

    def _draw(self, axes: Any) -> None:
        axes.bar(self.arms, [seen / due for seen, due in zip(self.observed, self.expected, strict=True)])
        axes.axhline(1.0, color="black", linewidth=1)
        axes.set_ylabel("observed / expected")

    def _title(self) -> str:
        return f"Sample ratio: {'ALARM' if self.alarm else 'as planned'} (p = {self.p:.3g})"


def sample_ratio(
    data: Any,
    *,
    arm: str,
    planned: Mapping[Any, float],
    people: str | None = None,
    threshold: float = 0.001,
) -> SampleRatio:
    """Whether people are split between the arms as planned; where not, no estimate of the test can be believed.

    Parameters
    ----------
    data : dataframe
        One row per person, or per count of people.
    arm : str
        Column of arms.
    planned : mapping
        Share of each arm, as fractions or in any proportion.
    people : str, optional
        Column of counts, for data that are already counted.
    threshold : float
        p below which the alarm is raised; small, because it is looked at every day.

    Raises
    ------
    BadDataError, NotEnoughDataError
        For an arm that was not planned · if fewer than 5 people are expected in an arm.

    Notes
    -----
    Pearson's chi-square on counts. Source: Fabijan et al. (2019), KDD, "Diagnosing sample ratio mismatch".
    """
    frame = frames.read(data, [arm], optional=[people] if people else [])
    weights = np.ones(frame.rows) if people is None else frames.numbers(frame, people, at_least=0.0)
    shares = _shares(planned)
    observed = _counts(frame, arm, names=list(shares), weights=weights)
    fraction = np.array(list(shares.values())) / sum(shares.values())
    if observed.sum() * fraction.min() < 5:
        raise NotEnoughDataError(
            f"There are {observed.sum():g} people; the check needs {int(np.ceil(5 / fraction.min()))}."
        )
    return SampleRatio(
        arms=tuple(shares), observed=tuple(map(float, observed)),
        expected=tuple(map(float, observed.sum() * fraction)),
        p=float(kernels.sample_ratio_p(observed, fraction)), threshold=threshold, backend=frame.backend,
    )  # fmt: skip


def _shares(planned: Mapping[Any, float]) -> dict[str, float]:
    shares = {str(name): float(share) for name, share in planned.items()}
    if len(shares) < 2 or not all(np.isfinite(share) and share > 0 for share in shares.values()):
        raise BadDataError("planned needs 2 arms or more, each with a share above 0.", hint="As {'a': 0.9, 'b': 0.1}.")
    return shares


def _counts(frame: frames.Frame, arm: str, *, names: Sequence[str], weights: frames.Vector) -> frames.Vector:
    found, codes = samples.labels(frame, arm)
    labels = [str(value) for value in found]
    known = np.array([label in names for label in labels], dtype=bool)
    frames.require(known[codes], table="data", problem=f"“{arm}” is an arm that was not planned", hint="Plan it.")
    counted = dict(zip(labels, np.bincount(codes, weights=weights, minlength=len(labels)), strict=True))
    return np.array([counted.get(name, 0.0) for name in names], dtype=np.float64)
