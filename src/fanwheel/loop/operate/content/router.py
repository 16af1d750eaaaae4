"""Templates over HTTP: drafts and what becomes of them."""

from typing import Annotated, Any

from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.loop.operate.content import schemas, service
from fanwheel.loop.operate.content.writing import to_json

router = APIRouter(prefix="/api/templates", tags=["templates"])

Reader = Annotated[Principal, allow("content:read")]
Writer = Annotated[Principal, allow("content:write")]


@router.get("")
async def list_templates(
    db: DatabaseDep,
    principal: Reader,
    channel: schemas.Channel | None = None,
    q: str | None = None,
    is_archived: bool = False,
) -> schemas.Templates:
    """Templates, those changed last first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_templates(tx, channel=channel, q=q or None, is_archived=is_archived)
    return schemas.Templates(items=[schemas.TemplateItem.model_validate(each) for each in found])


@router.post("", status_code=201)
async def add_template(db: DatabaseDep, principal: Writer, body: schemas.NewTemplate) -> schemas.TemplateDetail:
    """Make a template; it is a draft until it is published."""
    values = body.model_dump(include={"channel", "name", "folder", "labels"})
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.add(tx, values, body.content, language=body.language, actor=principal.actor)
        await audit.write(tx, principal, "template.create", str(made), {"name": body.name})
        return opened(await service.get(tx, made))


@router.get("/{template_id}")
async def get_template(db: DatabaseDep, principal: Reader, template_id: int) -> schemas.TemplateDetail:
    """A template with its draft, and what is wrong with that."""
    async with db.transaction(principal.workspace_id) as tx:
        return opened(await service.get(tx, template_id))


@router.patch("/{template_id}")
async def change_template(
    db: DatabaseDep, principal: Writer, template_id: int, body: schemas.TemplatePatch
) -> schemas.TemplateDetail:
    """Change a template's draft, name, folder or labels; what is published stays as it is."""
    changes = body.model_dump(exclude_none=True, exclude={"revision"})
    async with db.transaction(principal.workspace_id) as tx:
        await service.save(tx, template_id, changes, revision=body.revision, actor=principal.actor)
        await audit.write(tx, principal, "template.change", str(template_id), {"fields": sorted(changes)})
        return opened(await service.get(tx, template_id))


@router.post("/{template_id}/publish")
async def publish_template(
    db: DatabaseDep, principal: Writer, template_id: int, body: schemas.Publication
) -> schemas.TemplateDetail:
    """Let the draft be said from now on, as a version that never changes; refused while there are mistakes in it."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.publish(tx, template_id, note=body.note, revision=body.revision, actor=principal.actor)
        await audit.write(tx, principal, "template.publish", str(template_id), {"version_id": made})
        return opened(await service.get(tx, template_id))


@router.post("/{template_id}/duplicate", status_code=201)
async def duplicate_template(db: DatabaseDep, principal: Writer, template_id: int) -> schemas.TemplateDetail:
    """Make a copy of a template's draft."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.duplicate(tx, template_id, actor=principal.actor)
        await audit.write(tx, principal, "template.create", str(made), {"copy_of": template_id})
        return opened(await service.get(tx, made))


@router.post("/{template_id}/archive")
async def archive_template(db: DatabaseDep, principal: Writer, template_id: int) -> schemas.TemplateDetail:
    """Take a template out of the list; where it is used it goes on being said."""
    return await _set_archived(db, principal, template_id, is_archived=True)


@router.post("/{template_id}/unarchive")
async def unarchive_template(db: DatabaseDep, principal: Writer, template_id: int) -> schemas.TemplateDetail:
    """Put an archived template back into the list."""
    return await _set_archived(db, principal, template_id, is_archived=False)


async def _set_archived(
    db: DatabaseDep, principal: Principal, template_id: int, *, is_archived: bool
) -> schemas.TemplateDetail:
    action = "template.archive" if is_archived else "template.unarchive"
    async with db.transaction(principal.workspace_id) as tx:
        await service.set_archived(tx, template_id, is_archived=is_archived, actor=principal.actor)
        await audit.write(tx, principal, action, str(template_id))
        return opened(await service.get(tx, template_id))


def opened(found: service.Opened) -> schemas.TemplateDetail:
    """A template as it is answered."""
    values: dict[str, Any] = {
        **found.about,
        "content": to_json(found.content),
        "issues": [{**issue._asdict(), "detail": dict(issue.detail)} for issue in found.issues],
    }
    return schemas.TemplateDetail.model_validate(values)
