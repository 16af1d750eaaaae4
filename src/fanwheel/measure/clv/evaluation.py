"""Whether the predictions come true: fit on a calibration period, compare with what happened after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from fanwheel.measure.clv import summaries
from fanwheel.measure.clv.bg_nbd import fit_bg_nbd
from fanwheel.measure.clv.buying import BuyingModel
from fanwheel.measure.clv.summaries import Day, PurchaseDays, Summary, Unit
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Column, Vector
from fanwheel.measure.results import Result

_MOST_SHOWN: Final = 7
_UNITS: Final[Mapping[str, float]] = {"D": 1.0, "W": 7.0}


@dataclass(frozen=True, kw_only=True)
class Evaluation(Result):
    """Predicted and actual purchases of the holdout period, by how often people had bought before."""

    model: BuyingModel = field(repr=False)
    calibration: Summary = field(repr=False)
    predicted: Vector = field(repr=False)
    actual: Vector = field(repr=False)
    horizon: float
    predicted_total: float
    actual_total: float
    correlation: float | None

    @property
    def error(self) -> float | None:
        """The relative error of the predicted total; None where nothing was bought."""
        return self.predicted_total / self.actual_total - 1 if self.actual_total else None

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        group = np.minimum(self.calibration.frequency, _MOST_SHOWN).astype(np.int64)
        people = np.bincount(group, minlength=_MOST_SHOWN + 1)
        there = people > 0
        means = [np.bincount(group, v, len(people))[there] / people[there] for v in (self.predicted, self.actual)]
        names = [*map(str, range(_MOST_SHOWN)), f"{_MOST_SHOWN}+"]
        return {
            "frequency": [name for name, seen in zip(names, there.tolist(), strict=True) if seen],
            "people": people[there].tolist(),
            "predicted": means[0].tolist(),
            "actual": means[1].tolist(),
        }

    def _title(self) -> str:
        agreement = "not identified" if self.correlation is None else f"{self.correlation:.3f}"
        return (
            f"predicted {self.predicted_total:,.1f} and actual {self.actual_total:,.0f} purchases, "
            f"correlation {agreement}"
        )

    def _draw(self, axes: Any) -> None:
        table = self._columns()
        axes.plot(table["frequency"], table["actual"], marker="o", label="actual")
        axes.plot(table["frequency"], table["predicted"], marker="s", label="predicted")
        axes.set_xlabel("repeat purchases before")
        axes.set_ylabel("purchases after, mean")
        axes.legend()


def evaluate(
    orders: Any,
    calibration_until: Day,
    *,
    until: Day | None = None,
    unit: Unit = "D",
    fit: Callable[[Summary], BuyingModel] = fit_bg_nbd,
) -> Evaluation:
    """Fit a model up to one day and compare its predictions with the purchases from then on.

    Parameters
    ----------
    orders : dataframe
        One row an order, as for ``summarize``: ``person``, ``at``, ``value``.
    calibration_until, until : date, datetime or ISO string
        The last day that the model sees, and the last of the holdout period (by default that of the last order).
    unit : 'D' or 'W'
        The model's unit of time.
    fit : callable
        Gives the model for a summary: ``fit_bg_nbd``, ``fit_mbg_nbd`` or ``fit_pareto_nbd``.

    Returns
    -------
    Evaluation
        Of people who bought in the calibration period: days with a purchase in the holdout period, predicted and
        actual, in total, by frequency, and their correlation over people (None where one of them does not vary).

    Raises
    ------
    BadDataError
        If the orders are invalid or the holdout period has no day.
    NotEnoughDataError
        If there is no order in the calibration period.

    Source: Fader, Hardie & Lee (2005), Marketing Science 24(2), 275-284.
    """
    days = summaries.purchase_days(orders)
    cut = summaries.day_of(calibration_until)
    end = int(days.day.max()) if until is None else summaries.day_of(until)
    if end <= cut:
        raise BadDataError("The holdout period has no day.", hint="Calibrate until an earlier day.")
    horizon, calibration = (end - cut) / _UNITS[unit], summaries.from_days(days, until=cut, unit=unit)
    model = fit(calibration)
    predicted = model.expected_purchases(calibration, horizon).values
    actual = _purchases_after(days, cut, end)[np.searchsorted(days.people, calibration.person)]
    return Evaluation(
        model=model, calibration=calibration, predicted=predicted, actual=actual, horizon=horizon,
        predicted_total=float(predicted.sum()), actual_total=float(actual.sum()),
        correlation=_correlation(predicted, actual), not_identified=model.not_identified, backend=days.backend,
    )  # fmt: skip


def _purchases_after(days: PurchaseDays, cut: int, end: int) -> Vector:
    """Days with a purchase after one day and until another, of everybody in the log."""
    later = days.person[(days.day > cut) & (days.day <= end)]
    return np.bincount(later, minlength=len(days.people)).astype(np.float64)


def _correlation(one: Column, other: Column) -> float | None:
    """Pearson's correlation, or None where either does not vary."""
    x, y = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((x**2).sum() * (y**2).sum()))
    return float((x * y).sum()) / spread if spread > 1e-12 * len(one) * float(one.max()) else None
