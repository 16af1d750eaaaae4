"""What a geo test has shown: revenue by region and day, before and during it, turned into evidence for the verdict.

Every region is held against its own revenue before the test, so that large and small ones count alike. Where at least
five regions were off and five were not, the two groups are compared; else the regions that were off are held against a
blend of others that had moved as they did.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import geo
from fanwheel.measure.errors import MeasureError, NotEnoughDataError
from fanwheel.measure.ledger.geo_tests.contracts import Finding, RegionTest
from fanwheel.measure.verdicts import Code, GeoTest, Note

Columns = Mapping[str, NDArray[Any]]
_GROUP_FROM: Final = 5  # with fewer the spread within a group is too uncertain
# Below a tenth of the smallest switched region's revenue a region is mostly noise.
_TOO_SMALL: Final = 0.1
_PLACEBOS: Final = 19  # with fewer there is no 95 % interval


class _Sales(NamedTuple):
    """Revenue by region (row) and day (column), and how many of the days came before the test."""

    regions: list[str]
    values: NDArray[np.float64]
    first: int

    @property
    def before(self) -> NDArray[np.float64]:
        """Mean revenue of a day before the test."""
        means: NDArray[np.float64] = self.values[:, : self.first].mean(axis=1)
        return means


def estimate(test: RegionTest, *, channel: str, sales: Columns, spend: Columns) -> Finding:
    """What a test that has ended shows of ``channel``; of one that runs nothing yet.

    Parameters
    ----------
    test, channel
        The test, and what the verdict calls its source or campaign.
    sales, spend
        ``trait``, ``region``, ``placed_on``, ``net_minor`` · ``channel``, ``day``, ``amount`` in the same currency.

    Notes
    -----
    Of groups: d = the change of ln(revenue) where it was off less that elsewhere; caused = (exp(-d) - 1) · revenue
    where it was off. Against a blend: e = how far revenue, in units of its mean before, left the blend; caused = -e ·
    (sum of those means) · days. What was spent elsewhere in that time, times share / (1 - share), is taken for what was
    saved, share being that of the regions in revenue before.
    """
    if test.ended_on is None:
        return Finding(channel=channel, test=test, found=None, why_not=None)
    panel = _panel(test, test.ended_on, sales)
    is_off = np.isin(panel.regions, test.regions)
    share = float(panel.before[is_off].sum() / max(panel.before.sum(), 1e-9))
    refused = _refusal(test, panel, is_off)
    elsewhere = _spent(spend, channel, test.started_on, test.ended_on)
    if refused is None and elsewhere <= 0:
        refused = Note(code=Code.GEO_NOTHING_SPENT)
    if refused is not None:
        return Finding(channel=channel, test=test, found=None, why_not=refused, share=share)
    try:
        found = _compare(test, test.ended_on, panel, saved=elsewhere * share / (1.0 - share), channel=channel)
    except MeasureError as error:
        refused = Note(code=Code.BAD_DATA, values={"problem": str(error)})
        return Finding(channel=channel, test=test, found=None, why_not=refused, share=share)
    return Finding(channel=channel, test=test, found=found, why_not=None, share=share)


def _panel(test: RegionTest, last: date, sales: Columns) -> _Sales:
    """The regions that are large enough to be compared, with every day of the test and before it."""
    first = np.datetime64(test.before_on)
    days = (last - test.before_on).days + 1
    number = (sales["placed_on"].astype("datetime64[D]") - first).astype(np.int64)
    is_mine = (sales["trait"] == test.trait) & (number >= 0) & (number < days)
    names = sales["region"][is_mine].astype(np.str_)
    regions = np.union1d(names, np.array(test.regions, dtype=np.str_))
    values = np.zeros((len(regions), days))
    np.add.at(values, (np.searchsorted(regions, names), number[is_mine]), sales["net_minor"][is_mine])
    panel = _Sales(regions.tolist(), values, (test.started_on - test.before_on).days)
    is_off = np.isin(regions, test.regions)
    least = _TOO_SMALL * panel.before[is_off].min()
    kept = is_off | ((panel.before > 0) & (panel.before >= least))
    return _Sales(regions[kept].tolist(), values[kept], panel.first)


def _refusal(test: RegionTest, panel: _Sales, is_off: NDArray[np.bool_]) -> Note | None:
    """Why the regions cannot be compared."""
    silent = [region for region, before in zip(panel.regions, panel.before, strict=True) if before <= 0]
    if silent:
        return Note(code=Code.GEO_NOTHING_SOLD, values={"region": silent[0]})
    others = int((~is_off).sum())
    needed = _needed(len(test.regions))
    return Note(code=Code.TOO_FEW_REGIONS, values={"others": others, "least": needed}) if others < needed else None


def _needed(off: int) -> int:
    """How many others it takes at least: for a group of five as many, else as many as give 19 groups of that size."""
    if off >= _GROUP_FROM:
        return _GROUP_FROM
    others = off + 1
    while _groups(others, off) < _PLACEBOS:
        others += 1
    return others


def _groups(others: int, off: int) -> int:
    """In how many ways as many of the others can be taken for switched ones."""
    ways = 1
    for place in range(off):
        ways = ways * (others - place) // (place + 1)
    return ways


def _compare(test: RegionTest, last: date, panel: _Sales, *, saved: float, channel: str) -> GeoTest:
    is_off = np.isin(panel.regions, test.regions)
    parts = np.stack([part.mean(axis=1) for part in np.array_split(panel.values[:, : panel.first], 2, axis=1)], axis=1)
    parts = np.column_stack([parts, panel.values[:, panel.first :].mean(axis=1)])
    if len(test.regions) >= _GROUP_FROM and (parts > 0).all():
        # As logarithms, for a channel that adds a share to revenue leaves the regions' ups and downs in proportion:
        # plain changes would look too regular where it is off.
        effect = geo.difference_in_differences(_rows(panel, np.log(parts)), treated=list(test.regions), start=2)
        sold = float(panel.values[is_off, panel.first :].sum())
        ends = [sold * float(np.expm1(-value)) for value in _ends(effect)]
    else:
        units = panel.values / panel.before[:, None]
        effect = geo.synthetic_control(_rows(panel, units), treated=list(test.regions), start=panel.first)
        size = float(panel.before[is_off].sum()) * ((last - test.started_on).days + 1)
        ends = [-size * value for value in _ends(effect)]
    return GeoTest(
        channel=channel, first=test.started_on, last=last, regions=len(test.regions), spend=saved,
        revenue=ends[1], low=ends[2], high=ends[0],
    )  # fmt: skip


def _rows(panel: _Sales, values: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """Region by day as the library takes it."""
    count = values.shape[1]
    return {
        "region": np.repeat(np.array(panel.regions), count),
        "day": np.tile(np.arange(count), len(panel.regions)),
        "value": values.reshape(-1),
    }


def _ends(effect: geo.Effect) -> tuple[float, float, float]:
    """Lower bound, estimate and upper bound."""
    if effect.lower is None or effect.upper is None:
        raise NotEnoughDataError("The regions are too few for an interval.", hint="Compare with more regions.")
    return effect.lower, effect.estimate, effect.upper


def _spent(spend: Columns, channel: str, first: date, last: date) -> float:
    is_during = (spend["day"] >= np.datetime64(first)) & (spend["day"] < np.datetime64(last + timedelta(days=1)))
    return float(spend["amount"][(spend["channel"] == channel) & is_during].sum())
