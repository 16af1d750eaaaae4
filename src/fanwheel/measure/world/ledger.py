"""What happened in a world: visits, messages, joins, orders and invites as columns.

Times are in weeks of operational time from the start of the world; the calendar is laid over them when events
are rendered, so a world is the same world whenever it is shown. Facts outside [0, weeks) are not observed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.int64] | npt.NDArray[np.float64]
DIRECT: Final = -1  # the channel of a visit that shows no origin

VISIT_COLUMNS: Final = ("person", "at", "channel", "is_arrival", "luck")
MESSAGE_COLUMNS: Final = ("person", "at", "channel", "is_opened", "luck")
JOIN_COLUMNS: Final = ("person", "at", "channel", "is_leaving", "via", "luck")
ORDER_COLUMNS: Final = (
    "person", "at", "week", "slot", "channel", "currency", "goods", "discount", "shipping", "total",
    "is_cancelled", "refunded", "refund_at", "first_line", "line_count", "luck",
)  # fmt: skip
LINE_COLUMNS: Final = ("product", "quantity", "unit_price")
GHOST_COLUMNS: Final = ("person", "at", "channel")
INVITE_COLUMNS: Final = ("person", "at", "referee", "accepted_at", "luck")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of one length by name."""

    columns: Mapping[str, Column]

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


class TableBuilder:
    """Collects batches of rows and joins them once."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._batches: list[dict[str, Column]] = []
        self.rows = 0

    def add(self, **columns: Column | float) -> None:
        """Append rows; scalars are spread over the length of ``person`` (or the first array)."""
        length = max(np.size(column) for column in columns.values()) if columns else 0
        if any(np.size(column) == 0 for column in columns.values()):
            return
        batch = {name: np.broadcast_to(np.asarray(columns[name]), (length,)) for name in self._names}
        self._batches.append(batch)
        self.rows += length

    def build(self) -> Table:
        """All rows in the order in which they were added."""
        if not self._batches:
            return Table({name: np.zeros(0, dtype=np.int64) for name in self._names})
        joined: dict[str, Column] = {}
        for name in self._names:
            whole: Any = np.concatenate([batch[name] for batch in self._batches])
            joined[name] = whole
        return Table(joined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All facts of one simulated world. Money is in minor units of the row's currency."""

    visits: Table
    messages: Table
    joins: Table
    orders: Table
    lines: Table
    invites: Table
    ghosts: Table  # exposures that holdouts kept from happening
    currencies: tuple[str, ...]
    weeks: int

    def observed_orders(self) -> npt.NDArray[np.bool_]:
        """Which orders were placed inside the window that the world shows."""
        placed = self.orders["at"]
        return (placed >= 0) & (placed < self.weeks)

    def net_minor(self) -> npt.NDArray[np.int64]:
        """Revenue of each order net of cancellations and refunds made inside the window, in its currency."""
        orders = self.orders
        refunded = np.where(orders["refund_at"] < self.weeks, orders["refunded"], 0)
        is_void = (orders["is_cancelled"] > 0) & (orders["refund_at"] < self.weeks)
        kept = np.where(is_void, 0, orders["total"] - refunded)
        return np.where(self.observed_orders(), kept, 0).astype(np.int64)
