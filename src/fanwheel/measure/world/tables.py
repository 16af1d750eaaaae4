"""A world as an analyst gets it: spend, exposures, assignments, orders, and nothing of its truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from fanwheel.measure.world import calendar, holdouts
from fanwheel.measure.world.config import Content, WorldConfig
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.people import People
from fanwheel.measure.world.spend import spend_rows
from fanwheel.measure.world.streams import Floats, Indices, Streams

Columns = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The four tables of ``measure.verdict``, each a mapping of column names to arrays of one length.

    ``people`` is how many live in the world, ``start`` the day from which holdouts hold, ``end`` the first day that is
    not shown any more; ``rates`` turn the currencies of spend and orders into ``currency``.
    """

    config: WorldConfig
    inhabitants: People
    ledger: Ledger

    @property
    def people(self) -> int:
        """How many people live in the world, met or not."""
        return self.inhabitants.count

    @property
    def countable(self) -> int | None:
        """How many people the brand could have met, for a verdict; None where it takes facts for further people."""
        return None if self.config.lost_identities > 0 else self.people

    @property
    def start(self) -> date:
        """The day from which holdouts hold."""
        return calendar.first_day(self.config) + timedelta(weeks=self.config.pre_weeks)

    @property
    def end(self) -> date:
        """The first day that is not shown any more."""
        return self.config.until + timedelta(days=1)

    @cached_property
    def spend(self) -> Columns:
        """channel, day, amount, currency."""
        totals: dict[tuple[str, date, str], int] = {}
        for row in spend_rows(self.config, self.inhabitants, self.ledger):
            key = (row.channel, row.spent_on, row.currency)
            totals[key] = totals.get(key, 0) + row.amount_minor
        return {
            "channel": np.array([key[0] for key in totals], dtype=np.str_),
            "day": np.array([key[1] for key in totals], dtype="datetime64[D]"),
            "amount": np.array(list(totals.values()), dtype=np.float64) / 100.0,
            "currency": np.array([key[2] for key in totals], dtype=np.str_),
        }

    @cached_property
    def exposures(self) -> Columns:
        """person, channel, at, ghost: visits by channel, messages sent, and what holdouts kept from happening."""
        who, channel, at, ghost = self._met
        return {
            "person": self._known(who, "exposure"),
            "channel": np.array([spec.slug for spec in self.config.channels])[channel],
            "at": self._stamp(who, at),
            "ghost": ghost,
        }

    @cached_property
    def assignments(self) -> Columns:
        """person, holdout (``universal`` or a channel), since; of strangers those whose ghosts say so."""
        held = {name: np.flatnonzero(flags) for name, flags in self._held.items()}
        parts = [(who, np.full(len(who), name)) for name, who in held.items()]
        if self.config.lost_identities > 0:
            parts.append(self._strangers_held())
        person = np.concatenate([np.zeros(0, dtype=np.int64), *(who for who, _ in parts)])
        return {
            "person": person,
            "holdout": np.concatenate([np.zeros(0, dtype=np.str_), *(names for _, names in parts)]),
            "since": np.full(len(person), np.datetime64(self.start, "D")),
        }

    @cached_property
    def orders(self) -> Columns:
        """person, at, value (net of refunds and cancellations), currency, referrer (missing: not a number)."""
        orders, net = self.ledger.orders, self.ledger.net_minor()
        kept = net > 0
        who = orders["person"][kept].astype(np.int64)
        referrer = np.full(self.people, np.nan)
        invites = self.ledger.invites
        came = invites["referee"] >= 0
        referrer[invites["referee"][came].astype(np.int64)] = invites["person"][came]
        return {
            "person": self._known(who, "order"),
            "at": self._stamp(who, orders["at"][kept].astype(np.float64)),
            "value": net[kept] / 100.0,
            "currency": np.array(self.ledger.currencies)[orders["currency"][kept].astype(np.int64)],
            "referrer": referrer[who],
        }

    @cached_property
    def segments(self) -> Columns:
        """person, segment: ``customer`` or ``prospect`` by whether they bought before ``start``."""
        return {"person": np.arange(self.people), "segment": np.array(["prospect", "customer"])[self.segment_index]}

    @cached_property
    def segment_index(self) -> Indices:
        """0 for prospects, 1 for those who bought in the pre-period, shape (people,)."""
        orders = self.ledger.orders
        has_bought = np.zeros(self.people, dtype=np.int64)
        early = self.ledger.observed_orders() & (orders["at"] < self.config.pre_weeks)
        has_bought[orders["person"][early].astype(np.int64)] = 1
        return has_bought

    @cached_property
    def _met(self) -> tuple[Indices, Indices, Floats, npt.NDArray[np.bool_]]:
        """Whom each exposure truly meets, by which channel, when, and whether a holdout kept it from happening."""
        ledger = self.ledger
        visits = ledger.visits["channel"] >= 0
        counts = np.array([not c.is_messaging and c.content is not Content.INVITE for c in self.config.channels])
        visits &= counts[np.maximum(ledger.visits["channel"], 0).astype(np.int64)]
        parts = (
            [ledger.visits[name][visits] for name in ("person", "at", "channel")],
            [ledger.messages[name] for name in ("person", "at", "channel")],
            [ledger.ghosts[name] for name in ("person", "at", "channel")],
        )
        person, at, channel = (np.concatenate([part[i] for part in parts]) for i in range(3))
        ghost = np.arange(len(person)) >= len(person) - len(ledger.ghosts)
        shown = (at >= 0) & (at < self.config.weeks)
        return (
            person[shown].astype(np.int64), channel[shown].astype(np.int64), at[shown].astype(np.float64), ghost[shown]
        )  # fmt: skip

    def _strangers_held(self) -> tuple[Indices, npt.NDArray[np.str_]]:
        """Whoever is known by a ghost alone is held out like the person behind it."""
        who, _, _, ghost = self._met
        named, slugs = self.exposures["person"], self.exposures["channel"]
        lost = ghost & (named >= self.people)
        nowhere = self._held[holdouts.UNIVERSAL][who[lost]]
        return named[lost], np.where(nowhere, holdouts.UNIVERSAL, slugs[lost])

    @cached_property
    def _held(self) -> dict[str, npt.NDArray[np.bool_]]:
        return holdouts.assignments(self.config, self.inhabitants)

    def _stamp(self, who: Indices, at: Floats) -> npt.NDArray[np.datetime64]:
        return calendar.epoch_seconds(self.config, at, self.inhabitants.is_china[who]).astype("datetime64[s]")

    def _known(self, who: Indices, kind: str) -> Indices:
        """The person of each fact, or, where the identity is lost, somebody never seen again."""
        if self.config.lost_identities == 0:
            return who
        rows = np.arange(len(who), dtype=np.int64)
        lost = Streams(self.config.seed).uniform(f"lost/{kind}", rows) < self.config.lost_identities
        strangers = self.people * (2 if kind == "order" else 1_000) + rows
        return np.where(lost, strangers, who)
