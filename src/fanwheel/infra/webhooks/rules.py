"""Signing, and when to try again: no input, no output, no clock."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from standardwebhooks import Webhook

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32
# How long after each attempt the next one follows; after the last the message has failed.
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
GONE: Final = 410
# What a webhook is sent when somebody wants to see whether it works; they look at once, so it is sent once.
PING: Final = "webhook.ping"


def new_secret(random: Callable[[int], bytes]) -> str:
    """A secret as Standard Webhooks writes it."""
    return _PREFIX + base64.b64encode(random(_SECRET_BYTES)).decode()


def sign(secret: str, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message, by which the receiver knows that it is from us, and new.

    Source: Standard Webhooks 1.0.0, section Webhook metadata and signatures.
    """
    signature = Webhook(secret).sign(message_id, at, body.decode())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def next_attempt(attempts: int, *, now: datetime, topic: str = "") -> datetime | None:
    """When to try again after so many attempts; None when it is enough."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) and topic != PING else None
