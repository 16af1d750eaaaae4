"""Orders as events make them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.cursor import BadCursorError
from fanwheel.loop.convert.orders import rules
from fanwheel.loop.convert.orders.contracts import Line, Order, Said, Statement
from fanwheel.loop.convert.orders.errors import OrderNotFoundError
from fanwheel.loop.convert.orders.repository import Known, OrderRepository


class ForeignRefund(NamedTuple):
    """A refund that cannot be counted, because it is in another currency than its order."""

    order_id: str
    refund_id: str
    amount: str
    currency: str
    order_currency: str


class Change(NamedTuple):
    """What statements changed: whose orders, and which refunds turned out not to count."""

    homes: set[int]
    foreign_refunds: list[ForeignRefund]


class _Heard(NamedTuple):
    """What some statements say together of one order, with the lines of the newest that had any."""

    said: Said
    lines: tuple[Line, ...] | None


async def apply(tx: Transaction, statements: Sequence[Statement]) -> Change:
    """Take in what events said of orders.

    The result does not depend on the order or the grouping of statements, and a statement
    taken in twice counts once.
    """
    if not statements:
        return Change(set(), [])
    repository = OrderRepository(tx)
    heard = _hear(statements)
    known = await repository.find_said(sorted(heard))
    joined = {
        order_id: rules.join(known[order_id].said, fresh.said) if order_id in known else fresh.said
        for order_id, fresh in heard.items()
    }
    orders = {order_id: rules.resolve(order_id, said) for order_id, said in sorted(joined.items())}
    await repository.put([(order, joined[order_id]) for order_id, order in orders.items()])
    await _put_lines(repository, heard, known, joined, orders)
    with_refunds = [order for order_id, order in orders.items() if joined[order_id].refunds]
    if with_refunds:
        await repository.replace_refunds(with_refunds)
    homes = {order.home_id for order in orders.values()} | {before.home_id for before in known.values()}
    return Change(homes, _fresh_foreign(known, joined, with_refunds))


async def list_orders(
    tx: Transaction, *, most: int, after: Sequence[Any] | None, status: str | None, person_id: int | None
) -> list[Row]:
    """A page of orders with their lines, newest first; ``after`` is the time and id of the last one seen."""
    before = None if after is None else _position(after)
    repository = OrderRepository(tx)
    orders = await repository.list_orders(most=most, status=status, person_id=person_id, before=before)
    lines: dict[str, list[Row]] = {order["order_id"]: [] for order in orders}
    for line in await repository.list_lines(lines) if lines else []:
        lines[line["order_id"]].append(line)
    return [_shown(order) | {"lines": lines[order["order_id"]]} for order in orders]


async def get_order(tx: Transaction, order_id: str) -> Row:
    """An order with its lines and refunds.

    Raises
    ------
    OrderNotFoundError
        If no order has that id.
    """
    repository = OrderRepository(tx)
    found = await repository.list_orders(most=1, order_id=order_id)
    if not found:
        raise OrderNotFoundError(order_id=order_id)
    lines, refunds = await repository.list_lines([order_id]), await repository.list_refunds(order_id)
    return _shown(found[0]) | {"lines": lines, "refunds": refunds}


def _hear(statements: Iterable[Statement]) -> dict[str, _Heard]:
    heard: dict[str, _Heard] = {}
    for order_id, said, lines in statements:
        before = heard.get(order_id)
        if before is None:
            heard[order_id] = _Heard(said, lines)
            continue
        together = rules.join(before.said, said)
        newer = lines is not None and together.lines == said.lines
        heard[order_id] = _Heard(together, lines if newer else before.lines)
    return heard


async def _put_lines(
    repository: OrderRepository,
    heard: Mapping[str, _Heard],
    known: Mapping[str, Known],
    joined: Mapping[str, Said],
    orders: Mapping[str, Order],
) -> None:
    fresh: dict[str, tuple[Line, ...]] = {}
    repriced: dict[str, str] = {}
    for order_id, (said, lines) in heard.items():
        before = known.get(order_id)
        stored = before.said.lines if before else None
        if lines is not None and joined[order_id].lines == said.lines != stored:
            fresh[order_id] = lines
        elif (
            before is not None and stored and rules.resolve(order_id, before.said).currency != orders[order_id].currency
        ):
            repriced[order_id] = orders[order_id].currency
    currencies = {order_id: orders[order_id].currency for order_id in fresh}
    if fresh:
        await repository.replace_lines(fresh, currencies, replaced=[id_ for id_ in fresh if id_ in known])
    if repriced:
        await repository.reprice_lines(repriced)


def _fresh_foreign(
    known: Mapping[str, Known], joined: Mapping[str, Said], orders: Iterable[Order]
) -> list[ForeignRefund]:
    """Refunds in another currency that were not known to be so before."""
    found = []
    for order in orders:
        before = known.get(order.order_id)
        old = rules.resolve(order.order_id, before.said).foreign_refunds if before and order.foreign_refunds else ()
        words = joined[order.order_id].refunds
        found += [
            ForeignRefund(order.order_id, name, words[name].amount, words[name].currency, order.currency)
            for name in order.foreign_refunds
            if name not in old
        ]
    return found


def _position(after: Sequence[Any]) -> tuple[datetime, str]:
    try:
        return datetime.fromisoformat(after[0]), str(after[1])
    except (TypeError, ValueError):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.") from None


def _shown(order: Row) -> Row:
    factor = order["factor"]
    # Half away from zero, as PostgreSQL rounds in the reports.
    net = None if factor is None else int((order["net_minor"] * factor).quantize(Decimal(1), ROUND_HALF_UP))
    return order | {"reporting_net_minor": net}
