"""The four tables of ``measure.verdict`` out of one workspace's data, and what is known beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    shares: Mapping[str, float] = field(default_factory=dict)  # planned, by holdout
    parts: Mapping[str, str] = field(default_factory=dict)  # where channels are campaigns, the source of each
    first_day: date | None = None  # of the first holdout, where the assignments do not tell

    @property
    def first_held(self) -> date | None:
        """The day on which the first holdout began."""
        since = self.assignments["since"]
        return self.first_day or (since.min().astype("datetime64[D]").item() if len(since) else None)

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
        occurred = {"universal", *spend["channel"].tolist(), *exposures["channel"].tolist(), *self.parts.values()}
        assignments = _where(assignments, np.isin(assignments["holdout"], sorted(occurred)))
        return replace(self, spend=spend, exposures=exposures, assignments=assignments, orders=orders)


def planned_shares(holdouts: Sequence[str], said: Sequence[str | None]) -> dict[str, float]:
    """The share planned for each holdout; of a holdout of which several are said, none."""
    found: dict[str, set[float]] = {}
    for holdout, text in zip(holdouts, said, strict=True):
        try:
            share = float(text) if text is not None else None
        except ValueError:
            continue
        if share is not None and 0 < share < 1:
            found.setdefault(holdout, set()).add(share)
    return {holdout: shares.pop() for holdout, shares in found.items() if len(shares) == 1}


def campaign_holdouts(tables: Tables, campaigns: Sequence[str]) -> Tables:
    """The case of ``campaigns`` (see ``of_campaign``), with their holdouts named as they are.

    A holdout of a campaign is named "source/campaign". Holdouts of whole channels stay, for whoever is in one stands in
    neither arm of a campaign.
    """
    parts = {campaign: split_campaign(campaign)[0] for campaign in campaigns}
    named = {f"{slug}/{split_campaign(campaign)[1]}".lower(): campaign for campaign, slug in parts.items()}
    # A source's own name goes before a campaign's that reads alike.
    named |= {source["slug"]: source["slug"] for source in tables.place.sources.values()}
    holdouts = [named.get(text, text) for text in tables.assignments["holdout"].tolist()]
    return replace(
        tables,
        assignments={**tables.assignments, "holdout": np.array(holdouts, dtype=np.str_)},
        shares={named.get(text, text): share for text, share in tables.shares.items()},
        parts=parts,
    )


def of_campaign(channels: NDArray[np.str_], campaigns: NDArray[Any]) -> NDArray[np.str_]:
    """Names of channels in which the campaign stands too; ``split_campaign`` takes them apart."""
    named: NDArray[np.str_] = np.char.add(np.char.add(channels, _APART), campaigns.astype(np.str_))
    return named


def label(channel: str, campaign: str) -> str:
    """One such name."""
    return f"{channel}{_APART}{campaign}"


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
