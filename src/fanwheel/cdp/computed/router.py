"""Formulas over HTTP: what one would come to."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.cdp.computed import sampling, schemas
from fanwheel.cdp.computed.formula import type_of
from fanwheel.cdp.computed.reading import read_formula
from fanwheel.cdp.persons import reading as people
from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api/traits", tags=["traits"])

Reader = Annotated[Principal, allow("segments:read")]


@router.post("/preview")
async def preview_formula(
    db: DatabaseDep, settings: SettingsDep, principal: Reader, body: schemas.NewSample
) -> schemas.Sample:
    """What a formula comes to now for some of the people who were seen last; nothing is saved."""
    formula = read_formula(body.formula)
    found = await sampling.sample(settings, db, principal.workspace_id, formula, now=utc_now(), limit=body.limit)
    async with db.transaction(principal.workspace_id) as tx:
        items = await people.get_items(tx, [each.person_id for each in found.people])
    names = {item["id"]: item["name"] for item in items}
    sample = [
        schemas.SampleItem(person_id=each.person_id, display_name=names[each.person_id], value=each.value)
        for each in found.people
        if each.person_id in names
    ]
    return schemas.Sample(type=type_of(formula), looked_at=found.looked_at, sample=sample)
