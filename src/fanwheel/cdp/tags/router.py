"""Tags over HTTP: which there are and what they are."""

from typing import Annotated, Any

from fastapi import APIRouter

from fanwheel.cdp.tags import schemas, service
from fanwheel.cdp.tags.contracts import GroupInfo, TagInfo
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api/tags", tags=["tags"])

Reader = Annotated[Principal, allow("segments:read")]
Writer = Annotated[Principal, allow("segments:write")]


@router.get("")
async def list_tags(db: DatabaseDep, principal: Reader) -> schemas.Tags:
    """Every tag that is defined or that people carry, with how many do, and the groups."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_tags(tx)
        groups = await service.list_groups(tx)
    return schemas.Tags(items=[_item(each) for each in found], groups=[_group(each) for each in groups])


@router.post("", status_code=201)
async def add_tag(db: DatabaseDep, principal: Writer, body: schemas.NewTag) -> schemas.TagItem:
    """Define a tag. With a rule it is put on everybody of whom the rule holds, and taken off when it holds no more."""
    async with db.transaction(principal.workspace_id) as tx:
        tag = await service.define(tx, body.tag, _values(body), actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "tag.create", tag)
        return _item(await service.get(tx, tag))


@router.post("/groups", status_code=201)
async def add_group(db: DatabaseDep, principal: Writer, body: schemas.NewTagGroup) -> schemas.TagGroup:
    """Make a group of tags."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.add_group(tx, body.name, is_exclusive=body.is_exclusive, actor=principal.actor)
        await audit.write(tx, principal, "tag_group.create", str(made.group_id), {"name": made.name})
    return _group(made)


@router.patch("/groups/{group_id}")
async def change_group(
    db: DatabaseDep, principal: Writer, group_id: int, body: schemas.TagGroupPatch
) -> schemas.TagGroup:
    """Change a group. Made exclusive, everybody keeps the tag of it that was given last."""
    async with db.transaction(principal.workspace_id) as tx:
        changed = await service.change_group(tx, group_id, name=body.name, is_exclusive=body.is_exclusive)
        await audit.write(tx, principal, "tag_group.change", str(group_id), body.model_dump(exclude_none=True))
    return _group(changed)


@router.delete("/groups/{group_id}", status_code=204)
async def delete_group(db: DatabaseDep, principal: Writer, group_id: int) -> None:
    """Delete a group; its tags stay."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete_group(tx, group_id)
        await audit.write(tx, principal, "tag_group.delete", str(group_id))


@router.post("/{tag:path}/rename")
async def rename_tag(db: DatabaseDep, principal: Writer, tag: str, body: schemas.Rename) -> schemas.TagItem:
    """Call a tag by another name; rules that mention it follow. Under the name of another the two become one."""
    async with db.transaction(principal.workspace_id) as tx:
        word = await service.rename(tx, tag, body.to, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "tag.rename", tag, {"to": word})
        return _item(await service.get(tx, word))


@router.patch("/{tag:path}")
async def change_tag(db: DatabaseDep, principal: Writer, tag: str, body: schemas.TagPatch) -> schemas.TagItem:
    """Change what a tag is; one that people carry though nobody has defined it is defined by that."""
    async with db.transaction(principal.workspace_id) as tx:
        changes = _values(body)
        await service.redefine(tx, tag, changes, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "tag.change", tag, {"fields": sorted(changes)})
        return _item(await service.get(tx, tag))


@router.delete("/{tag:path}", status_code=204)
async def delete_tag(db: DatabaseDep, principal: Writer, tag: str) -> None:
    """Forget a tag and take it off everybody; one that rules mention is refused."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, tag, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "tag.delete", tag)


def _values(body: schemas.TagPatch) -> dict[str, Any]:
    values = body.model_dump(exclude_unset=True)
    values.pop("tag", None)
    return values


def _item(found: TagInfo) -> schemas.TagItem:
    return schemas.TagItem.model_validate({**found._asdict(), "color": found.color or None})


def _group(found: GroupInfo) -> schemas.TagGroup:
    return schemas.TagGroup.model_validate(found._asdict())
