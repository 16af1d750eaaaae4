"""The four tables of ``measure.verdict`` out of one workspace's data, and what is known beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.reports.datasets import Place

Columns = Mapping[str, NDArray[Any]]
_HOUR_US: Final = 3_600_000_000
_APART: Final = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Spend, exposures, assignments and orders of one workspace, by living person.

    Channels bear the slugs of their sources. Amounts are minor units of the reporting currency. Times are those that a
    clock on the workspace's wall showed, so that days are the workspace's.
    """

    place: Place
    as_of: datetime
    spend: Columns
    exposures: Columns
    assignments: Columns
    orders: Columns
    first_day: date | None = None  # of the first holdout, where the assignments do not tell

    @property
    def first_held(self) -> date | None:
        """The day on which the first holdout began."""
        since = self.assignments["since"]
        return since.min().astype("datetime64[D]").item() if len(since) else self.first_day

    @property
    def segments(self) -> Columns:
        """Who had bought before the first holdout and who had not; nobody without a holdout."""
        begin = self.first_held
        if begin is None:
            return {"person": np.zeros(0, np.int64), "segment": np.zeros(0, "<U8")}
        people = np.unique(np.concatenate([table["person"] for table in self._with_people]))
        early = self.orders["at"] < np.datetime64(begin)
        is_customer = np.isin(people, self.orders["person"][early])
        return {"person": people, "segment": np.where(is_customer, "customer", "prospect")}

    @property
    def _with_people(self) -> tuple[Columns, ...]:
        return self.exposures, self.assignments, self.orders

    def until(self, last: date) -> "Tables":
        """What was known at the end of the day ``last``, of holdouts of channels that then occurred."""
        end = np.datetime64(last + timedelta(days=1))
        spend, exposures, assignments, orders = (
            _where(table, table[column] < end)
            for table, column in (
                (self.spend, "day"),
                (self.exposures, "at"),
                (self.assignments, "since"),
                (self.orders, "at"),
            )
        )
        occurred = np.union1d(np.union1d(spend["channel"], exposures["channel"]), ["universal"])
        assignments = _where(assignments, np.isin(assignments["holdout"], occurred))
        return replace(self, spend=spend, exposures=exposures, assignments=assignments, orders=orders)


def of_campaign(channels: NDArray[np.str_], campaigns: NDArray[Any]) -> NDArray[np.str_]:
    """Names of channels in which the campaign stands too; ``split_campaign`` takes them apart."""
    named: NDArray[np.str_] = np.char.add(np.char.add(channels, _APART), campaigns.astype(np.str_))
    return named


def split_campaign(channel: str) -> tuple[str, str | None]:
    """The channel and, where one stands in its name, the campaign."""
    name, apart, campaign = channel.partition(_APART)
    return name, campaign if apart else None


def wall_clock(instants: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.datetime64]:
    """What a clock in ``zone`` showed at ``instants`` (microseconds since 1970, UTC).

    Offsets change on whole quarters of an hour; each is asked for once.
    """
    quarters, place = np.unique(instants // (_HOUR_US // 4), return_inverse=True)
    offsets = np.array([_offset_us(int(quarter) * _HOUR_US // 4, zone) for quarter in quarters], dtype=np.int64)
    local = instants + (offsets[place.reshape(-1)] if len(instants) else 0)
    return local.astype("datetime64[us]")


def _offset_us(instant: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(instant / 1e6, zone).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _where(table: Columns, rows: NDArray[np.bool_]) -> Columns:
    return {name: values[rows] for name, values in table.items()}
