"""Placing events at ingest: many at once, with the rules remembered for a few seconds."""

from collections.abc import Collection
from time import monotonic
from typing import Final, NamedTuple

from fanwheel.cdp.sources.contracts import Evidence, Match, Placed, Source
from fanwheel.cdp.sources.repository import SourceRepository
from fanwheel.cdp.sources.rules import Classifier
from fanwheel.cdp.sources.service import put_sources
from fanwheel.infra.postgres import Transaction

# How long a process may go on with the rules it has read; other processes may have changed them.
REMEMBERED_S: Final = 5.0


class _Known(NamedTuple):
    read_at: float
    classifier: Classifier
    sources: dict[str, Source]


_known: Final[dict[int, _Known]] = {}


async def classify(tx: Transaction, evidences: Collection[Evidence]) -> dict[Evidence, Placed]:
    """Where events came from, by their evidence; evidence that tells nothing is left out.

    Sources met for the first time are added. A change of rules or sources is noticed within five seconds.
    """
    if not evidences:
        return {}
    known = await _recall(tx)
    matches: dict[Evidence, Match] = {}
    for evidence in evidences:
        match = known.classifier.classify(evidence)
        if match is not None:
            matches[evidence] = match
    # New sources are not remembered here: this transaction may still roll back and take them along.
    unknown = {m.source_slug: m.domain for m in matches.values() if m.source_slug not in known.sources}
    sources = {**known.sources, **await put_sources(tx, unknown)} if unknown else known.sources
    places = {slug: Placed(source.source_id, source.domain) for slug, source in sources.items()}
    return {evidence: places[match.source_slug] for evidence, match in matches.items()}


def forget(workspace: int) -> None:
    """Read the rules of ``workspace`` again at the next event."""
    _known.pop(workspace, None)


async def _recall(tx: Transaction) -> _Known:
    assert tx.workspace is not None
    known = _known.get(tx.workspace)
    if known is None or monotonic() - known.read_at > REMEMBERED_S:
        repository = SourceRepository(tx)
        sources = {source.slug: source for source in await repository.list_sources()}
        domains = {slug: source.domain for slug, source in sources.items()}
        known = _Known(monotonic(), Classifier(await repository.list_rules(), domains), sources)
        _known[tx.workspace] = known
    return known
