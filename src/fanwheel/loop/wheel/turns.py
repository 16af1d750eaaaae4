"""Which semantic event turns which stage: the loop on one page.

Every event of any name introduces a person and counts; every event with a source is a touch, unless the brand
did it (kernel.semantics); identify adds traits. Beyond that, these names have a meaning. docs/reference/events.md
says what each carries; a test keeps the two in step. Repurchase has no event of its own: it is the second paid
order.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from fanwheel.cdp import consent, profiles
from fanwheel.cdp.events.consumer import Told
from fanwheel.kernel.semantics import HELD_OUT
from fanwheel.loop.convert.orders import (
    Speaker,
    Statement,
    read_cancelled,
    read_completed,
    read_coupon,
    read_refunded,
    read_updated,
)
from fanwheel.loop.operate import contact
from fanwheel.loop.share import referral

PlainEffect = (
    profiles.Operated | profiles.Shared | profiles.Reachable | consent.Statement | referral.Acceptance | referral.Sent
)
Turn = Callable[[Told], Iterable[PlainEffect]]
OrderTurn = Callable[[Mapping[str, object], Speaker], Statement | None]

# Operate and share.
TURNS: Final[Mapping[str, Turn]] = {
    "Message Received": contact.answer,  # the person wrote to us
    "Menu Tapped": contact.answer,
    "Button Tapped": contact.answer,
    "Conversation Opened": contact.answer,
    "Group Joined": contact.answer,
    "Live Joined": contact.answer,
    "Comment Posted": contact.answer,
    "Lead Submitted": contact.answer,
    "Form Submitted": contact.answer,
    "Channel Joined": contact.join_channel,
    "Channel Left": contact.leave_channel,
    "Consent Granted": contact.grant,
    "Consent Withdrawn": contact.withdraw,
    "Invite Sent": referral.send,
    "Content Shared": referral.share,
    "Invite Accepted": referral.accept,
}

# Convert, and with the second paid order repurchase.
ORDER_TURNS: Final[Mapping[str, OrderTurn]] = {
    "Order Completed": read_completed,
    "Order Updated": read_updated,
    "Order Cancelled": read_cancelled,
    "Order Refunded": read_refunded,
    "Coupon Applied": read_coupon,
}

# Known names that turn nothing by themselves: reports count them.
QUIET: Final = frozenset(
    {
        "Product Viewed",
        "Product Added",
        "Checkout Started",
        "Content Viewed",
        "Message Sent",
        "Message Delivered",
        "Message Opened",
        "Message Clicked",
        "Group Left",
        *HELD_OUT,
    }
)
NAMES: Final = (*TURNS, *ORDER_TURNS)
