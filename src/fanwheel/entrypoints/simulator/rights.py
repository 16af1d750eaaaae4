"""Rights to speak, as platforms count them: so many messages, for so long."""

from datetime import datetime, timedelta
from typing import Literal

Standing = Literal["open", "closed", "used_up"]


class Right:
    """One right that somebody opened, such as by writing."""

    def __init__(self, opened_at: datetime, *, lasts_s: float, most: int | None = None) -> None:
        self._until = opened_at + timedelta(seconds=lasts_s)
        self._left = most

    def use(self, now: datetime) -> Standing:
        """Take one message off it, if it holds."""
        if now >= self._until:
            return "closed"
        if self._left == 0:
            return "used_up"
        if self._left is not None:
            self._left -= 1
        return "open"


def use(right: Right | None, now: datetime) -> Standing:
    """Take one message off a right that somebody may never have opened."""
    return "closed" if right is None else right.use(now)
