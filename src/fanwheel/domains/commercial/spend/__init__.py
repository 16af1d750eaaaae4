"""Spend: what was paid per source and day."""

from fanwheel.domains.commercial.spend.contracts import Refused, SpendRow, Stored
from fanwheel.domains.commercial.spend.service import list_spend, put_spend

__all__ = ["Refused", "SpendRow", "Stored", "list_spend", "put_spend"]
