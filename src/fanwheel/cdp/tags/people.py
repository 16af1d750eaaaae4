"""The tags of one person over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.cdp import persons
from fanwheel.cdp.persons import reading
from fanwheel.cdp.tags import giving, schemas
from fanwheel.cdp.tags.contracts import Wanted
from fanwheel.cdp.tags.repository import TagRepository
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("people:read")]
Writer = Annotated[Principal, allow("people:write")]


@router.get("/{person_id}/tags")
async def list_person_tags(db: DatabaseDep, principal: Reader, person_id: int) -> schemas.TagsOfPerson:
    """The tags of a person with who put them on and why, and the last 200 changes of them."""
    async with db.transaction(principal.workspace_id) as tx:
        person = await persons.get_living(tx, person_id)
        homes = await reading.list_homes(tx, person)
        tags = TagRepository(tx)
        given, log = await tags.list_given(person, homes), await tags.list_log(homes)
    items = [{**row, "color": row["color"] or None} for row in given]
    return schemas.TagsOfPerson.model_validate({"items": items, "history": log})


@router.post("/{person_id}/tags")
async def change_tags(
    db: DatabaseDep, principal: Writer, person_id: int, body: schemas.TagChange
) -> schemas.PersonTags:
    """Put tags on a person and take others off; of an exclusive group the one given last remains."""
    add = [
        Wanted(each) if isinstance(each, str) else Wanted(each.tag, each.expires_at, each.reason) for each in body.add
    ]
    async with db.transaction(principal.workspace_id) as tx:
        await giving.change(
            tx,
            person_id,
            add=add,
            remove=body.remove,
            by=principal.actor,
            now=utc_now(),
            reason=body.reason,
            origin="user" if principal.user_id is not None else "api",
        )
        tags = (await reading.get_person(tx, person_id))["tags"]
        changed = {"add": [each.tag for each in add], "remove": body.remove}
        await audit.write(tx, principal, "person.tag", str(person_id), changed)
    return schemas.PersonTags(tags=tags)
