"""A channel switched on and off by blocks of time."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.geo import blocks, panels
from fanwheel.measure.geo.effects import Effect

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]


def switchback(
    data: Any,
    *,
    block: str = "block",
    treated: str = "treated",
    day: str = "day",
    region: str | None = None,
    outcome: str = "value",
    burn_in: int = 0,
    season: int | None = None,
    alpha: float = 0.05,
) -> Effect:
    """What a channel causes per time (hour or day), from blocks of time in which it was on or off by lot.

    Parameters
    ----------
    data : dataframe
        One row for each time, or for each region and time.
    block, treated : str
        Columns: the block that was drawn as one, and whether the channel was on (constant in a block).
    day, region, outcome : str
        Columns; times are dates or numbers and need not be sorted.
    burn_in : times
        Left out after every switch (and at the start), while the effect of the last block dies away.
    season : times, optional
        Length of a cycle to take out, as 7 for weekdays; regions have their own level in any case.
    alpha : float
        Chance that the interval misses.

    Raises
    ------
    BadDataError, NotEnoughDataError
        For second rows, a block both on and off, or fewer than 3 blocks on and 3 off.

    Notes
    -----
    Least squares on treatment, regions and season; errors clustered by block, t with blocks - 2 degrees of freedom.
    Source: Bojinov, Simchi-Levi & Zhao (2023), Management Science 69; Liang & Zeger (1986).
    """
    panels.checked(alpha)
    rows = blocks.read(data, block=block, treated=treated, day=day, region=region, outcome=outcome)
    kept = rows.settled(burn_in)
    blocks.require_enough(rows, kept, burn_in=burn_in)
    return _answer(rows, kept, season=season, alpha=alpha)


def _answer(rows: blocks.Rows, kept: Flags, *, season: int | None, alpha: float) -> Effect:
    estimate, se, rest = _regress(rows, kept, season)
    degrees = float(len(np.unique(rows.block[kept])) - 2)
    reach = float(special.stdtrit(degrees, 1.0 - alpha / 2.0)) * se
    p = 2.0 * float(special.stdtr(degrees, -abs(estimate) / se)) if se > 0 else 1.0
    on, order = float(rows.treated.sum()), np.argsort(rows.time[kept], kind="stable")
    return Effect(
        method="Switchback", estimate=estimate, se=se, lower=estimate - reach, upper=estimate + reach, p=min(p, 1.0),
        placebo_p=None, total=estimate * on, total_lower=(estimate - reach) * on, total_upper=(estimate + reach) * on,
        relative=False, treated=tuple(rows.regions), weights={}, days=tuple(map(float, rows.time[kept][order])),
        observed=tuple(map(float, rows.value[kept][order])), expected=tuple(map(float, rest[order])),
        not_identified=() if se > 0 else ("The error: no outcome varies.",), backend=rows.backend,
    )  # fmt: skip


def _regress(rows: blocks.Rows, kept: Flags, season: int | None) -> tuple[float, float, Vector]:
    """The effect, its block-robust error, and what each kept row would have been without treatment."""
    on, value = rows.treated[kept].astype(np.float64), rows.value[kept]
    levels = _levels(rows, kept, season)
    rest = on - levels @ np.linalg.lstsq(levels, on, rcond=None)[0]
    power = float(rest @ rest)
    if power < 1e-9 * len(on):
        raise NotEnoughDataError(
            "Being on coincides with the season or the region; it takes blocks on and off within each.",
            hint="Draw the blocks by lot, or leave out season.",
        )
    apart = value - levels @ np.linalg.lstsq(levels, value, rcond=None)[0]
    effect = float(rest @ apart / power)
    error = apart - effect * rest
    _, places = np.unique(rows.block[kept], return_inverse=True)
    score = np.bincount(places.reshape(-1), weights=rest * error)
    count = len(score)
    variance = count / (count - 1.0) * len(on) / max(len(on) - levels.shape[1] - 1.0, 1.0) * float(score @ score)
    se = float(np.sqrt(variance)) / power
    scale = float(np.abs(value).max())
    return effect, se if se > 1e-12 * scale else 0.0, value - effect * on


def _levels(rows: blocks.Rows, kept: Flags, season: int | None) -> NDArray[np.float64]:
    """A column for each region, and for each place in the season but one."""
    columns = [(rows.region[kept] == place).astype(np.float64) for place in np.unique(rows.region[kept])]
    if season is not None:
        if season < 2:
            raise BadDataError(f"season is {season}.", hint="Give the times of a cycle, as 7 for days of the week.")
        clock = np.unique(rows.time, return_inverse=True)[1].reshape(-1)[kept] % season
        columns += [(clock == place).astype(np.float64) for place in np.unique(clock)[1:]]
    return np.column_stack(columns)
