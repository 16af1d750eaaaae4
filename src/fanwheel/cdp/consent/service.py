"""Consent as the rest of the product uses it."""

from collections.abc import Sequence

from fanwheel.cdp.consent.contracts import Statement
from fanwheel.cdp.consent.repository import ConsentRepository
from fanwheel.infra.postgres import Transaction


async def append(tx: Transaction, statements: Sequence[Statement]) -> int:
    """Add to the ledger; how many statements were new."""
    return await ConsentRepository(tx).append(statements) if statements else 0
