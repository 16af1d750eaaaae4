"""Joining what was said of an order, and resolving it into the order."""

from typing import Any, Final, TypeVar

import msgspec

from fanwheel.kernel.money import to_minor
from fanwheel.loop.convert.orders.contracts import Order, Refund, RefundWord, Said, Status, Word

_EARLIEST: Final = ("placed", "mentioned", "assumed_currency")
_NEWEST: Final = tuple(name for name in Said.__struct_fields__ if name not in {*_EARLIEST, "refunds"})
_Comparable = TypeVar("_Comparable", bound=Any)


def join(one: Said, other: Said) -> Said:
    """What two events, or two groups of events, say together."""
    parts: dict[str, Any] = {name: _newest(getattr(one, name), getattr(other, name)) for name in _NEWEST}
    for name in _EARLIEST:
        values = [value for value in (getattr(one, name), getattr(other, name)) if value is not None]
        parts[name] = min(values) if values else None
    if one.refunds or other.refunds:
        parts["refunds"] = _join_refunds(one.refunds, other.refunds)
    return Said(**parts)


def resolve(order_id: str, said: Said) -> Order:
    """The order that follows from all that was said of it."""
    owner = said.owner or said.bystander
    assert owner is not None
    assert said.mentioned is not None
    currency = said.currency.value if said.currency else said.assumed_currency or "XXX"
    refunds, foreign = _refunds(said, currency)
    status = _status(said)
    return Order(
        order_id=order_id,
        home_id=owner.home_id,
        status=status,
        placed_at=said.mentioned if said.placed is None else said.placed,
        currency=currency,
        total_minor=_minor(said.total, currency),
        discount_minor=_minor(said.discount, currency),
        shipping_minor=_minor(said.shipping, currency),
        tax_minor=_minor(said.tax, currency),
        coupon=(said.coupon or said.coupon_applied or Word(0, "", "")).value,
        cancelled_at=said.cancelled if status == "cancelled" else None,
        stated_at=said.stated or 0,
        refunds=refunds,
        foreign_refunds=foreign,
    )


def decode(text: str) -> Said:
    """What was stored of an order."""
    return msgspec.json.decode(text, type=Said)


def encode(said: Said) -> msgspec.Raw:
    """What to store of an order, as JSON."""
    return msgspec.Raw(msgspec.json.encode(said))


def _newest(one: _Comparable | None, other: _Comparable | None) -> _Comparable | None:
    if one is None or other is None:
        return other if one is None else one
    return other if other > one else one


def _join_refunds(one: dict[str, RefundWord], other: dict[str, RefundWord]) -> dict[str, RefundWord]:
    joined = dict(one)
    for refund_id, word in other.items():
        joined[refund_id] = max(word, joined.get(refund_id, word))
    return dict(sorted(joined.items()))


def _status(said: Said) -> Status:
    """Cancelled is cancelled, unless a later Order Updated says otherwise in so many words."""
    if said.cancelled is not None and not (said.reopened and said.reopened.at > said.cancelled):
        return "cancelled"
    stated = said.status.value if said.status else "pending"
    return "paid" if stated == "paid" else "pending"


def _refunds(said: Said, currency: str) -> tuple[tuple[Refund, ...], tuple[str, ...]]:
    if said.stated is None:
        return (), ()  # the order's currency is not known yet
    refunds, foreign = [], []
    for refund_id, word in said.refunds.items():
        if word.currency and word.currency != currency:
            foreign.append(refund_id)
        else:
            amount = to_minor(word.amount, currency) if word.amount else None
            refunds.append(Refund(refund_id, word.at, currency, amount))
    return tuple(refunds), tuple(foreign)


def _minor(word: Word | None, currency: str) -> int:
    return to_minor(word.value, currency) if word and word.value else 0
