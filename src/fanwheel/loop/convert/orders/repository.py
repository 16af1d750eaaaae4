"""Orders, read and written through one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.money import to_minor
from fanwheel.loop.convert.orders import rules
from fanwheel.loop.convert.orders.contracts import Line, Order, Said

_SQL: Final = sqlfile.load("fanwheel.loop.convert.orders")
_COLUMNS: Final = frozenset(Order._fields) - {"refunds", "foreign_refunds"}


class Known(NamedTuple):
    """An order as it is stored before a change."""

    home_id: int
    is_stated: bool
    said: Said


class OrderRepository:
    """The orders of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find_said(self, order_ids: Collection[str]) -> dict[str, Known]:
        """What was said so far of those orders that are stored; they stay locked."""
        rows = await self._tx.all(_SQL["find_said"], order_ids=list(order_ids))
        return {row["order_id"]: Known(row["home_id"], row["is_stated"], rules.decode(row["said"])) for row in rows}

    async def put(self, orders: Sequence[tuple[Order, Said]]) -> None:
        """Store orders with all that was said of them."""
        rows = [
            {name: getattr(order, name) for name in _COLUMNS} | {"said": rules.encode(said)} for order, said in orders
        ]
        await self._tx.run(_SQL["put_orders"], orders=to_json_rows(rows))

    async def replace_lines(
        self, lines: Mapping[str, Sequence[Line]], currencies: Mapping[str, str], *, replaced: Collection[str]
    ) -> None:
        """Store the lines of some orders; those of ``replaced`` are taken away first."""
        if replaced:
            await self._tx.run(_SQL["clear_lines"], order_ids=list(replaced))
        rows = [
            line._asdict()
            | {
                "order_id": order_id,
                "line_number": number,
                "unit_price_minor": to_minor(line.unit_price, currencies[order_id]),
            }
            for order_id, several in lines.items()
            for number, line in enumerate(several, start=1)
        ]
        if rows:
            await self._tx.run(_SQL["add_lines"], lines=to_json_rows(rows))

    async def reprice_lines(self, currencies: Mapping[str, str]) -> None:
        """Work out the minor units of lines anew, for orders whose currency became known after them."""
        stated = await self._tx.all(_SQL["list_prices"], order_ids=list(currencies))
        rows = [
            {
                "order_id": row["order_id"],
                "line_number": row["line_number"],
                "unit_price_minor": to_minor(row["unit_price"], currencies[row["order_id"]]),
            }
            for row in stated
        ]
        if rows:
            await self._tx.run(_SQL["put_prices"], prices=to_json_rows(rows))

    async def replace_refunds(self, orders: Iterable[Order]) -> None:
        """Store the refunds of some orders in the place of those that are stored."""
        orders = list(orders)
        await self._tx.run(_SQL["clear_refunds"], order_ids=[order.order_id for order in orders])
        rows = [refund._asdict() | {"order_id": order.order_id} for order in orders for refund in order.refunds]
        if rows:
            await self._tx.run(_SQL["add_refunds"], refunds=to_json_rows(rows))

    async def list_orders(
        self,
        *,
        most: int,
        status: str | None = None,
        person_id: int | None = None,
        order_id: str | None = None,
        before: tuple[datetime, str] | None = None,
    ) -> list[Row]:
        """A page of orders, newest first."""
        at, last_id = before or (None, None)
        return await self._tx.all(
            _SQL["list_orders"],
            most=most,
            status=status,
            person_id=person_id,
            order_id=order_id,
            before_at=at,
            before_id=last_id,
        )

    async def list_lines(self, order_ids: Collection[str]) -> list[Row]:
        """The lines of some orders, in order."""
        return await self._tx.all(_SQL["list_lines"], order_ids=list(order_ids))

    async def list_refunds(self, order_id: str) -> list[Row]:
        """The refunds of an order, oldest first."""
        return await self._tx.all(_SQL["list_refunds"], order_id=order_id)
