"""Proof that a callback is Tencent's and of this moment."""

import hashlib
from collections import OrderedDict
from datetime import datetime
from typing import Final

from fanwheel.domains.private.channels.contracts import Request
from fanwheel.domains.private.channels.errors import ForgedError

STALE_S: Final = 300  # our choice; the platforms give no number
_REMEMBERED: Final = 10_000


def timestamp_and_nonce(request: Request) -> tuple[str, str]:
    """Both as they were sent.

    Raises
    ------
    ForgedError
        If the time is no number, or further from now than the platforms' own retries can be.
    """
    timestamp, nonce = request.query.get("timestamp", ""), request.query.get("nonce", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        raise ForgedError("The callback says no time.")
    if abs(request.received_at.timestamp() - int(timestamp)) > STALE_S:
        raise ForgedError("The callback is not of now.")
    return timestamp, nonce


class Nonces:
    """Sees to it that one signature stands for one body, where the signature does not cover it.

    A retry repeats the body and passes; what it says is known by its key. Somebody who has caught a signature cannot
    put other words beneath it in this process.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()

    def check(self, signature: str, body: bytes, *, now: datetime) -> None:
        """Refuse the signature if it came with another body before."""
        digest = hashlib.sha256(body).digest()
        known = self._seen.get(signature)
        if known and known[1] != digest:
            raise ForgedError("The signature was used for something else.")
        self._seen[signature] = (now, digest)
        while self._seen and (len(self._seen) > _REMEMBERED or self._is_over(now)):
            self._seen.popitem(last=False)

    def _is_over(self, now: datetime) -> bool:
        seen_at, _ = next(iter(self._seen.values()))
        return (now - seen_at).total_seconds() > 2 * STALE_S
