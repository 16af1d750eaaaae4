"""Suppressed addresses, and what people agreed to, over HTTP."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from fanwheel.cdp import persons
from fanwheel.cdp.consent import importing, schemas, service, stating, suppressing
from fanwheel.cdp.consent.contracts import Choice, Entry, Reason
from fanwheel.cdp.consent.errors import BadAddressError
from fanwheel.cdp.consent.exporting import export
from fanwheel.cdp.consent.hashing import AddressHasher
from fanwheel.cdp.persons.exporting import as_file
from fanwheel.cdp.persons.people import PeopleRepository
from fanwheel.infra import outbox
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page, SettingsDep
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/suppressions", tags=["consent"])
of_people = APIRouter(prefix="/api/people", tags=["consent"])
of_files = APIRouter(prefix="/api/consents", tags=["consent"])

Reader = Annotated[Principal, allow("people:read")]
Writer = Annotated[Principal, allow("people:write")]
_FILE: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
}


_CSV_FILE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "A CSV file.", "content": {"text/csv": {}}}}


def hasher(settings: SettingsDep, request: Request) -> AddressHasher:
    """The process's one hasher of addresses."""
    found: AddressHasher | None = getattr(request.app.state, "hasher", None)
    if found is None:
        found = request.app.state.hasher = AddressHasher(settings)
    return found


HasherDep = Annotated[AddressHasher, Depends(hasher)]


@router.get("")
async def list_suppressions(
    db: DatabaseDep,
    hashing: HasherDep,
    principal: Reader,
    q: Annotated[str | None, Query(max_length=512)] = None,
    reason: Reason | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[schemas.SuppressedAddress]:
    """Suppressed addresses, newest first; ``q`` is a whole address, since only hashes are kept."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        asked = None if not (q or "").strip() else await _read(tx, q or "")
        found = await suppressing.list_suppressed(
            tx, hashing, addresses=asked, reason=reason, before=before, limit=limit + 1
        )
    items = [schemas.SuppressedAddress.model_validate(item._asdict()) for item in found[:limit]]
    following = encode_cursor(items[-1].suppression_id) if len(found) > limit else None
    return Page(items=items, next_cursor=following)


@router.get("/counts")
async def count_suppressions(db: DatabaseDep, principal: Reader) -> schemas.SuppressionCounts:
    """How many addresses are suppressed for each reason."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await suppressing.count(tx)
    return schemas.SuppressionCounts(
        items=[schemas.SuppressionCount(reason=reason, addresses=n) for reason, n in sorted(found.items())]
    )


@router.post("", status_code=201)
async def add_suppression(
    db: DatabaseDep, hashing: HasherDep, principal: Writer, body: schemas.NewSuppression
) -> schemas.SuppressionsAdded:
    """Write to an address no more."""
    async with db.transaction(principal.workspace_id) as tx:
        value = persons.normalize(body.kind, body.address, region=await PeopleRepository(tx).get_region())
        if value is None:
            raise BadAddressError(hint="Send a whole e-mail address, or a phone number with its country code.")
        entry = Entry(body.kind, value, body.channel, "manual", body.purpose, body.note)
        added = await suppressing.suppress(tx, hashing, [entry], actor=principal.actor, now=utc_now())
        # Whose address it is does not belong in the log.
        await audit.write(tx, principal, "suppression.create", None, {"kind": body.kind, "channel": body.channel})
    return schemas.SuppressionsAdded(added=added)


@router.post("/import", openapi_extra=_FILE)
async def import_suppressions(
    request: Request,
    db: DatabaseDep,
    hashing: HasherDep,
    principal: Writer,
    channel: Annotated[str, Query(pattern=r"^(\w{1,64})?$")] = "",
    purpose: Annotated[str, Query(pattern=r"^(\w{1,64})?$")] = "",
) -> schemas.SuppressionsImported:
    """Write no more to the addresses of a CSV file (up to 8 MB), such as another product exports.

    A column ``email``, ``phone`` or ``address`` is needed; ``reason``, ``channel``, ``purpose`` and ``note`` are read
    where they are there. A file of one column needs no first line with names.
    """
    content = await request.body()
    async with db.transaction(principal.workspace_id) as tx:
        region = await PeopleRepository(tx).get_region()
    read = importing.read_file(content, region=region, channel=channel, purpose=purpose)
    async with db.transaction(principal.workspace_id) as tx:
        added = await suppressing.suppress(tx, hashing, read.entries, actor=principal.actor, now=utc_now())
        counts = {"rows": read.row_count, "added": added, "refused": read.refused_count}
        await audit.write(tx, principal, "suppression.import", None, counts)
    rows = [schemas.RefusedRow(row=row.row, why="no_address") for row in read.refused]
    return schemas.SuppressionsImported(rows=read.row_count, added=added, refused=read.refused_count, refused_rows=rows)


@router.get("/export", response_class=StreamingResponse, responses=_CSV_FILE)
async def export_suppressions(db: DatabaseDep, hashing: HasherDep, principal: Reader) -> StreamingResponse:
    """Every suppressed address as a CSV file; whole where somebody is known by it, for only hashes are kept of them."""
    async with db.transaction(principal.workspace_id) as tx:
        await audit.write(tx, principal, "suppression.export", None)
        await suppressing.require_key(tx, hashing)
    lines = export(db, principal.workspace_id, hashing)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=as_file("suppressed.csv"))


@router.post("/{suppression_id}/lift", status_code=204)
async def lift_suppression(
    db: DatabaseDep, principal: Writer, suppression_id: int, body: schemas.LiftSuppression
) -> None:
    """Let an address be written to again; why goes into the audit log."""
    async with db.transaction(principal.workspace_id) as tx:
        lifted = await suppressing.lift(tx, suppression_id)
        await audit.write(tx, principal, "suppression.lift", str(suppression_id), {**lifted, "why": body.why})


@of_people.get("/{person_id}/consents")
async def list_consents(
    db: DatabaseDep, hashing: HasherDep, principal: Reader, person_id: int
) -> schemas.ConsentLedger:
    """What a person agreed to and took back, with the evidence, and the person's suppressed addresses."""
    async with db.transaction(principal.workspace_id) as tx:
        own = await service.list_own(tx, await persons.get_living(tx, person_id))
        said = await service.list_ledger(tx, [item.home_id for item in own])
        addresses = [(item.kind, item.value) for item in own]
        barred = await suppressing.list_suppressed(tx, hashing, addresses=addresses, limit=200)
    return schemas.ConsentLedger(
        items=[schemas.ConsentSaid.model_validate(item) for item in said],
        suppressed=[schemas.SuppressedAddress.model_validate(item._asdict()) for item in barred],
    )


@of_people.post("/{person_id}/consents", status_code=201)
async def add_consent(
    db: DatabaseDep, hashing: HasherDep, principal: Writer, person_id: int, body: schemas.NewChoice
) -> schemas.ConsentLedger:
    """Note what a person said elsewhere, with what shows it; it holds at once."""
    async with db.transaction(principal.workspace_id) as tx:
        person = await persons.get_living(tx, person_id)
        evidence = {"proof": body.evidence, "noted_by": principal.actor, "via": "noted"}
        choice = Choice(person, body.channel, body.purpose, body.is_granted, evidence)
        await service.state(tx, hashing, [choice], actor=principal.actor, now=utc_now())
        told = {"channel": body.channel, "purpose": body.purpose, "granted": body.is_granted}
        await audit.write(tx, principal, "consent.note", str(person), told)
    return await list_consents(db, hashing, principal, person_id)


@of_files.post("/import", openapi_extra=_FILE)
async def import_consents(
    request: Request,
    db: DatabaseDep,
    principal: Writer,
    channel: Annotated[str, Query(pattern=r"^([\w,; ]{1,200})?$")] = "",
    purpose: Annotated[str, Query(pattern=r"^(\w{1,64})?$")] = "",
    evidence: Annotated[str, Query(max_length=1_000, description="How and when those agreed who have none.")] = "",
    is_trial: Annotated[bool, Query(description="Read and check only.")] = False,
) -> schemas.ConsentsImported:
    """Take over from a CSV file (up to 8 MB) what people agreed to and took back elsewhere; no yes without evidence.

    Columns: an identifier such as ``email``, ``phone`` or ``user_id``; ``channel``, ``purpose``, ``evidence``, ``at``
    (when it was said) and ``consent`` (yes or no). The ledger has it within moments; the same file again adds nothing.
    """
    content = await request.body()
    async with db.transaction(principal.workspace_id) as tx:
        place = await service.get_place(tx)
        usual = stating.Usual(channel, purpose, evidence.strip(), place.region, place.zone)
        read = stating.read_file(content, usual, now=utc_now())
        withdrawn = len(read.facts) - read.granted_count
        if not is_trial:
            await outbox.append(tx, read.facts)
            counts = {"rows": read.row_count, "granted": read.granted_count, "withdrawn": withdrawn}
            await audit.write(tx, principal, "consent.import", None, {**counts, "refused": read.refused_count})
    return schemas.ConsentsImported(
        rows=read.row_count,
        granted=read.granted_count,
        withdrawn=withdrawn,
        refused=read.refused_count,
        refused_rows=[schemas.RefusedStatement(row=each.row, why=each.why) for each in read.refused],
        is_trial=is_trial,
    )


async def _read(tx: Transaction, typed: str) -> list[tuple[str, str]]:
    region = await PeopleRepository(tx).get_region()
    read = [(kind, persons.normalize(kind, typed, region=region)) for kind in ("email", "phone")]
    return [(kind, value) for kind, value in read if value is not None]


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before
