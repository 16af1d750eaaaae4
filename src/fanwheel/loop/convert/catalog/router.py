"""The catalog over HTTP: products to show, and coupons' codes that are in use."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.loop.convert.catalog import schemas
from fanwheel.loop.convert.catalog.repository import CatalogRepository

router = APIRouter(prefix="/api", tags=["orders"])

Reader = Annotated[Principal, allow("orders:read")]
Writer = Annotated[Principal, allow("inbox:write")]


@router.get("/products")
async def list_products(
    db: DatabaseDep,
    principal: Reader,
    q: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 30,
) -> schemas.Products:
    """Products of the newest orders, and those the brand told of, those bought most first."""
    async with db.transaction(principal.workspace_id) as tx:
        rows = await CatalogRepository(tx).list_products(q=q or None, most=limit)
    return schemas.Products.model_validate({"items": rows})


@router.put("/products/{product_id}")
async def put_product(
    db: DatabaseDep,
    principal: Writer,
    product_id: Annotated[str, Path(min_length=1, max_length=200)],
    body: schemas.NewProduct,
) -> schemas.Product:
    """Say where a product is shown, what it looks like, and what it costs; orders do not tell that."""
    async with db.transaction(principal.workspace_id) as tx:
        catalog = CatalogRepository(tx)
        await catalog.put_product({**body.model_dump(), "product_id": product_id}, actor=principal.actor)
        await audit.write(tx, principal, "product.put", product_id)
        [row] = await catalog.list_products(one=product_id, most=1)
    return schemas.Product.model_validate(row)


@router.get("/coupons")
async def list_coupons(db: DatabaseDep, principal: Reader) -> schemas.UsedCoupons:
    """Coupons' codes that were used in the newest orders."""
    async with db.transaction(principal.workspace_id) as tx:
        rows = await CatalogRepository(tx).list_coupons(most=50)
    return schemas.UsedCoupons.model_validate({"items": rows})
