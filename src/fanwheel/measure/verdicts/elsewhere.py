"""Evidence from elsewhere, for channels that hold nobody out: tests by region, and models calibrated by tests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.verdicts.notes import Code, Note, note

if TYPE_CHECKING:
    from fanwheel.measure.geo import Effect
    from fanwheel.measure.mix import Mix

GEO: Final = "geo test"
PRIOR: Final = "calibrated prior"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoTest:
    """What switching a channel by region has shown: the revenue it causes there from ``first`` to ``last``.

    ``spend`` is what it cost there in that time, or what switching it off has saved; both in the verdict's currency.
    ``low`` and ``high`` are the interval of one look, at the end of the test.
    """

    channel: str
    first: date
    last: date
    regions: int
    spend: float
    revenue: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.spend < np.inf:
            raise BadDataError("A geo test needs a spend above 0.", hint="What did the switched regions cost, or save?")
        if not -np.inf < self.low <= self.revenue <= self.high < np.inf:
            raise BadDataError("A geo test needs low <= revenue <= high.", hint="Give the interval of its effect.")
        if self.last < self.first:
            raise BadDataError("A geo test ends before it begins.", hint="Swap first and last.")

    @classmethod
    def of(
        cls, effect: "Effect", *, channel: str, spend: float, first: date, last: date, is_off: bool = False
    ) -> "GeoTest":
        """The test behind an effect of ``measure.geo``; ``is_off`` where the channel was off in the treated regions.

        Raises
        ------
        NotEnoughDataError
            If the effect has no bounds, for want of regions to compare with.
        """
        ends = effect.total_lower, effect.total_upper
        if ends[0] is None or ends[1] is None:
            raise NotEnoughDataError("The test by region has no interval.", hint="Compare with more regions.")
        sign = -1.0 if is_off else 1.0
        low, high = sorted((sign * ends[0], sign * ends[1]))
        return cls(
            channel=channel,
            first=first,
            last=last,
            regions=len(effect.treated),
            spend=spend,
            revenue=sign * effect.total,
            low=low,
            high=high,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearsay:
    """A return (revenue by spend) that evidence from elsewhere says a channel has."""

    kind: str
    estimate: float
    low: float
    high: float
    since: date
    regions: int
    notes: tuple[Note, ...]

    @property
    def can_prove(self) -> bool:
        """Whether a state may rest on it; a model alone proves nothing, however it was calibrated."""
        return self.kind == GEO


def gather(geo: Iterable[GeoTest], prior: "Mix | None", *, until: date) -> dict[str, Hearsay]:
    """The best evidence of each channel known before the day ``until``: the newest geo test, else the model."""
    found = _of_model(prior)
    for test in sorted(geo, key=lambda test: test.last):
        if test.last < until:
            found[test.channel] = _of_test(test)
    return found


def _of_test(test: GeoTest) -> Hearsay:
    return Hearsay(
        kind=GEO,
        estimate=test.revenue / test.spend,
        low=test.low / test.spend,
        high=test.high / test.spend,
        since=test.first,
        regions=test.regions,
        notes=(
            note(Code.GEO_TEST, regions=test.regions, first=test.first.isoformat(), last=test.last.isoformat()),
            note(Code.ONE_LOOK),
        ),
    )


def _of_model(prior: "Mix | None") -> dict[str, Hearsay]:
    if prior is None:
        return {}
    since: Any = np.asarray(prior.at).min().astype("datetime64[D]").astype(object)
    rows = zip(prior.channel, prior.state, prior.roas, prior.roas_low, prior.roas_high, strict=True)
    return {
        channel: Hearsay(
            kind=PRIOR,
            estimate=float(roas),
            low=float(low),
            high=float(high),
            since=since,
            regions=0,
            notes=(note(Code.PRIOR_PROVES_NOTHING),),
        )
        for channel, state, roas, low, high in rows
        if state == "calibrated" and np.isfinite([roas, low, high]).all()
    }
