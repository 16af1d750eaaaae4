"""Questions that whoever writes a rule asks: what there is to choose from, and who would be in."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request

from fanwheel.cdp import lists, traits
from fanwheel.cdp.persons import reading as people
from fanwheel.cdp.persons.crowds import Crowd
from fanwheel.cdp.segments import crowds, mentions, reading, schemas, service
from fanwheel.cdp.segments.vocabulary import Known, Vocabulary, describe, list_defined
from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, SettingsDep, one_per_server
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.domain import Domain

router = APIRouter(prefix="/api/segments", tags=["segments"])

Reader = Annotated[Principal, allow("segments:read")]
VocabularyDep = Annotated[Vocabulary, Depends(one_per_server("vocabulary", Vocabulary))]
_MOST_NAMES: Final = 500
_MOST_SHARED: Final = 10


@router.get("/vocabulary")
async def get_vocabulary(db: DatabaseDep, principal: Reader, vocabulary: VocabularyDep) -> schemas.Vocabulary:
    """What there is to choose from when a rule is written, about a minute old; segments and lists as they are now.

    Values are offered once two people share them, so none tells who somebody is.
    """
    words = await vocabulary.get(db, principal.workspace_id)
    async with db.transaction(principal.workspace_id) as tx:
        segments = (await service.list_segments(tx))[-_MOST_NAMES:]
        listed = await lists.list_names(tx, limit=_MOST_NAMES)
        defined = await list_defined(tx)
        known = describe(words.traits, await traits.list_definitions(tx))
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
        traits=[schemas.KnownTrait.model_validate(each, from_attributes=True) for each in known],
        tags=list(dict.fromkeys([*words.tags, *defined.tags])),
        tag_labels={tag: label for tag, label in defined.tags.items() if label},
        layers=[schemas.KnownLayer.model_validate(layer._asdict()) for layer in (*words.layers, *defined.layers)],
        domains=[domain.label for domain in Domain],
        channels=list(words.channels),
        sources=[schemas.KnownSource(slug=slug, name=name) for slug, name in words.sources],
        segments=[schemas.KnownSegment(segment_id=each.segment_id, name=each.name) for each in reversed(segments)],
        lists=[schemas.Listed(list_id=list_id, name=name) for list_id, name in listed],
    )


@router.post("/preview")
async def preview(
    request: Request, db: DatabaseDep, settings: SettingsDep, principal: Reader, body: schemas.NewPreview
) -> schemas.Preview:
    """Who would be in by a rule: how many, some of them, who may be reached, and what each condition comes to.

    Nothing is saved. What is known of single conditions is kept for a minute, so a change costs what is new in it.
    """
    from fanwheel.cdp.segments import analytic

    rule = reading.read_rule(body.rule)
    async with db.transaction(principal.workspace_id) as tx:
        await mentions.require_fit(tx, rule, itself=body.segment_id)
    request.app.state.forget_previews = analytic.forget
    found = await asyncio.to_thread(
        analytic.preview, settings, db.dsn, principal.workspace_id, rule, utc_now(), may_guess=body.may_guess
    )
    # Of a guess only a share of the members is known, so what they share with others is not.
    members = Crowd(found.members[:0] if found.is_guess else found.members)
    async with db.transaction(principal.workspace_id) as tx:
        shared = await crowds.list_shared(tx, crowds.chunks_of(members), but=body.segment_id, most=_MOST_SHARED)
        sample = await people.get_items(tx, found.sample[: body.sample])
    return schemas.Preview.model_validate(
        {
            "as_of": found.as_of,
            "is_guess": found.is_guess,
            "people": found.count,
            "low": found.low,
            "high": found.high,
            "everybody": found.everybody,
            "sample": sample,
            "reachable": [{"channel": name, "people": count} for name, count in found.reachable.items()],
            "overlap": [crowds.overlap(each, found.count) for each in shared],
            "conditions": [part._asdict() for part in found.parts],
            "warnings": [msgspec.to_builtins(caution) for caution in reading.warnings(rule)],
        },
        from_attributes=True,
    )


@router.post("/preview/trend")
async def preview_trend(
    request: Request, db: DatabaseDep, settings: SettingsDep, principal: Reader, body: schemas.NewTrend
) -> schemas.Trend:
    """How many would have been in by a rule, week by week over the last 90 days.

    What people did counts as of then, and only people who were known then; what else is known of them, their tags and
    traits, counts as it is today. Of more than 20,000 people a share is looked at.
    """
    from fanwheel.cdp.segments import analytic

    rule = reading.read_rule(body.rule)
    async with db.transaction(principal.workspace_id) as tx:
        await mentions.require_fit(tx, rule, itself=body.segment_id)
    request.app.state.forget_previews = analytic.forget
    found = await asyncio.to_thread(analytic.trend, settings, db.dsn, principal.workspace_id, rule, utc_now())
    return schemas.Trend(
        is_guess=found.is_guess, points=[schemas.TrendPoint(**point._asdict()) for point in found.points]
    )


def _known(found: Sequence[Known]) -> list[schemas.Known]:
    return [schemas.Known(name=each.name, kind=each.kind, values=list(each.values)) for each in found]
