"""Layers over HTTP: which there are, how many people are in each class, and those of one person."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.cdp import persons
from fanwheel.cdp.layers import schemas, service
from fanwheel.cdp.layers.contracts import LayerInfo, NewClass
from fanwheel.cdp.layers.repository import LayerRepository
from fanwheel.cdp.persons import reading
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep

router = APIRouter(prefix="/api/layers", tags=["layers"])
of_people = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("segments:read")]
Writer = Annotated[Principal, allow("segments:write")]
PeopleReader = Annotated[Principal, allow("people:read")]


@router.get("")
async def list_layers(db: DatabaseDep, principal: Reader) -> schemas.Layers:
    """Every layer with its classes and how many people are in each: the built-in ones, then those that users define."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_layers(tx)
    return schemas.Layers(items=[_layer(each) for each in found])


@router.post("", status_code=201)
async def add_layer(db: DatabaseDep, principal: Writer, body: schemas.NewLayer) -> schemas.Layer:
    """Make a layer. Its rules are worked out at once, and from then on people move by themselves."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.add(
            tx,
            body.key,
            name=body.name,
            description=body.description,
            may_fall=body.may_fall,
            classes=_classes(body),
            actor=principal.actor,
        )
        await audit.write(tx, principal, "layer.create", body.key, {"name": body.name})
        return _layer(await service.get(tx, body.key))


@router.put("/{key}")
async def put_layer(db: DatabaseDep, principal: Writer, key: str, body: schemas.LayerBody) -> schemas.Layer:
    """Make a layer another; its classes are known by their keys, and people leave those that are no more."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.change(
            tx,
            key,
            name=body.name,
            description=body.description,
            may_fall=body.may_fall,
            classes=_classes(body),
            actor=principal.actor,
        )
        await audit.write(tx, principal, "layer.change", key, {"classes": [each.key for each in body.classes]})
        return _layer(await service.get(tx, key))


@router.delete("/{key}", status_code=204)
async def delete_layer(db: DatabaseDep, principal: Writer, key: str) -> None:
    """Forget a layer; one that rules mention, or that is built in, is refused."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, key)
        await audit.write(tx, principal, "layer.delete", key)


@of_people.get("/{person_id}/layers")
async def list_person_layers(db: DatabaseDep, principal: PeopleReader, person_id: int) -> schemas.LayersOfPerson:
    """The classes that a person is in, and the last 200 moves."""
    async with db.transaction(principal.workspace_id) as tx:
        person = await persons.get_living(tx, person_id)
        layers = LayerRepository(tx)
        built_in = [{**row, "name": "", "class_name": ""} for row in await layers.list_built_in_of_person(person)]
        defined = await layers.list_of_person(await reading.list_homes(tx, person))
        history = await layers.list_changes(person)
    return schemas.LayersOfPerson.model_validate({"items": [*built_in, *defined], "history": history})


def _classes(body: schemas.LayerBody) -> list[NewClass]:
    return [NewClass(each.key, each.name, each.rule) for each in body.classes]


def _layer(found: LayerInfo) -> schemas.Layer:
    classes = [each._asdict() for each in found.classes]
    return schemas.Layer.model_validate({**found._asdict(), "classes": classes})
