"""What every part of uplift reads: who was treated, with what chance, and what came of it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

Array = NDArray[np.float64]
Z: Final = 1.959963984540054
_THIN: Final = 0.01


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One value per person: outcome, whether treated (0 or 1), chance of treatment, weight in its arm."""

    outcome: Array
    treated: Array
    chance: Array
    notes: tuple[str, ...]
    table: frames.Frame

    @property
    def weight(self) -> Array:
        """One over the chance of the arm that the person is in."""
        result: Array = 1 / np.where(self.treated > 0, self.chance, 1 - self.chance)
        return result

    @property
    def people(self) -> int:
        """How many rows there are."""
        return len(self.outcome)


def read(
    data: Any, *, columns: tuple[str, str], propensity: float | str | None, others: tuple[str, ...] = (), arm: int = 2
) -> Trial:
    """The rows of a trial, checked; ``columns`` are outcome and treated, ``arm`` the fewest people in either arm."""
    outcome, treated = columns
    named = (propensity,) if isinstance(propensity, str) else ()
    table = frames.read(data, [outcome, treated, *named, *others])
    arms = frames.numbers(table, treated)
    frames.require(np.isin(arms, [0, 1]), table="data", problem=f"“{treated}” is not 0 or 1", hint="Use 0 and 1.")
    fewest = int(min(arms.sum(), len(arms) - arms.sum())) if len(arms) else 0
    if fewest < arm:
        raise NotEnoughDataError(
            f"Each arm needs {arm} people; the smaller one has {fewest}.",
            hint="Hold out more people, or wait for more of them.",
        )
    chance = _chance(table, propensity, arms)
    thin = float(np.minimum(chance, 1 - chance).min()) < _THIN
    notes = ("somebody's chance of an arm is below 1 %: a few people stand for very many.",) if thin else ()
    return Trial(outcome=frames.numbers(table, outcome), treated=arms, chance=chance, notes=notes, table=table)


def _chance(table: frames.Frame, propensity: float | str | None, treated: Array) -> Array:
    if isinstance(propensity, str):
        chance = frames.numbers(table, propensity)
        inside = (chance > 0) & (chance < 1)
        hint = "Leave out whoever could not have been in both arms."
        frames.require(inside, table="data", problem=f"“{propensity}” is not between 0 and 1", hint=hint)
        return chance
    share = float(treated.mean()) if propensity is None else float(propensity)
    if not 0 < share < 1:
        raise BadDataError("`propensity` must be between 0 and 1.", hint="0.9 where a tenth is held out.")
    return np.full(len(treated), share)


def flags(table: frames.Frame, name: str) -> Array:
    """One column of 0 and 1."""
    values = frames.numbers(table, name)
    frames.require(np.isin(values, [0, 1]), table="data", problem=f"“{name}” is not 0 or 1", hint="Use 0 and 1.")
    return values


def amounts(table: frames.Frame, amount: float | str) -> Array:
    """A column, or one number for everybody; finite and not negative."""
    if isinstance(amount, str):
        return frames.numbers(table, amount, at_least=0)
    if not 0 <= amount < np.inf:
        raise BadDataError("A cost or value must be a number that is not negative.", hint="Give money per person.")
    return np.full(table.rows, float(amount))


def rest(amount: float | str) -> tuple[str, ...]:
    """The column that an amount names, if any."""
    return (amount,) if isinstance(amount, str) else ()
