"""Identifiers of a group of events on their way to homes: normalized, deduplicated, resolved in one go."""

from collections.abc import Sequence
from datetime import datetime

from fanwheel.cdp import persons
from fanwheel.cdp.events.evidence import Ref
from fanwheel.infra.postgres import Transaction


class Linker:
    """Collects what a group says about who is who, then asks the identity graph once."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._identifiers: dict[Ref, persons.NewIdentifier | None] = {}
        self._edges: dict[tuple[Ref, Ref], persons.NewEdge] = {}

    def add(self, refs: Sequence[Ref], *, alias: bool, seen_at: datetime) -> None:
        """One event's identifiers, the strongest first; every other belongs with the first usable one."""
        usable = [(ref, found) for ref in refs if (found := self._identifier(ref, seen_at)) is not None]
        if not usable:
            return
        own_ref, own = usable[0]
        for ref, other in usable[1:]:
            if other.hash != own.hash:
                edge = persons.NewEdge(own.hash, other.hash, "alias" if alias else "event", seen_at)
                self._edges.setdefault((own_ref, ref), edge)

    def _identifier(self, ref: Ref, seen_at: datetime) -> persons.NewIdentifier | None:
        if ref not in self._identifiers:
            kind, raw = ref
            value = persons.normalize(kind, raw, region=self._region)
            self._identifiers[ref] = value and persons.NewIdentifier(  # type: ignore[assignment]
                kind, value, persons.identifier_hash(kind, value), seen_at
            )
        found = self._identifiers[ref]
        if found is not None and seen_at < found.first_seen_at:
            found = self._identifiers[ref] = found._replace(first_seen_at=seen_at)
        return found

    async def finish(self, tx: Transaction) -> dict[Ref, int | None]:
        """The home of every identifier that was added; None for junk."""
        wanted = {item.hash: item for item in self._identifiers.values() if item is not None}
        homes = await persons.resolve(tx, list(wanted.values()), list(self._edges.values()))
        return {ref: homes[item.hash] if item else None for ref, item in self._identifiers.items()}
