"""Kinds of data that can be let go of after a while."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, get_args

Kind = Literal["conversations", "sends", "visits", "refused_events"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# What is younger is still needed: frequency caps look back, and receipts come late.
LEAST_DAYS: Final[Mapping[Kind, int]] = MappingProxyType(
    {"conversations": 30, "sends": 90, "visits": 30, "refused_events": 7}
)
MOST_DAYS: Final = 36_500


class Period(NamedTuple):
    """How many days a kind of data is kept; None: for ever."""

    kind: Kind
    days: int | None
    least_days: int


class Old(NamedTuple):
    """How much of a kind of data would go, and when the oldest of it is from."""

    items: int
    oldest_at: datetime | None
