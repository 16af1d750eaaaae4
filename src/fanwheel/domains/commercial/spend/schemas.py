"""What the spend routes take and give."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DomainName = Literal["public", "commercial", "private", "unknown"]


class SpendIn(BaseModel):
    """What a source cost on one day."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=200)
    domain: DomainName | None = None
    spent_on: date
    campaign: str = Field(default="", max_length=200)
    currency: str | None = None
    amount: Decimal = Field(allow_inf_nan=False)


class SpendItemsIn(BaseModel):
    """Rows of spend."""

    model_config = ConfigDict(extra="forbid")

    items: list[SpendIn] = Field(max_length=10_000)


class RefusedOut(BaseModel):
    """A row that was not stored, by its place in the request."""

    row: int
    message: str


class StoredOut(BaseModel):
    """What became of the rows."""

    stored: int
    refused: list[RefusedOut]


class CostOut(BaseModel):
    """Stored spend; ``reporting_minor`` is empty where no rate is known for the currency."""

    source_id: int
    source: str
    domain: DomainName
    spent_on: date
    campaign: str
    currency: str
    amount_minor: int
    reporting_minor: int | None


class UnconvertedOut(BaseModel):
    """Spend that is missing in the total, because no rate is known for its currency."""

    currency: str
    amount_minor: int


class CostsOut(BaseModel):
    """Spend of a period; ``total_minor`` is in ``currency``."""

    items: list[CostOut]
    currency: str
    total_minor: int
    unconverted: list[UnconvertedOut]
    warning: str | None = None
