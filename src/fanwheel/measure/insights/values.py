"""What buyers are worth: a model of buying and one of spending, fitted to their purchases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.infra.engine import Engine
from fanwheel.measure import clv
from fanwheel.measure.insights import schemas
from fanwheel.measure.insights.sitting import Sitting

Vector = NDArray[np.float64]
HORIZON_DAYS: Final = 365
FEWEST_REPEATERS: Final = 30
_FEWEST_HOLDOUT_DAYS: Final = 14
_MOST_SHOWN: Final = 7
_BARS: Final = 24
_FIRST_TWO_THIRDS: Final = 2 / 3


@dataclass(frozen=True, kw_only=True)
class Values:
    """The outlook of every buyer: the chance still to buy, and what purchases of the next year are worth."""

    model: str
    parameters: dict[str, tuple[float, float | None]]
    not_identified: tuple[str, ...]
    person: NDArray[np.int64] = field(repr=False)
    alive: Vector = field(repr=False)
    worth_minor: Vector = field(repr=False)


def histories(engine: Engine, sql: Mapping[str, str], *, today: int) -> tuple[Any, int | None]:
    """Purchase histories of all buyers until today, and the day that ends two thirds of them if they are long enough.

    Reads the kept table ``purchase``.
    """
    (span,) = engine.query(sql["purchase_span"]).to_pylist()
    if span["first_day"] is None:
        return engine.query(sql["purchase_history"], until_day=today, cut_day=today), None
    cut = span["first_day"] + int((today - span["first_day"]) * _FIRST_TWO_THIRDS)
    table = engine.query(sql["purchase_history"], until_day=today, cut_day=cut)
    return table, cut if today - cut >= _FEWEST_HOLDOUT_DAYS else None


def estimate(table: Any) -> Values | str:
    """Everybody's outlook, or a sentence that says why there is none yet."""
    data = {name: _floats(table, name) for name in ("frequency", "recency", "age", "mean_value")}
    if reason := _too_few(data["frequency"]):
        return reason
    model, name = _fit(data)
    spending, spent, notes = _spending(data)
    return Values(
        model=f"{name} · Gamma-Gamma" if isinstance(spending, clv.GammaGamma) else name,
        parameters={**_stated(model), **spent},
        not_identified=(*model.not_identified, *notes),
        person=table["person_id"].to_numpy(),
        alive=model.probability_alive(data).values,
        worth_minor=model.value(data, spending, horizon=HORIZON_DAYS).values,
    )


def report(sitting: Sitting, sql: Mapping[str, str], *, as_of: datetime) -> schemas.Clv:
    """The page on customer value."""
    today = sitting.today(as_of)
    sitting.engine.keep("purchase", sql["purchase"], until_day=today)
    table, cut = histories(sitting.engine, sql, today=today)
    found = estimate(table)
    if isinstance(found, str):
        return schemas.Clv(
            as_of=as_of, currency=sitting.place.currency, model="", people=table.num_rows, horizon_days=HORIZON_DAYS,
            parameters=[], not_identified=[], distribution=[], mean_minor=0, calibration=None, why_not=found,
        )  # fmt: skip
    return schemas.Clv(
        as_of=as_of,
        currency=sitting.place.currency,
        model=found.model,
        people=table.num_rows,
        horizon_days=HORIZON_DAYS,
        parameters=[schemas.Parameter(name=n, estimate=e, standard_error=s) for n, (e, s) in found.parameters.items()],
        not_identified=list(found.not_identified),
        distribution=bars(found.worth_minor),
        mean_minor=round(float(found.worth_minor.mean())),
        calibration=None if cut is None else calibrate(table, horizon=today - cut),
        why_not=None,
    )


def calibrate(table: Any, *, horizon: int) -> list[schemas.CalibrationPoint] | None:
    """Purchases of the last third beside what a model of the first two thirds expected, by frequency there."""
    seen = {name: _floats(table, f"seen_{name}") for name in ("frequency", "recency", "age")}
    known = seen["frequency"] >= 0
    data = {name: values[known] for name, values in seen.items()}
    if _too_few(data["frequency"]):
        return None
    model, _ = _fit(data)
    expected = model.expected_purchases(data, horizon).values
    group = np.minimum(data["frequency"], _MOST_SHOWN).astype(np.int64)
    people = np.bincount(group)
    predicted, actual = (np.bincount(group, values) for values in (expected, _floats(table, "later")[known]))
    return [
        schemas.CalibrationPoint(
            frequency=frequency,
            people=int(people[frequency]),
            predicted=float(predicted[frequency] / people[frequency]),
            actual=float(actual[frequency] / people[frequency]),
        )
        for frequency in np.flatnonzero(people).tolist()
    ]


def bars(worth_minor: Vector) -> list[schemas.ClvBar]:
    """A histogram in round steps; the last bar holds the highest hundredth, however far it reaches."""
    most, usual = float(worth_minor.max()), float(np.quantile(worth_minor, 0.99))
    step = _round_up(max(usual, 1.0) / (_BARS - 1))
    place = np.minimum(worth_minor // step, _BARS - 1).astype(np.int64)
    people = np.bincount(place)
    return [
        schemas.ClvBar(
            low_minor=number * step,
            high_minor=max((number + 1) * step, int(np.ceil(most)) if number == len(people) - 1 else 0),
            people=int(many),
        )
        for number, many in enumerate(people.tolist())
    ]


def _fit(data: Mapping[str, Vector]) -> tuple[clv.BgNbd, str]:
    """BG/NBD; with a weak prior where the data alone cannot tell its parameters, which is then said."""
    plain = clv.fit_bg_nbd(data)
    if not plain.not_identified:
        return plain, "BG/NBD"
    return clv.fit_bg_nbd(data, prior="weak"), "BG/NBD (weak prior)"


def _spending(data: Mapping[str, Vector]) -> tuple[clv.GammaGamma | float, dict[str, Any], tuple[str, ...]]:
    """What a purchase is worth, with the parameters of its model and what they cannot tell."""
    if not ((data["frequency"] > 0) & (data["mean_value"] > 0)).any():
        return 0.0, {}, ("Value of a purchase: no repeat purchase had a value above 0.",)
    model = clv.fit_gamma_gamma(data)
    if model.not_identified:
        model = clv.fit_gamma_gamma(data, prior="weak")
    return model, _stated(model), model.not_identified


def _stated(model: clv.Fitted) -> dict[str, tuple[float, float | None]]:
    names = model.parameters()
    errors = model.standard_errors or (None,) * len(names)
    return {name: (value, error) for (name, value), error in zip(names.items(), errors, strict=True)}


def _too_few(frequency: Vector) -> str | None:
    again = int(np.count_nonzero(frequency > 0))
    if again >= FEWEST_REPEATERS:
        return None
    return f"{again} people have bought again; {FEWEST_REPEATERS} are the least from whom habits can be told."


def _round_up(step: float) -> int:
    """The next number of the row 1, 2, 5, 10, 20, 50 and so on."""
    power = 10 ** int(np.floor(np.log10(step))) if step >= 1 else 1
    return next(int(times * power) for times in (1, 2, 5, 10) if times * power >= step)


def _floats(table: Any, name: str) -> Vector:
    values: Vector = table[name].to_numpy().astype(np.float64)
    return values
