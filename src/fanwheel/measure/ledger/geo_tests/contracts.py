"""A geo test in plain values, and what it has shown."""

from dataclasses import dataclass
from datetime import date

from fanwheel.measure.verdicts import GeoTest, Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A geo test to be noted; ``trait`` is the trait of persons that holds their region."""

    source: str
    campaign: str | None
    trait: str
    regions: tuple[str, ...]
    before_on: date
    started_on: date
    ended_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionTest:
    """A source, or one campaign of it, that was off in ``regions`` from ``started_on`` to ``ended_on`` (None: it runs).

    Regions are compared from ``before_on``.
    """

    geo_test_id: int
    source_id: int
    campaign: str | None
    trait: str
    regions: tuple[str, ...]
    before_on: date
    started_on: date
    ended_on: date | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a geo test has shown of the channel that it switched, or why it shows nothing.

    ``share`` is the share of revenue before the test that fell to the switched regions: so much of the channel's spend
    is taken to have been saved there.
    """

    channel: str
    test: RegionTest
    found: GeoTest | None
    why_not: Note | None
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A value of the trait, and how many people have it."""

    region: str
    people: int
