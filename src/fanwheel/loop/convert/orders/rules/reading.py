"""What an order event says, checked: an amount that cannot be read is refused, never guessed."""

import contextlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from fanwheel.kernel.money import is_currency
from fanwheel.loop.convert.orders.contracts import Line, Owner, RefundWord, Said, Statement, Status, Word
from fanwheel.loop.convert.orders.errors import OrderRefusedError

MAX_TEXT: Final = 200  # of names and codes, which may be cut
# Of ids in bytes, which are refused when longer: two that differ must not become one. PostgreSQL indexes two of them.
MAX_ID: Final = 512
# More than any order, and small enough that it fits every currency's minor units.
MAX_AMOUNT: Final = Decimal(10) ** 13
MAX_LINES: Final = 1000
MAX_DECIMALS: Final = 40

_STATUS_WORDS: Final[dict[Status, str]] = {
    "paid": "paid complete completed success fulfilled partially_fulfilled processing shipped delivered received "
    "partially_refunded refunded 已支付 已付款 已发货 已完成 待发货 待收货",
    "pending": "pending unpaid created open draft authorized awaiting_payment on_hold payment_pending 待支付 待付款",
    "cancelled": "cancelled canceled void voided closed expired failed 已取消 已关闭",
}
_STATUSES: Final[dict[str, Status]] = {
    word: status for status, words in _STATUS_WORDS.items() for word in words.split()
}


class Speaker(NamedTuple):
    """Who sent the event, and when."""

    home_id: int
    is_known: bool  # by a user id, not merely by a device
    at: int
    key: str
    reporting_currency: str


def read_completed(properties: Mapping[str, Any], speaker: Speaker) -> Statement:
    """What Order Completed says: an order, paid unless its status says otherwise."""
    order_id, at, key = _order_id(properties), speaker.at, speaker.key
    total = _total(properties)
    if total is None:
        raise OrderRefusedError(
            f"Order {order_id} has no “total”.", hint="Send “total” as a number in the currency, such as 12.90."
        )
    status = _status(properties) or "paid"
    parts = _money(properties, speaker)
    parts["total"] = Word(at, key, total)
    if status == "cancelled":
        parts["cancelled"] = at
    else:
        parts["status"] = Word(at, key, status)
    lines = _lines(properties)
    if lines is not None:
        parts["lines"] = Word(at, key, "")
    owner = _owner(speaker)
    return Statement(order_id, Said(owner=owner, placed=at, mentioned=at, stated=at, **parts), lines)


def read_updated(properties: Mapping[str, Any], speaker: Speaker) -> Statement:
    """What Order Updated says; parts that it does not mention stay as they are."""
    order_id, at, key = _order_id(properties), speaker.at, speaker.key
    parts = _money(properties, speaker)
    total, status, lines = _total(properties), _status(properties), _lines(properties)
    if total is not None:
        parts["total"] = Word(at, key, total)
    if status == "cancelled":
        parts["cancelled"] = at
    elif status is not None:
        parts["status"] = parts["reopened"] = Word(at, key, status)
    if lines is not None:
        parts["lines"] = Word(at, key, "")
    return Statement(order_id, Said(owner=_owner(speaker), mentioned=at, stated=at, **parts), lines)


def read_cancelled(properties: Mapping[str, Any], speaker: Speaker) -> Statement:
    """What Order Cancelled says."""
    at = speaker.at
    return Statement(_order_id(properties), Said(bystander=_owner(speaker), mentioned=at, cancelled=at))


def read_refunded(properties: Mapping[str, Any], speaker: Speaker) -> Statement:
    """What Order Refunded says; without an amount, all that is left was given back."""
    at, key = speaker.at, speaker.key
    refund_id = _id(properties, "refund_id") or key
    amount = _amount(properties, "total", "amount", "value", "revenue")
    word = RefundWord(at, key, amount or "", _currency(properties) or "")
    return Statement(_order_id(properties), Said(bystander=_owner(speaker), mentioned=at, refunds={refund_id: word}))


def read_coupon(properties: Mapping[str, Any], speaker: Speaker) -> Statement | None:
    """What Coupon Applied says of an order, or None while there is only a cart."""
    code = next((code for name in ("coupon", "coupon_name", "coupon_id") if (code := _text(properties.get(name)))), "")
    if not code or not _id(properties, "order_id"):
        return None
    at, key = speaker.at, speaker.key
    return Statement(
        _order_id(properties), Said(bystander=_owner(speaker), mentioned=at, coupon_applied=Word(at, key, code))
    )


def _owner(speaker: Speaker) -> Owner:
    return Owner(int(speaker.is_known), speaker.at, speaker.key, speaker.home_id)


def _order_id(properties: Mapping[str, Any]) -> str:
    order_id = _id(properties, "order_id") or _id(properties, "orderId")
    if not order_id:
        raise OrderRefusedError("The event has no “order_id”.", hint="Send the shop's own number of the order.")
    return order_id


def _money(properties: Mapping[str, Any], speaker: Speaker) -> dict[str, Any]:
    """Currency, amounts beside the total, and coupon, as far as they are mentioned."""
    at, key = speaker.at, speaker.key
    parts: dict[str, Any] = {"assumed_currency": speaker.reporting_currency}
    currency, coupon = _currency(properties), _text(properties.get("coupon"))
    if currency:
        parts["currency"] = Word(at, key, currency)
    if coupon:
        parts["coupon"] = Word(at, key, coupon)
    for name in ("discount", "shipping", "tax"):
        amount = _amount(properties, name)
        if amount is not None:
            parts[name] = Word(at, key, amount)
    return parts


def _total(properties: Mapping[str, Any]) -> str | None:
    return _amount(properties, "total", "revenue", "value")


def _amount(properties: Mapping[str, Any], *names: str) -> str | None:
    """The first of the named amounts that is there, as decimal text."""
    name = next((name for name in names if properties.get(name) is not None), None)
    if name is None:
        return None
    amount = _decimal(properties[name], name)
    if amount < 0:
        raise OrderRefusedError(
            f"“{name}” is {amount}, which is below zero.", hint="Send Order Refunded for what was given back."
        )
    return str(amount)


def _decimal(value: object, name: str) -> Decimal:
    amount = _number(value)
    # A number may be a sum of floats with 17 decimals; one with hundreds before its first digit is an attack.
    # copy_abs, because abs is arithmetic and overflows for an exponent of nine digits.
    if amount is None or not amount.is_finite() or amount.copy_abs() > MAX_AMOUNT or amount.adjusted() < -MAX_DECIMALS:
        raise OrderRefusedError(
            f"“{name}” is {_short(value)}, which is no amount.", hint="Send a number such as 12.90."
        )
    return amount


def _number(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value or Decimal(0)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and "_" not in value:
        with contextlib.suppress(InvalidOperation):
            return Decimal(value.strip()) or Decimal(0)
    return None


def _currency(properties: Mapping[str, Any]) -> str | None:
    value = properties.get("currency")
    if value is None or value == "":
        return None
    code = value.strip().upper() if isinstance(value, str) else ""
    if not is_currency(code):
        raise OrderRefusedError(
            f"“currency” is {_short(value)}, which is no code of ISO 4217.",
            hint="Send three letters such as CNY or USD.",
        )
    return code


def _status(properties: Mapping[str, Any]) -> Status | None:
    """The status if it is one of the words that shops use; any other word says nothing about payment."""
    value = properties.get("status")
    return _STATUSES.get(value.strip().lower().replace(" ", "_")) if isinstance(value, str) else None


def _lines(properties: Mapping[str, Any]) -> tuple[Line, ...] | None:
    products = properties.get("products")
    if products is None:
        return None
    if not isinstance(products, Sequence) or isinstance(products, str) or len(products) > MAX_LINES:
        raise OrderRefusedError(
            "“products” is no list of products.", hint=f"Send a list of at most {MAX_LINES} objects, or leave it out."
        )
    return tuple(_line(product, number) for number, product in enumerate(products))


def _line(product: object, number: int) -> Line:
    if not isinstance(product, Mapping):
        raise OrderRefusedError(
            f"“products[{number}]” is {_short(product)}, which is no product.", hint="Send objects with a product_id."
        )
    price, quantity = product.get("price"), product.get("quantity")
    return Line(
        product_id=next((text for name in ("product_id", "sku", "id") if (text := _text(product.get(name)))), ""),
        product_name=_text(product.get("name")),
        category=_text(product.get("category")),
        quantity=Decimal(1) if quantity is None else _decimal(quantity, f"products[{number}].quantity"),
        unit_price=Decimal(0) if price is None else _decimal(price, f"products[{number}].price"),
    )


def _id(properties: Mapping[str, Any], name: str) -> str:
    """An id, whole."""
    value = _whole(properties.get(name))
    if len(value.encode()) > MAX_ID:
        raise OrderRefusedError(
            f"“{name}” is longer than {MAX_ID} bytes: {_short(value)}.", hint="Send the shop's own, shorter number."
        )
    return value


def _text(value: object) -> str:
    return _whole(value)[:MAX_TEXT]


def _whole(value: object) -> str:
    """Text without the characters that cannot be stored; whole numbers count as text."""
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _short(value: object) -> str:
    return repr(str(value) if isinstance(value, Decimal) else value)[:60]
