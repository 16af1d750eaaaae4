"""Business hours as the rest of the product uses them."""

from collections.abc import Sequence

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.hours import rules
from fanwheel.loop.operate.hours.contracts import Special, Weekly
from fanwheel.loop.operate.hours.repository import HoursRepository
from fanwheel.loop.operate.hours.rules import Hours


async def get(tx: Transaction) -> Hours:
    """When the workspace is open."""
    return await HoursRepository(tx).get()


async def put(tx: Transaction, weekly: Sequence[Weekly], special: Sequence[Special], *, actor: str) -> Hours:
    """Set when the workspace is open.

    Raises
    ------
    BadHoursError
        If stretches overlap or do not lie within their day.
    """
    rules.check(weekly, special)
    await HoursRepository(tx).put(weekly, special, actor=actor)
    return await get(tx)
