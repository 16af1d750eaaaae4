"""Where the events of a group came from, by rules that this process reads again every few seconds."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fanwheel.cdp import sources
from fanwheel.infra.postgres import Transaction

_FRESH_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Place:
    """A source and its domain, as stored with an event."""

    source_id: int
    domain: int


@dataclass(slots=True)
class SourceBook:
    """One workspace's classifier and the ids of its sources."""

    classifier: sources.Classifier | None = None
    ids: dict[str, int] = field(default_factory=dict)
    read_at: float = 0.0

    async def refresh(self, tx: Transaction) -> sources.Classifier:
        """Read rules and registry when the last reading is old."""
        now = time.monotonic()
        if self.classifier is None or now - self.read_at > _FRESH_SECONDS:
            self.classifier = await sources.load_classifier(tx)
            self.ids = {source.slug: source.source_id for source in await sources.list_sources(tx)}
            self.read_at = now
        return self.classifier

    async def place(
        self, tx: Transaction, evidence: Iterable[sources.Evidence]
    ) -> tuple[dict[sources.Evidence, Place], dict[str, int]]:
        """The source of each piece of evidence (one that tells nothing is left out), and the ids of those added.

        What was added is for the caller to put into ``ids`` once the transaction is committed.
        """
        wanted = set(evidence)
        if not wanted:
            return {}, {}
        classifier = await self.refresh(tx)
        matches = {item: match for item in wanted if (match := classifier.classify(item)) is not None}
        missing = [match for match in matches.values() if match.source_slug not in self.ids]
        added: dict[str, int] = {**await sources.ensure_sources(tx, missing)} if missing else {}
        ids = self.ids | added if added else self.ids
        return {item: Place(ids[match.source_slug], int(match.domain)) for item, match in matches.items()}, added

    def forget(self) -> None:
        """Read everything again next time."""
        self.read_at = 0.0
        self.classifier = None
