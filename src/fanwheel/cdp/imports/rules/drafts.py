"""Rows made into drafts of messages: people, events, orders and spend."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

import msgspec

from fanwheel.cdp.imports.contracts import IDENTIFIERS, Draft, SpendDraft
from fanwheel.cdp.imports.rules.cells import Cells, to_minor
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.money import EXPONENTS, from_minor

_ENCODE: Final = msgspec.json.Encoder().encode
_CONTACTS: Final = (*IDENTIFIERS[2:], "openid_app")
_DOMAINS: Final = frozenset({None, *(domain.label for domain in Domain)})
_NOBODY: Final = "names nobody: every identifier is empty"
_NEVER: Final = datetime.fromtimestamp(0, UTC)
Group = tuple[int, int]  # first and one past the last index of the lines of an order


def people(cells: Cells, *, now: datetime) -> Iterator[Draft]:
    """One identify message for each person."""
    seen, extras = cells.times("seen_at"), cells.extras()
    for index, ids, contacts in _identified(cells):
        traits = {name: value for name, column in extras.items() if (value := column[index]) is not None}
        body = _ENCODE(traits | contacts)
        yield _draft(
            cells, index, type_="identify", name="", ids=ids, contacts={}, at=seen[index] or now, body=body,
            key=seen[index],
        )  # fmt: skip


def events(cells: Cells) -> Iterator[Draft]:
    """One track message for each row."""
    names, times, extras = cells.text("event"), cells.times("occurred_at"), cells.extras()
    columns = list(extras.items())
    for index, ids, contacts in _identified(cells):
        name, at = names[index], times[index]
        if name is None or at is None:
            cells.refuse(index, f"has no “{'event' if name is None else 'occurred_at'}”")
            continue
        body = _ENCODE({key: value for key, column in columns if (value := column[index]) is not None})
        yield _draft(cells, index, type_="track", name=name, ids=ids, contacts=contacts, at=at, body=body, key=at)


def spend(cells: Cells) -> Iterator[SpendDraft]:
    """Spend of a source on a day; the amount in major units."""
    source, domain, campaign, currency = (cells.text(name) for name in ("source", "domain", "campaign", "currency"))
    days, amounts = cells.times("spent_on", default_zone="UTC"), cells.amounts("amount")
    for index in range(cells.count):
        code = (currency[index] or "").upper()
        stated: dict[str, object] = {"source": source[index], "spent_on": days[index], "amount": amounts[index]}
        stated["currency"] = EXPONENTS.get(code)
        missing = next((name for name, value in stated.items() if value is None), None)
        if missing is not None or index in cells.bad:
            cells.refuse(index, f"has no usable “{missing}”")
            continue
        if domain[index] not in _DOMAINS:
            cells.refuse(index, f"“domain” is {domain[index]!r}; write public, commercial or private, or nothing")
            continue
        minor = to_minor(amounts[index] or 0, cells.scale, EXPONENTS[code] if cells.is_decimal else 0)
        yield SpendDraft(
            first_row=cells.rows[index],
            source=source[index] or "",
            domain=domain[index],
            spent_on=(days[index] or _NEVER).date(),
            campaign=campaign[index] or "",
            currency=code,
            amount=from_minor(minor, code),
        )


class OrderTable:
    """The columns of order lines, read once for a batch."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.placed = cells.times("placed_at")
        self.currency = cells.text("currency")
        self.status, self.coupon = cells.text("status"), cells.text("coupon")
        self.total, self.unit_price = cells.amounts("total"), cells.amounts("unit_price")
        self.line_total, self.line_discount = cells.amounts("line_total"), cells.amounts("line_discount")
        self.parts = {name: cells.amounts(name) for name in ("discount", "shipping", "tax") if cells.has(name)}
        self.quantity = cells.numbers("quantity")
        self.product = [cells.text(name) for name in ("product_id", "product_name", "category")]
        self.extras = list(cells.extras().items())
        self.has_lines = any(cells.has(name) for name in ("product_id", "product_name", "line_total", "unit_price"))
        self.user, self.anonymous = cells.text("user_id"), cells.text("anonymous_id")
        self.contacts = {name: cells.text(name) for name in _CONTACTS if cells.has(name)}


def orders(table: OrderTable, order_ids: Sequence[str | None], groups: Sequence[Group]) -> Iterator[Draft]:
    """One Order Completed for each group of lines; a line that cannot be read refuses its whole order.

    The total is that of the first line, else the sum of ``line_total``, else of quantity times unit price.
    """
    cells = table.cells
    for low, high in groups:
        reason = next((f"row {cells.rows[i]}: {cells.bad[i]}" for i in range(low, high) if i in cells.bad), None)
        digits = EXPONENTS.get((table.currency[low] or "").upper())
        order_id, at = order_ids[low], table.placed[low]
        ids, contacts = _who(table.user[low], table.anonymous[low], table.contacts, low)
        if reason is None:
            reason = _order_trouble(order_id, at, digits, bool(ids or contacts))
        total = 0 if reason or digits is None else _order_total(table, low, high, digits)
        if reason is None and total < 0:
            reason = "its total is below zero; import what was given back as events named Order Refunded"
        if reason is not None or order_id is None or at is None or digits is None:
            for index in range(low, high):
                cells.refuse(index, reason or "cannot be read")
            continue
        body = _ENCODE(_order_body(table, order_id, total, digits=digits, low=low, high=high))
        yield _draft(
            cells, low, type_="track", name="Order Completed", ids=ids, contacts=contacts, at=at, body=body,
            key=at, row_counts=False,
        )  # fmt: skip


def _order_trouble(order_id: str | None, at: datetime | None, digits: int | None, is_known: bool) -> str | None:
    if order_id is None:
        return "has no “order_id”"
    if at is None:
        return "has no “placed_at”"
    if digits is None:
        return "its “currency” is no code of ISO 4217"
    return None if is_known else _NOBODY


def _order_total(table: OrderTable, low: int, high: int, digits: int) -> int:
    """The order's total in minor units."""
    scale = table.cells.scale
    exponent = digits if table.cells.is_decimal else 0
    if table.total[low] is not None:
        return to_minor(table.total[low] or 0, scale, exponent)
    if table.cells.has("line_total"):
        return to_minor(sum(value or 0 for value in table.line_total[low:high]), scale, exponent)
    exact = sum((table.unit_price[i] or 0) * _quantity(table.quantity[i]) for i in range(low, high))
    return to_minor(round(exact), scale, exponent)


def _order_body(table: OrderTable, order_id: str, total: int, *, digits: int, low: int, high: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "order_id": order_id,
        "total": total / 10**digits if digits else total,
        "currency": (table.currency[low] or "").upper(),
    }
    for name, column in table.parts.items():
        if column[low] is not None:
            body[name] = _major(column[low] or 0, table.cells, digits)
    if table.cells.has("line_discount"):
        body["discount"] = _major(sum(value or 0 for value in table.line_discount[low:high]), table.cells, digits)
    for name, texts in (("coupon", table.coupon), ("status", table.status)):
        if texts[low] is not None:
            body[name] = texts[low]
    for name, values in table.extras:
        if values[low] is not None:
            body[name] = values[low]
    if table.has_lines:
        body["products"] = [_line(table, index, digits) for index in range(low, high)]
    return body


def _line(table: OrderTable, index: int, digits: int) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for name, texts in zip(("product_id", "name", "category"), table.product, strict=True):
        if texts[index] is not None:
            line[name] = texts[index]
    quantity = table.quantity[index]
    if quantity is not None:
        line["quantity"] = quantity
    price, whole = table.unit_price[index], table.line_total[index]
    unit = table.cells.scale if table.cells.is_decimal else table.cells.scale * 10**digits
    if price is not None:
        line["price"] = price / unit
    elif whole is not None:
        # Six decimals: the price of one of three for 1.00 must not look exact, nor carry seventeen digits.
        line["price"] = round(whole / unit / (_quantity(quantity) or 1), 6)
    return line


def _quantity(quantity: float | int | None) -> float | int:
    return 1 if quantity is None else quantity


def _major(amount: int, cells: Cells, digits: int) -> float | int:
    minor = to_minor(amount, cells.scale, digits if cells.is_decimal else 0)
    return minor / 10**digits if digits else minor


def _identified(cells: Cells) -> Iterator[tuple[int, dict[str, str], dict[str, str]]]:
    """Rows that name somebody: index, ids of the message, contacts."""
    users, anonymous = cells.text("user_id"), cells.text("anonymous_id")
    contacts = {name: cells.text(name) for name in _CONTACTS if cells.has(name)}
    for index in range(cells.count):
        if index in cells.bad:
            continue
        ids, reached = _who(users[index], anonymous[index], contacts, index)
        if ids or reached:
            yield index, ids, reached
        else:
            cells.refuse(index, _NOBODY)


def _who(
    user: str | None, anonymous: str | None, contacts: dict[str, list[str | None]], index: int
) -> tuple[dict[str, str], dict[str, str]]:
    ids = {}
    if user is not None:
        ids["userId"] = user
    if anonymous is not None:
        ids["anonymousId"] = anonymous
    if not contacts:
        return ids, {}
    return ids, {name: text for name, column in contacts.items() if (text := column[index]) is not None}


def _draft(
    cells: Cells, index: int, *, type_: str, name: str, ids: dict[str, str], contacts: dict[str, str], at: datetime,
    body: bytes, key: datetime | None, row_counts: bool = True,
) -> Draft:  # fmt: skip
    """A draft whose message id follows from what the row says (and, for rows that may repeat, from its place)."""
    row = cells.rows[index]
    message_id = cells.text("message_id")[index] if cells.has("message_id") else None
    if message_id is None:
        place = row if row_counts else 0
        who = "\x1f".join([*ids.values(), *contacts.values()])
        said = f"import|{type_}|{name}|{place}|{who}|{key}|".encode("utf-8", "replace")
        message_id = blake2b(said + body, digest_size=16).hexdigest()
    return Draft(row, type_, name, ids, contacts, at, body, message_id)
