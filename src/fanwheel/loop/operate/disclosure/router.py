"""Disclosure over HTTP."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Response
from fastapi.encoders import jsonable_encoder

from fanwheel.cdp.consent.router import HasherDep
from fanwheel.cdp.persons import exporting
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.loop.operate.disclosure import service

router = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("people:read")]
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "A JSON file.", "content": {"application/json": {}}}
}


@router.get("/{person_id}/disclosure", response_class=Response, responses=_FILE)
async def disclose(
    db: DatabaseDep, settings: SettingsDep, hashing: HasherDep, principal: Reader, person_id: int
) -> Response:
    """All that is kept of a person, as a file for the person; up to 10,000 events, messages and sends each."""
    found = await service.disclose(settings, db, hashing, service.Asked(principal.workspace_id, person_id))
    async with db.transaction(principal.workspace_id) as tx:
        await audit.write(tx, principal, "person.disclose", str(person_id))
    content = msgspec.json.encode(jsonable_encoder(found))
    return Response(content, media_type="application/json", headers=exporting.as_file(f"person-{person_id}.json"))
