"""Products and coupons, read and written through one transaction."""

from collections.abc import Mapping
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.convert.catalog")
_ORDERS: Final = 5_000


class CatalogRepository:
    """The catalog of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_products(self, *, q: str | None = None, one: str | None = None, most: int) -> list[Row]:
        """Products that hold a text, those bought most first; or one."""
        return await self._tx.all(_SQL["list_products"], q=q, one=one, most=most, orders=_ORDERS)

    async def put_product(self, values: Mapping[str, Any], *, actor: str) -> None:
        """Write what the brand says of a product."""
        await self._tx.run(_SQL["put_product"], **values, actor=actor)

    async def list_coupons(self, *, most: int) -> list[Row]:
        """Codes that were used lately, those used most first."""
        return await self._tx.all(_SQL["list_coupons"], most=most, orders=_ORDERS)
