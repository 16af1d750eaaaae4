"""What earlier looks at a holdout have left possible: intervals narrow, and never widen for lack of people."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Where the return of a channel (revenue by spend) lies, by all looks at one holdout so far.

    ``low`` and ``high`` bound it together, ``least`` and ``most`` from one side each. ``changed_on`` is the day of the
    last look that contradicted those before it.

    Notes
    -----
    Each of the intervals C(1), C(2), … of a confidence sequence holds the truth with one and the same chance of 1 - α,
    all of them at once; so does their intersection, as long as the truth stays what it is. Where it is empty the truth
    has moved (or the one case in 1/α has come), and the newest interval stands alone.

    Source: Howard, Ramdas, McAuliffe & Sekhon (2021), Annals of Statistics 49(2), 1055-1080, on running intersections.
    """

    channel: str
    kind: str
    since: date
    low: float
    high: float
    least: float
    most: float
    changed_on: date | None = None

    def narrowed(self, newest: "Bounds", *, on: date) -> "Bounds":
        """What is left possible after one more look, at the end of the day before ``on``.

        Another holdout, or another way to compare, begins anew.
        """
        if (self.kind, self.since) != (newest.kind, newest.since):
            return newest
        least, most = max(self.least, newest.least), min(self.most, newest.most)
        if least > most:
            return replace(newest, changed_on=on)
        return replace(
            newest,
            low=max(self.low, newest.low),
            high=min(self.high, newest.high),
            least=least,
            most=most,
            changed_on=self.changed_on,
        )
