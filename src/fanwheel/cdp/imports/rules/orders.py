"""Lines of orders made into drafts: one Order Completed for each order."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa

from fanwheel.cdp.imports.contracts import Draft
from fanwheel.cdp.imports.rules import json_text
from fanwheel.cdp.imports.rules.cells import Cells, to_minor
from fanwheel.cdp.imports.rules.drafts import CONTACTS, NOBODY, key_of, stated_keys, who_of
from fanwheel.kernel.money import EXPONENTS

_ENCODE: Final = msgspec.json.Encoder().encode
_OWN_NAMES: Final = frozenset(
    {"order_id", "total", "currency", "discount", "shipping", "tax", "coupon", "status", "products"}
)
Group = tuple[int, int]  # first and one past the last index of the lines of an order


class OrderTable:
    """The columns of order lines, read once for a batch."""

    def __init__(self, cells: Cells, groups: Sequence[Group]) -> None:
        self.cells = cells
        self.groups = groups
        self.placed = cells.times("placed_at")
        self.currency = cells.text("currency")
        self.digits = [EXPONENTS.get((self.currency[low] or "").upper()) for low, _ in groups]
        self.status, self.coupon = cells.text("status"), cells.text("coupon")
        self.total, self.unit_price = cells.amounts("total"), cells.amounts("unit_price")
        self.line_total, self.line_discount = cells.amounts("line_total"), cells.amounts("line_discount")
        self.parts = {name: cells.amounts(name) for name in ("discount", "shipping", "tax") if cells.has(name)}
        self.quantity = cells.numbers("quantity")
        self.extras = list(cells.extras().items())
        self.has_lines = any(cells.has(name) for name in ("product_id", "product_name", "line_total", "unit_price"))
        self.lines = _lines(self) if self.has_lines else []
        self.user, self.anonymous = cells.text("user_id"), cells.text("anonymous_id")
        self.contacts = {name: cells.text(name) for name in CONTACTS if cells.has(name)}
        self.stated = stated_keys(cells)


def body_names(cells: Cells) -> frozenset[str] | None:
    """Every name at the top of an order's body, or None where extras hold objects or lists."""
    extras = cells.extra_names()
    return None if extras is None else _OWN_NAMES | extras


def orders(table: OrderTable, order_ids: Sequence[str | None]) -> Iterator[Draft]:
    """One Order Completed for each group of lines; a line that cannot be read refuses its whole order.

    The total is that of the first line, else the sum of ``line_total``, else of quantity times unit price.
    """
    cells = table.cells
    for (low, high), digits in zip(table.groups, table.digits, strict=True):
        order_id, at = order_ids[low], table.placed[low]
        user, anonymous = table.user[low], table.anonymous[low]
        contacts = {name: text for name, column in table.contacts.items() if (text := column[low]) is not None}
        reason = _bad_line(cells, low, high) or _trouble(order_id, at, digits, bool(user or anonymous or contacts))
        total = 0 if reason or digits is None else _total(table, low, high, digits)
        if reason is None and total < 0:
            reason = "its total is below zero; import what was given back as events named Order Refunded"
        if reason is not None or order_id is None or at is None or digits is None:
            for index in range(low, high):
                cells.refuse(index, reason or "cannot be read")
            continue
        body = _body(table, order_id, total, digits=digits, low=low, high=high)
        who = who_of(user, anonymous, contacts)
        key = table.stated[low] or key_of(f"import|track|Order Completed|0|{who}|{at}|", body)
        yield Draft(cells.rows[low], "track", "Order Completed", user, anonymous, contacts, at, body, key)


def _bad_line(cells: Cells, low: int, high: int) -> str | None:
    if not cells.bad:
        return None
    return next((f"row {cells.rows[i]}: {cells.bad[i]}" for i in range(low, high) if i in cells.bad), None)


def _trouble(order_id: str | None, at: int | None, digits: int | None, is_known: bool) -> str | None:
    if order_id is None:
        return "has no “order_id”"
    if at is None:
        return "has no “placed_at”"
    if digits is None:
        return "its “currency” is no code of ISO 4217"
    return None if is_known else NOBODY


def _total(table: OrderTable, low: int, high: int, digits: int) -> int:
    """The order's total in minor units."""
    scale = table.cells.scale
    exponent = digits if table.cells.is_decimal else 0
    if table.total[low] is not None:
        return to_minor(table.total[low] or 0, scale, exponent)
    if table.cells.has("line_total"):
        return to_minor(sum(value or 0 for value in table.line_total[low:high]), scale, exponent)
    exact = sum((table.unit_price[i] or 0) * _quantity(table.quantity[i]) for i in range(low, high))
    return to_minor(round(exact), scale, exponent)


def _body(table: OrderTable, order_id: str, total: int, *, digits: int, low: int, high: int) -> bytes:
    head: dict[str, Any] = {
        "order_id": order_id,
        "total": total / 10**digits if digits else total,
        "currency": (table.currency[low] or "").upper(),
    }
    for name, column in table.parts.items():
        if column[low] is not None:
            head[name] = _major(column[low] or 0, table.cells, digits)
    if table.cells.has("line_discount"):
        head["discount"] = _major(sum(value or 0 for value in table.line_discount[low:high]), table.cells, digits)
    for name, texts in (("coupon", table.coupon), ("status", table.status)):
        if texts[low] is not None:
            head[name] = texts[low]
    for name, values in table.extras:
        if values[low] is not None:
            head[name] = values[low]
    if not table.has_lines:
        return _ENCODE(head)
    head.pop("products", None)
    return b'%s,"products":[%s]}' % (_ENCODE(head)[:-1], b",".join(table.lines[low:high]))


def _lines(table: OrderTable) -> list[bytes]:
    """Every line as JSON."""
    cells = table.cells
    fields = {"product_id": "product_id", "name": "product_name", "category": "category"}
    columns = {name: json_text.of_texts(cells.texts(field)) for name, field in fields.items() if cells.has(field)}
    if cells.has("quantity"):
        columns["quantity"] = json_text.of_values(table.quantity)
    if cells.has("unit_price") or cells.has("line_total"):
        columns["price"] = pa.array(_prices(table), pa.string())
    return json_text.objects(columns, cells.count)


def _prices(table: OrderTable) -> Iterator[str | None]:
    """The price of one piece on each line as JSON; few prices are many lines, so each is worked out once."""
    known: dict[tuple[Any, ...], str | None] = {}
    for (low, high), digits in zip(table.groups, table.digits, strict=True):
        for said in zip(table.unit_price[low:high], table.line_total[low:high], table.quantity[low:high], strict=True):
            place = (digits, *said)
            if place not in known:
                known[place] = _price(table.cells, digits or 0, *said)
            yield known[place]


def _price(cells: Cells, digits: int, price: int | None, whole: int | None, quantity: float | None) -> str | None:
    unit = cells.scale if cells.is_decimal else cells.scale * 10**digits
    if price is not None:
        return _ENCODE(price / unit).decode()
    if whole is None:
        return None
    # Six decimals: the price of one of three for 1.00 must not look exact, nor carry seventeen digits.
    return _ENCODE(round(whole / unit / (_quantity(quantity) or 1), 6)).decode()


def _quantity(quantity: float | None) -> float:
    return 1 if quantity is None else quantity


def _major(amount: int, cells: Cells, digits: int) -> float | int:
    minor = to_minor(amount, cells.scale, digits if cells.is_decimal else 0)
    return minor / 10**digits if digits else minor
