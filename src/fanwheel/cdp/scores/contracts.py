"""What a score is, and when scores are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

# Every trait that the measurement writes; docs/explanation/reports.md says what each means.
NAMES: Final = ("clv_12m", "next_purchase_due", "p_alive", "rfm_tier")


class Score(NamedTuple):
    """The scores of one person, by name."""

    person_id: int
    scores: Mapping[str, str | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What decides whether a workspace's persons are to be scored now."""

    time_zone: str
    order_count: int
    scored_at: datetime | None
    scored_orders: int
