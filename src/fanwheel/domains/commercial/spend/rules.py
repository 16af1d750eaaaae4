"""Checking rows of spend, and naming their sources."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from fanwheel.cdp import sources
from fanwheel.domains.commercial.spend.contracts import Refused, SpendRow
from fanwheel.domains.commercial.spend.errors import NegativeSpendError
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.errors import FanwheelError
from fanwheel.kernel.money import to_minor

Key = tuple[str, date, str, str]
MAX_CAMPAIGN: Final = 200


def check(rows: Sequence[SpendRow], *, reporting_currency: str) -> tuple[dict[Key, int], list[Refused]]:
    """Amounts in minor units by source, day, campaign and currency; and the rows that cannot be used.

    Two rows for one key are never added or overwritten in silence: the later one is refused.
    """
    amounts: dict[Key, int] = {}
    refused: list[Refused] = []
    for number, row in enumerate(rows):
        try:
            key, amount = _read(row, reporting_currency)
        except FanwheelError as error:
            refused.append(Refused(number, f"{error.message} {error.hint or ''}".strip()))
            continue
        if key in amounts:
            message = "An earlier row has the same source, day, campaign and currency: add them up."
            refused.append(Refused(number, message))
        else:
            amounts[key] = amount
    return amounts, refused


def domain_for(slug: str, classifier: sources.Classifier) -> Domain:
    """The domain of a new source: by the rules, as if the slug were utm_source/utm_medium; else commercial."""
    source, _, medium = slug.partition("/")
    match = classifier.classify(sources.Evidence(campaign_source=source, campaign_medium=medium))
    return match.domain if match and match.domain is not Domain.UNKNOWN else Domain.COMMERCIAL


def _read(row: SpendRow, reporting_currency: str) -> tuple[Key, int]:
    slug = sources.clean_slug(row.source)
    currency = (row.currency or reporting_currency).strip().upper()
    if row.amount < Decimal(0):
        raise NegativeSpendError(hint="Send what was spent that day in all, credits taken off.")
    return (slug, row.spent_on, row.campaign.strip()[:MAX_CAMPAIGN], currency), to_minor(row.amount, currency)
