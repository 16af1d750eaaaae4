"""Rules to begin with, which operators ask for most."""

from typing import Any, Final, NamedTuple

_Condition = dict[str, Any]


class Template(NamedTuple):
    """A rule to begin with; the web app names it by its key in the reader's language."""

    key: str
    name: str
    description: str
    rule: dict[str, Any]


def _days(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "days"}


def _did(name: str, least: int, within_days: int) -> _Condition:
    test = {"op": "at_least", "value": least}
    return {"type": "event", "event": {"name": name}, "test": test, "within": _days(within_days)}


def _not(condition: _Condition) -> _Condition:
    return {"type": "not", "condition": condition}


def _field(name: str, op: str, **words: Any) -> _Condition:
    return {"type": "field", "name": name, "test": {"op": op, **words}}


_NEVER_BOUGHT: Final = _field("order_count", "at_most", value=0)
_HAS_BOUGHT: Final = _field("order_count", "at_least", value=1)
_REACHABLE: Final = {"type": "reachable", "channel": "any"}


def _template(key: str, name: str, description: str, *conditions: _Condition) -> Template:
    return Template(key, name, description, {"version": 1, "condition": {"type": "all", "conditions": [*conditions]}})


TEMPLATES: Final = (
    _template(
        "boughtOnce",
        "Bought once, not again in 60 days",
        "One paid order, and none in the last 60 days: a second order makes a regular.",
        _field("order_count", "is", value=1),
        _not(_did("Order Completed", 1, 60)),
    ),
    _template(
        "highIntent",
        "High-intent fans",
        "Watched live three times or more and wrote to us within 30 days, but never ordered.",
        _did("Live Joined", 3, 30),
        _did("Message Received", 1, 30),
        _NEVER_BOUGHT,
    ),
    _template(
        "leftCheckout",
        "Left the checkout",
        "Began to check out within three days and did not order.",
        _did("Checkout Started", 1, 3),
        _not(_did("Order Completed", 1, 3)),
    ),
    _template(
        "wanting",
        "Looked, then added, did not buy",
        "Viewed a product and put one into the cart within a day, in the last week, without an order.",
        {
            "type": "sequence",
            "steps": [{"name": "Product Viewed"}, {"name": "Product Added"}],
            "within": _days(1),
            "completed": _days(7),
        },
        _not(_did("Order Completed", 1, 7)),
    ),
    _template(
        "newFans",
        "New fans",
        "Became reachable in the last seven days and have not ordered yet.",
        _field("operated_at", "within_last", span=_days(7)),
        _NEVER_BOUGHT,
    ),
    _template(
        "birthday",
        "Birthday within a week",
        "Have a birthday in the next seven days and may be reached.",
        {"type": "trait", "name": "birthday", "test": {"op": "anniversary", "days": 7}},
        _REACHABLE,
    ),
    _template(
        "regulars",
        "Regulars",
        "Three orders or more, and seen in the last 90 days.",
        _field("order_count", "at_least", value=3),
        _field("last_seen_at", "within_last", span=_days(90)),
    ),
    _template(
        "sleeping",
        "Falling asleep",
        "Bought before, not seen for 90 days, and may still be reached.",
        _HAS_BOUGHT,
        _field("last_seen_at", "longer_ago", span=_days(90)),
        _REACHABLE,
    ),
    _template(
        "ambassadors",
        "Ambassadors",
        "Bought, and brought somebody along.",
        {"type": "referral", "role": "inviter"},
        _HAS_BOUGHT,
    ),
    _template(
        "paidNotBought",
        "Came from ads, did not buy",
        "Came by paid traffic in the last 14 days and have not ordered.",
        {"type": "domain", "domain": "commercial", "touch": "first"},
        _field("first_seen_at", "within_last", span=_days(14)),
        _NEVER_BOUGHT,
    ),
    _template(
        "tookBack",
        "Took back their consent",
        "Said no to messages in the last 90 days and may be reached on no channel now.",
        _did("Consent Withdrawn", 1, 90),
        _not(_REACHABLE),
    ),
)
