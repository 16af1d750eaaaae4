"""Questions that whoever writes a rule asks: what there is to choose from, and who would be in."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request

from fanwheel.cdp import lists
from fanwheel.cdp.segments import schemas, service
from fanwheel.cdp.segments.vocabulary import Known, Vocabulary
from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.kernel.domain import Domain

router = APIRouter(prefix="/api/segments", tags=["segments"])

Reader = Annotated[Principal, allow("segments:read")]
_MOST_NAMES: Final = 500


def vocabulary_of(request: Request, settings: SettingsDep, database: DatabaseDep) -> Vocabulary:
    """The vocabularies of the running server; the first request makes them."""
    state = request.app.state
    if not hasattr(state, "vocabulary"):
        state.vocabulary = Vocabulary(settings, database.dsn)
    vocabulary: Vocabulary = state.vocabulary
    return vocabulary


@router.get("/vocabulary")
async def get_vocabulary(
    db: DatabaseDep, principal: Reader, vocabulary: Annotated[Vocabulary, Depends(vocabulary_of)]
) -> schemas.Vocabulary:
    """What there is to choose from when a rule is written, about a minute old; segments and lists as they are now.

    Values are offered once two people share them, so none tells who somebody is.
    """
    words = await vocabulary.get(db, principal.workspace_id)
    async with db.transaction(principal.workspace_id) as tx:
        segments = (await service.list_segments(tx))[-_MOST_NAMES:]
        listed = await lists.list_names(tx, limit=_MOST_NAMES)
    return schemas.Vocabulary(
        events=[
            schemas.KnownEvent(
                kind=event.kind,
                name=event.name,
                event_count=event.event_count,
                properties=_known(event.properties),
                product_properties=_known(event.product_properties),
            )
            for event in words.events
        ],
        traits=_known(words.traits),
        tags=list(words.tags),
        layers=[schemas.KnownLayer(name=layer.name, classes=list(layer.classes)) for layer in words.layers],
        domains=[domain.label for domain in Domain],
        channels=list(words.channels),
        sources=[schemas.KnownSource(slug=slug, name=name) for slug, name in words.sources],
        segments=[schemas.KnownSegment(segment_id=each.segment_id, name=each.name) for each in reversed(segments)],
        lists=[schemas.Listed(list_id=list_id, name=name) for list_id, name in listed],
    )


def _known(found: Sequence[Known]) -> list[schemas.Known]:
    return [schemas.Known(name=each.name, kind=each.kind, values=list(each.values)) for each in found]
