"""Upkeep: what no cool-down and no report asks for any more goes."""

from datetime import datetime, timedelta
from typing import Final

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import menus
from fanwheel.loop.operate.autoreply import conditions
from fanwheel.loop.operate.autoreply.repository import ReplyRepository

_FIRINGS: Final = timedelta(days=90)
_STATES: Final = timedelta(days=8)  # longer than any lead form stays open, and than any brake
_TAPS: Final = timedelta(days=400)


async def tidy(tx: Transaction, *, now: datetime) -> None:
    """Delete old firings, where conversations stood that rest, and old taps."""
    repository = ReplyRepository(tx)
    kept = [
        rule.rule_id
        for rule, _ in await repository.list_rules(only_on=False)
        if conditions.remembers(rule.definition.when)
    ]
    await repository.tidy(firings_before=now - _FIRINGS, states_before=now - _STATES, kept=kept)
    await menus.tidy_taps(tx, before=now - _TAPS)
