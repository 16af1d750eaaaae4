"""Versions of templates, previews and the words for them over HTTP."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.loop.operate.content import brand, previewing, schemas, service, vocabulary, writing
from fanwheel.loop.operate.content.router import Reader, Writer, opened

# Mounted before the routes of one template, which would take “words” for an id.
router = APIRouter(prefix="/api", tags=["templates"])

_ReaderOfPeople = Annotated[Principal, allow("people:read")]


@router.get("/templates/words")
async def list_words(db: DatabaseDep, principal: _ReaderOfPeople) -> schemas.Words:
    """Every variable that a template may use, with examples from the people seen last."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await vocabulary.list_words(tx)
    return schemas.Words(items=[schemas.Word.model_validate({**each._asdict()}) for each in found])


@router.post("/templates/preview")
async def preview_template(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, body: schemas.PreviewIn
) -> schemas.TemplatePreview:
    """What a template would say, to a person or to nobody in particular, and what is wrong with it; nothing is kept."""
    content = writing.read(body.content, body.channel)
    asked = previewing.Asked(body.variant, body.language, body.person_id, body.variables)
    async with db.transaction(principal.workspace_id) as tx:
        made = await previewing.preview(tx, content, body.channel, asked, site_url=settings.url)
    values = made._asdict() | {
        "parts": msgspec.to_builtins(made.parts),
        "detail": dict(made.detail),
        "issues": [{**issue._asdict(), "detail": dict(issue.detail)} for issue in made.issues],
    }
    return schemas.TemplatePreview.model_validate(values)


@router.get("/templates/{template_id}/versions")
async def list_versions(db: DatabaseDep, principal: Reader, template_id: int) -> schemas.Versions:
    """Versions of a template, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_versions(tx, template_id)
    return schemas.Versions(items=[schemas.VersionItem.model_validate(each) for each in found])


@router.get("/templates/{template_id}/diff")
async def compare_versions(
    db: DatabaseDep,
    principal: Reader,
    template_id: int,
    before: Annotated[int, Query(ge=1, le=2**31 - 1, description="Number of a version.")] = 1,
    after: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Of another; without: the draft.")] = None,
) -> schemas.Changes:
    """What is different from one version of a template to another, or to its draft."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.compare(tx, template_id, before=before, after=after)
    return schemas.Changes(items=[schemas.Change.model_validate(each._asdict()) for each in found])


@router.get("/template-versions/{version_id}")
async def get_version(db: DatabaseDep, principal: Reader, version_id: int) -> schemas.Version:
    """A version as it was written."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.Version.model_validate(await service.get_version(tx, version_id))


@router.post("/template-versions/{version_id}/restore")
async def restore_version(db: DatabaseDep, principal: Writer, version_id: int) -> schemas.TemplateDetail:
    """Make a version the draft again; what is published stays as it is."""
    async with db.transaction(principal.workspace_id) as tx:
        template_id = await service.restore(tx, version_id, actor=principal.actor)
        await audit.write(tx, principal, "template.restore", str(template_id), {"version_id": version_id})
        return opened(await service.get(tx, template_id))


@router.get("/brand")
async def get_brand(db: DatabaseDep, principal: Reader) -> schemas.Brand:
    """How the brand signs its messages."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.Brand.model_validate(await brand.get(tx))


@router.put("/brand")
async def put_brand(db: DatabaseDep, principal: Writer, body: schemas.Brand) -> schemas.Brand:
    """Say how the brand signs its messages, and under which address its links are."""
    async with db.transaction(principal.workspace_id) as tx:
        await brand.put(tx, body.model_dump(), actor=principal.actor)
        await audit.write(tx, principal, "brand.change", None)
        return schemas.Brand.model_validate(await brand.get(tx))
