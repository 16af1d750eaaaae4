"""Traits over HTTP: what is declared, and what is said of people."""

import re
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from fanwheel.cdp import lists, persons
from fanwheel.cdp.events import writer as events
from fanwheel.cdp.lists.columns import Kind
from fanwheel.cdp.persons import reading
from fanwheel.cdp.segments import crowds
from fanwheel.cdp.traits import exporting, importing, saying, schemas, service, templates
from fanwheel.cdp.traits.contracts import Definition
from fanwheel.cdp.traits.errors import BadTraitFileError
from fanwheel.cdp.traits.making import EventMaker
from fanwheel.cdp.traits.repository import TraitRepository
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/traits", tags=["traits"])
of_people = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("segments:read")]
Writer = Annotated[Principal, allow("segments:write")]
PeopleReader = Annotated[Principal, allow("people:read")]
PeopleWriter = Annotated[Principal, allow("people:write")]

_MOST_EXPORTED: Final = 10_000_000
_FILE: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
}
_TABLE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "A CSV file.", "content": {"text/csv": {}}}}
_UNSAFE: Final = re.compile(r"[^\w.\- ]")


@router.get("")
async def list_traits(db: DatabaseDep, principal: Reader) -> schemas.TraitDefs:
    """Every trait: those declared in their order, then scores and what was seen on people, by name."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_traits(tx)
    return schemas.TraitDefs.model_validate(found, from_attributes=True)


@router.get("/templates")
async def list_templates(_: Reader) -> schemas.Templates:
    """Definitions to begin with, which brands ask for most."""
    return schemas.Templates.model_validate({"items": templates.every()}, from_attributes=True)


@router.post("", status_code=201)
async def declare_trait(db: DatabaseDep, principal: Writer, body: schemas.NewTrait) -> schemas.TraitDef:
    """Declare a trait; with a formula it is worked out from events, for everybody, from then on.

    Values that people have already stay; those that do not fit are counted as ``misfits``.
    """
    async with db.transaction(principal.workspace_id) as tx:
        await service.declare(tx, body.name, body.model_dump(exclude={"name"}), actor=principal.actor)
        await audit.write(tx, principal, "trait.declare", body.name, {"type": body.type})
        return await _told(tx, body.name)


@router.post("/import", openapi_extra=_FILE)
async def import_traits(
    request: Request,
    db: DatabaseDep,
    principal: PeopleWriter,
    dry_run: bool = False,
    create: bool = False,
    column: Annotated[str | None, Query(max_length=200)] = None,
    kind: Kind | None = None,
    file_name: Annotated[str, Query(max_length=200)] = "upload.csv",
) -> schemas.Imported:
    """Say traits of many people: the body is a CSV file of up to 8 MB.

    Rows are matched by columns named like an identifier (``email``, ``phone``, ``user_id``, ``person_id``, 手机号 …),
    or by ``column`` and ``kind``; every other column is the trait of its name, but for ``tags``
    (标签), whose cells are tags with a semicolon between two. Cells are read as the trait's type says;
    those that do not fit are left out and told, empty ones say nothing. ``dry_run`` writes nothing, ``create`` makes
    people whom nobody has met.
    """
    content = await request.body()
    if not content.strip():
        raise BadTraitFileError("The file is empty.", hint="Send the CSV file as the body of the request.")
    now = utc_now()
    name = _UNSAFE.sub("_", file_name)[-100:].strip(" .") or "upload.csv"
    writer = cast(events.Writer, request.app.state.writer)
    how = importing.How(
        source=f"import:{name}",
        by=principal.actor,
        now=now,
        is_dry_run=dry_run,
        may_create=create,
        maker=EventMaker(writer, principal.workspace_id, now=now),
        column=column,
        kind=kind,
    )
    with tempfile.TemporaryDirectory(prefix="fanwheel-traits-") as folder:
        path = Path(folder, "upload.csv")
        path.write_bytes(content)
        done = await importing.take_file(db, principal.workspace_id, path, how)
    if not dry_run:
        async with db.transaction(principal.workspace_id) as tx:
            counts = {"rows": done.rows, "changed": done.changed, "created": done.created}
            await audit.write(tx, principal, "trait.import", name, counts)
    return schemas.Imported.model_validate(done, from_attributes=True)


@router.get("/export", response_class=StreamingResponse, responses=_TABLE)
async def export_traits(
    db: DatabaseDep,
    principal: PeopleReader,
    segment_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    list_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    trait: Annotated[list[str] | None, Query(max_length=200)] = None,
) -> StreamingResponse:
    """What people have, as a CSV file that can be imported again: of a segment, of a list or both, or of everybody.

    ``trait``, as often as needed, names the traits; else all are there that are declared or that anybody has.
    """
    async with db.transaction(principal.workspace_id) as tx:
        people = await _chosen(tx, segment_id, list_id)
        names = trait or [each.name for each in (await service.list_traits(tx)).items if _is_exported(each)]
        await audit.write(tx, principal, "trait.export", None, {"people": len(people)})
    lines = exporting.export(db, principal.workspace_id, people, names)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=exporting.as_file("traits.csv"))


@router.get("/{name}")
async def get_trait(db: DatabaseDep, principal: Reader, name: str) -> schemas.TraitDef:
    """A trait with how many have it."""
    async with db.transaction(principal.workspace_id) as tx:
        return await _told(tx, name)


@router.patch("/{name}")
async def change_trait(db: DatabaseDep, principal: Writer, name: str, body: schemas.TraitPatch) -> schemas.TraitDef:
    """Change what was declared of a trait; values that people have stay as they are."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.change(tx, name, body.model_dump(), actor=principal.actor)
        fields = sorted(body.model_dump(exclude_none=True))
        await audit.write(tx, principal, "trait.change", name, {"fields": fields})
        return await _told(tx, name)


@router.delete("/{name}", status_code=204)
async def delete_trait(db: DatabaseDep, principal: Writer, name: str) -> None:
    """Forget what was declared of a trait. What people said stays; what was worked out from events goes away."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.remove(tx, name)
        await audit.write(tx, principal, "trait.delete", name)


@of_people.get("/{person_id}/traits")
async def list_person_traits(db: DatabaseDep, principal: PeopleReader, person_id: int) -> schemas.PersonTraits:
    """A person's traits: what each is, since when, and from whom."""
    async with db.transaction(principal.workspace_id) as tx:
        items = await saying.list_of_person(tx, person_id)
    return schemas.PersonTraits.model_validate({"items": items})


@of_people.put("/{person_id}/traits")
async def put_person_traits(
    db: DatabaseDep, principal: PeopleWriter, person_id: int, body: schemas.PersonTraitValues
) -> schemas.PersonTraits:
    """Say traits of a person: the body is an object of names and values, and null takes a trait away.

    Declared traits take what fits their type and options; other names take anything. What is left out stays.
    """
    async with db.transaction(principal.workspace_id) as tx:
        said = await saying.check(tx, body)
        person = await persons.get_living(tx, person_id)
        await saying.state(tx, [person], said, source=source_of(principal), now=utc_now())
        await audit.write(tx, principal, "person.traits", str(person), {"names": sorted(said)})
        items = await saying.list_of_person(tx, person)
    return schemas.PersonTraits.model_validate({"items": items})


@of_people.get("/{person_id}/changes")
async def list_changes(
    db: DatabaseDep,
    principal: PeopleReader,
    person_id: int,
    kind: Literal["trait", "tag", "layer"] | None = None,
    name: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Page[schemas.Change]:
    """What has changed in a person's portrait, newest first: traits, tags and the classes in layers."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        homes = await reading.list_homes(tx, person_id)
        found = await saying.list_changes(tx, homes, kind=kind, name=name, before=before, limit=limit + 1)
    items = [schemas.Change.model_validate(each, from_attributes=True) for each in found[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].change_id) if len(found) > limit else None)


def source_of(principal: Principal) -> str:
    """Who says it, as it is kept: a user, or a program by its key."""
    return principal.actor if principal.user_id is not None else f"api:{principal.actor}"


async def _chosen(tx: Transaction, segment_id: int | None, list_id: int | None) -> list[int]:
    chosen: list[int] | None = None
    if segment_id is not None:
        chosen = [int(one) for one in (await crowds.crowd_of(tx, segment_id)).ids]
    if list_id is not None:
        listed = await lists.find_people(tx, list_id, most=_MOST_EXPORTED)
        chosen = listed if chosen is None else sorted(set(chosen) & set(listed))
    return chosen if chosen is not None else await TraitRepository(tx).list_real()


def _is_exported(trait: Definition) -> bool:
    return bool(trait.people) or trait.origin in ("declared", "computed")


async def _told(tx: Transaction, name: str) -> schemas.TraitDef:
    return schemas.TraitDef.model_validate(await service.get(tx, name), from_attributes=True)


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before
