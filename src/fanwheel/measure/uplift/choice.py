"""Whom to touch when touching costs money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.results import Result
from fanwheel.measure.uplift import trials
from fanwheel.measure.uplift.trials import Array


@dataclass(frozen=True, kw_only=True)
class Choice(Result):
    """Whom to touch: one row per person, in the data's order, and what it comes to."""

    treat: NDArray[np.bool_] = field(repr=False)
    profit: Array = field(repr=False)
    people: int
    spend: float
    expected_profit: float

    def _title(self) -> str:
        return f"Touch {self.people:,} of {len(self.treat):,}: {self.expected_profit:,.4g} for {self.spend:,.4g}"

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: getattr(self, name) for name in ("treat", "profit")}

    def _draw(self, axes: Any) -> None:
        axes.plot(np.cumsum(np.sort(self.profit)[::-1]))
        axes.axvline(self.people, linestyle="--", color="gray")
        axes.set_xlabel("people touched, best first")


def choose(
    data: Any,
    *,
    effect: str = "effect",
    value: float | str = 1.0,
    cost: float | str = 0.0,
    budget: float | None = None,
) -> Choice:
    """Whom to touch so that the expected profit is the largest that the budget allows.

    Parameters
    ----------
    data : dataframe
        One row per person.
    effect : str
        Column of the expected effect, in the outcome's unit.
    value, cost : float or str
        Money that one unit of the outcome is worth (the margin, where the outcome is revenue), and money that
        touching a person costs; numbers or columns.
    budget : float, optional
        The most that may be spent.

    Returns
    -------
    Choice
        ``treat`` and ``profit`` (value times effect minus cost) per person.

    Raises
    ------
    BadDataError
        If rows or amounts are bad.

    Notes
    -----
    Everybody with a positive profit is touched. Under a budget the people with the most profit per money come
    first until the next one no longer fits: the best choice where all costs are equal, and otherwise short of it
    by less than one person's profit. Nobody is touched for nothing: a profit of exactly 0 is left alone.

    Source: Dantzig (1957), Discrete-variable extremum problems, Operations Research 5(2).
    """
    table = frames.read(data, [effect, *trials.rest(value), *trials.rest(cost)])
    price = trials.amounts(table, cost)
    profit = trials.amounts(table, value) * frames.numbers(table, effect) - price
    return _choice(profit, price, budget, backend=table.backend)


def _choice(profit: Array, price: Array, budget: float | None, *, backend: str) -> Choice:
    treat = profit > 0
    if budget is not None:
        if not 0 <= budget < np.inf:
            raise BadDataError("`budget` must be a number that is not negative.", hint="Leave it out for no limit.")
        treat &= _affordable(profit, price, treat, budget)
    return Choice(
        treat=treat,
        profit=profit,
        people=int(treat.sum()),
        spend=float(price[treat].sum()),
        expected_profit=float(profit[treat].sum()),
        backend=backend,
    )


def _affordable(profit: Array, price: Array, wanted: NDArray[np.bool_], budget: float) -> NDArray[np.bool_]:
    free = price <= 0
    ratio = np.where(free, np.inf, profit / np.where(free, 1.0, price))
    order = np.lexsort((price, -profit, -ratio))
    order = order[wanted[order]]
    fits = np.cumsum(price[order]) <= budget * (1 + 1e-12)
    chosen = np.zeros(len(profit), dtype=bool)
    chosen[order[fits]] = True
    return chosen
