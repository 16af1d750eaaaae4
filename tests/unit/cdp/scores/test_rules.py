"""Persons are scored every night, and sooner while a workspace fills up."""

from datetime import UTC, datetime, timedelta

import pytest

from fanwheel.cdp.scores.contracts import Ask
from fanwheel.cdp.scores.rules import is_due

# 20:00 UTC on 1 March is 04:00 on 2 March in Shanghai, an hour after the night's turn.
NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("orders", "hours_ago", "orders_then", "due"),
    [
        (0, None, 0, False),  # nothing to score
        (1, None, 0, True),  # the first order
        (10, 0.5, 10, False),  # this night already
        (10, 1, 10, False),  # at the turn of the night itself
        (10, 1.01, 10, True),  # just before it
        (10, 75, 10, True),  # three nights were slept through
        (19, 0.5, 10, False),
        (20, 0.5, 10, True),  # twice as many orders
        (20, 0.05, 10, False),  # but only three minutes later
        (0, 0.5, 0, False),  # scored, and still nobody has bought
        (0, 24, 5, True),  # every order was cancelled: old scores must go
    ],
)
def test_persons_are_scored(orders: int, hours_ago: float | None, orders_then: int, due: bool) -> None:
    scored_at = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    ask = Ask(time_zone="Asia/Shanghai", order_count=orders, scored_at=scored_at, scored_orders=orders_then)

    assert is_due(ask, now=NOW) == due


def test_the_night_turns_at_three_also_when_clocks_change() -> None:
    # In New York the clock goes from 2:00 to 3:00 on 8 March 2026, at 07:00 UTC.
    before = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)
    ask = Ask(time_zone="America/New_York", order_count=1, scored_at=before, scored_orders=1)

    assert is_due(ask, now=before + timedelta(minutes=1))
    assert not is_due(ask, now=before + timedelta(seconds=59))
