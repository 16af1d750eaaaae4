"""Spend in plain values."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fanwheel.kernel.domain import Domain


class SpendRow(NamedTuple):
    """What a source cost on one day; in the reporting currency when none is named."""

    source: str
    spent_on: date
    amount: Decimal
    campaign: str = ""
    currency: str | None = None
    domain: Domain | None = None  # for a source that is new


class Refused(NamedTuple):
    """A row that was not stored: its place among those given, and why."""

    row: int
    message: str


class Stored(NamedTuple):
    """How many rows were stored, and which were not."""

    stored: int
    refused: Sequence[Refused]


class Entry(NamedTuple):
    """A row as it is stored."""

    source_id: int
    spent_on: date
    campaign: str
    currency: str
    amount_minor: int


class Cost(NamedTuple):
    """Stored spend with its source; no reporting amount where no rate is known for the currency."""

    source_id: int
    source: str
    domain: Domain
    spent_on: date
    campaign: str
    currency: str
    amount_minor: int
    reporting_minor: int | None


class Costs(NamedTuple):
    """Spend of a period. ``total_minor`` is in ``currency``; ``unconverted`` holds what is missing in it."""

    items: Sequence[Cost]
    currency: str
    total_minor: int
    unconverted: Sequence[tuple[str, int]]
