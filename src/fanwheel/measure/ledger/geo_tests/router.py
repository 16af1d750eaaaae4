"""Geo tests over HTTP, under /api/measure/geo-tests."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.measure.ledger.geo_tests import schemas, service

router: Final = APIRouter(prefix="/api/measure/geo-tests", tags=["measure"])

Reader = Annotated[Principal, allow("measure:read")]
Writer = Annotated[Principal, allow("measure:write")]
# A trait may hold anything, so its values are for those who may see people.
PeopleReader = Annotated[Principal, allow("people:read")]


@router.get("")
async def list_geo_tests(who: Reader, database: DatabaseDep) -> schemas.GeoTestsOut:
    """Every geo test, the newest first."""
    async with database.transaction(who.workspace_id) as tx:
        return schemas.GeoTestsOut.model_validate({"items": await service.list_tests(tx)})


@router.get("/regions")
async def list_geo_test_regions(
    who: PeopleReader,
    database: DatabaseDep,
    trait: Annotated[str, Query(min_length=1, max_length=200, description="The trait that says where one lives.")] = (
        "region"
    ),
) -> schemas.RegionsOut:
    """Where people live, and how many: what a geo test can switch. The 500 regions with most people."""
    async with database.transaction(who.workspace_id) as tx:
        found = await service.list_regions(tx, trait.strip())
    return schemas.RegionsOut.model_validate({"items": found}, from_attributes=True)


@router.post("", status_code=201)
async def add_geo_test(body: schemas.GeoTestIn, who: Writer, database: DatabaseDep) -> schemas.GeoTestOut:
    """Note that a source is off in some regions, or was; the verdict takes it as evidence once it has ended."""
    async with database.transaction(who.workspace_id) as tx:
        made = await service.add_test(tx, body.draft(), actor=who.actor, now=utc_now())
        detail = body.model_dump(mode="json", exclude_none=True)
        await audit.write(tx, who, "geo_test.create", f"geo_test:{made['geo_test_id']}", detail)
    return schemas.GeoTestOut.model_validate(made)


@router.patch("/{geo_test_id}")
async def change_geo_test(
    geo_test_id: int, body: schemas.GeoTestChange, who: Writer, database: DatabaseDep
) -> schemas.GeoTestOut:
    """End a geo test that runs, or give one another note."""
    async with database.transaction(who.workspace_id) as tx:
        changed = await service.change_test(tx, geo_test_id, ended_on=body.ended_on, note=body.note, now=utc_now())
        detail = body.model_dump(mode="json", exclude_none=True)
        await audit.write(tx, who, "geo_test.change", f"geo_test:{geo_test_id}", detail)
    return schemas.GeoTestOut.model_validate(changed)


@router.delete("/{geo_test_id}", status_code=204)
async def delete_geo_test(geo_test_id: int, who: Writer, database: DatabaseDep) -> None:
    """Forget a geo test; the verdict does without it from then on."""
    async with database.transaction(who.workspace_id) as tx:
        await service.delete_test(tx, geo_test_id)
        await audit.write(tx, who, "geo_test.delete", f"geo_test:{geo_test_id}")
