"""Orders over HTTP; they are made by events, so there is nothing to write."""

from typing import Annotated

from fastapi import APIRouter, Query

from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.kernel.cursor import decode_cursor, encode_cursor
from fanwheel.loop.convert.orders import schemas, service

router = APIRouter(prefix="/api", tags=["orders"])

_Reader = Annotated[Principal, allow("orders:read")]


@router.get("/orders")
async def list_orders(
    principal: _Reader,
    database: DatabaseDep,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    status: schemas.StatusName | None = None,
    person_id: int | None = None,
) -> Page[schemas.OrderOut]:
    """Orders, newest first; of one person, by any of the person's home ids, or of one status."""
    after = None if cursor is None else decode_cursor(cursor, 2)
    async with database.transaction(principal.workspace_id) as tx:
        found = await service.list_orders(tx, most=limit + 1, after=after, status=status, person_id=person_id)
    items = [schemas.OrderOut.model_validate(row) for row in found[:limit]]
    following = encode_cursor(items[-1].placed_at.isoformat(), items[-1].order_id) if len(found) > limit else None
    return Page(items=items, next_cursor=following)


@router.get("/orders/{order_id:path}")
async def get_order(order_id: str, principal: _Reader, database: DatabaseDep) -> schemas.OrderDetailOut:
    """One order with its lines and refunds."""
    async with database.transaction(principal.workspace_id) as tx:
        return schemas.OrderDetailOut.model_validate(await service.get_order(tx, order_id))
