"""Menus over HTTP."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query

from fanwheel.domains.private.channels.accounts.dependencies import OpenerDep
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.menus import checking, publishing, schemas, service
from fanwheel.loop.operate.menus.contracts import SURFACES, Menu
from fanwheel.loop.operate.menus.diffing import diff
from fanwheel.loop.operate.menus.errors import BadMenuError
from fanwheel.loop.operate.menus.surfaces import compile_for

router = APIRouter(prefix="/api/menus", tags=["menus"])

Reader = Annotated[Principal, allow("replies:read")]
Writer = Annotated[Principal, allow("replies:write")]
Version = Annotated[int, Query(ge=1, le=2**31 - 1)]
_MOST_DAYS: Final = 400


@router.get("")
async def list_menus(db: DatabaseDep, principal: Reader) -> schemas.MenusOut:
    """Menus with their newest versions."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_menus(tx)
    return schemas.MenusOut(items=[schemas.MenuOut.model_validate(each._asdict()) for each in found])


@router.post("", status_code=201)
async def add_menu(db: DatabaseDep, principal: Writer, body: schemas.MenuIn) -> schemas.MenuOut:
    """Make a menu; it is shown nowhere until it is published."""
    async with db.transaction(principal.workspace_id) as tx:
        menu_id = await service.add(tx, body.name, _read(body.definition), actor=principal.actor)
        await audit.write(tx, principal, "menu.create", str(menu_id), {"name": body.name})
        return schemas.MenuOut.model_validate((await service.get(tx, menu_id))._asdict())


@router.post("/preview")
async def preview(principal: Reader, body: schemas.MenuPreviewIn) -> schemas.MenuPreviewOut:
    """What each surface would be given of a menu, and what it would make of it; nothing is saved."""
    del principal
    menu = _read(body.definition)
    checking.check(menu)
    items = []
    for surface in SURFACES:
        compiled = compile_for(surface, menu, body.menu_id)
        faults = [schemas.MenuFaultOut(**fault._asdict()) for fault in compiled.faults]
        items.append(
            schemas.CompiledMenuOut(surface=surface, body=dict(compiled.body), faults=faults, is_fine=compiled.is_fine)
        )
    return schemas.MenuPreviewOut(items=items)


@router.get("/{menu_id}")
async def get_menu(db: DatabaseDep, principal: Reader, menu_id: int) -> schemas.MenuOut:
    """A menu with its newest version."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.MenuOut.model_validate((await service.get(tx, menu_id))._asdict())


@router.patch("/{menu_id}")
async def change_menu(db: DatabaseDep, principal: Writer, menu_id: int, body: schemas.MenuPatch) -> schemas.MenuOut:
    """Give a menu another name, or another version; what is shown stays until it is published."""
    menu = _read(body.definition) if body.definition is not None else None
    async with db.transaction(principal.workspace_id) as tx:
        await service.change(tx, menu_id, name=body.name, menu=menu, actor=principal.actor, note=body.note)
        await audit.write(tx, principal, "menu.change", str(menu_id))
        return schemas.MenuOut.model_validate((await service.get(tx, menu_id))._asdict())


@router.delete("/{menu_id}", status_code=204)
async def delete_menu(db: DatabaseDep, principal: Writer, menu_id: int) -> None:
    """Take a menu away; where it is shown it stays until something else is."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, menu_id)
        await audit.write(tx, principal, "menu.delete", str(menu_id))


@router.get("/{menu_id}/versions")
async def list_versions(db: DatabaseDep, principal: Reader, menu_id: int) -> schemas.MenuVersionsOut:
    """Versions, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_versions(tx, menu_id)
    return schemas.MenuVersionsOut(items=[schemas.MenuVersionOut.model_validate(each._asdict()) for each in found])


@router.get("/{menu_id}/diff")
async def get_diff(
    db: DatabaseDep,
    principal: Reader,
    menu_id: int,
    before: Annotated[int, Query(alias="from", ge=1, le=2**31 - 1)] = 1,
    after: Annotated[int | None, Query(alias="to", ge=1, le=2**31 - 1)] = None,
) -> schemas.MenuDiffOut:
    """What changed from one version to another: from the first to the newest, unless others are named."""
    async with db.transaction(principal.workspace_id) as tx:
        older = await service.get_version(tx, menu_id, before)
        newer = await service.get_version(tx, menu_id, after or (await service.get(tx, menu_id)).version)
    return schemas.MenuDiffOut(
        items=[schemas.MenuChangeOut.model_validate(each._asdict()) for each in diff(older, newer)]
    )


@router.post("/{menu_id}/publish")
async def publish(
    db: DatabaseDep, opener: OpenerDep, principal: Writer, menu_id: int, body: schemas.MenuPublishIn
) -> schemas.MenuPublicationOut:
    """Show a version on an account; what was there before is still shown if the platform refuses it."""
    place = publishing.Place(menu_id, body.version, body.account_id)
    noted = await publishing.publish(
        db, opener, principal.workspace_id, place, actor=principal.actor, now=utc_now(), principal=principal
    )
    return schemas.MenuPublicationOut.model_validate(noted._asdict())


@router.get("/{menu_id}/publications")
async def list_publications(db: DatabaseDep, principal: Reader, menu_id: int) -> schemas.MenuPublicationsOut:
    """What was put where, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.get(tx, menu_id)
        found = await service.list_publications(tx, menu_id=menu_id)
    return schemas.MenuPublicationsOut(
        items=[schemas.MenuPublicationOut.model_validate(each._asdict()) for each in found]
    )


@router.get("/{menu_id}/taps")
async def count_taps(
    db: DatabaseDep, principal: Reader, menu_id: int, days: Annotated[int, Query(ge=1, le=_MOST_DAYS)] = 30
) -> schemas.MenuTapsOut:
    """How often each entry was tapped, and by how many people."""
    since = utc_now() - timedelta(days=days)
    async with db.transaction(principal.workspace_id) as tx:
        await service.get(tx, menu_id)
        found = await service.count_taps(tx, menu_id, since=since)
    return schemas.MenuTapsOut(items=[schemas.MenuTapOut(**each._asdict()) for each in found], since=since)


def _read(raw: Mapping[str, Any]) -> Menu:
    try:
        return msgspec.convert(raw, Menu)
    except msgspec.ValidationError as error:
        raise BadMenuError(f"The menu cannot be read: {error}.") from error
