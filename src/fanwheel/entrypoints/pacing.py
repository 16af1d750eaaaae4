"""How soon the worker looks at the stream again: at once while there is more, seldom while nobody sends anything."""

from pathlib import Path
from time import monotonic
from typing import Final

from fanwheel.cdp.events.consumer import Consumer
from fanwheel.infra.postgres import Database

# A turn has a price of its own, however few events it takes, so turns do not begin at shorter distances than this.
_TURN_S: Final = 0.04
# Where something was sent a moment ago the next is looked for often; an idle product costs next to nothing.
_OFTEN_S: Final = 0.02
_SELDOM_S: Final = 0.2
_LIVELY_S: Final = 5.0
# A low priority is not enough: processors share caches and units, and a slice is not interrupted. While events come
# in faster than they could be worked off in any case and there is no processor to spare, senders come first.
_PRESSURE: Final = Path("/proc/pressure/cpu")
_CROWDED: Final = 0.4
_YIELD: Final = 3
_RUSH: Final = 10_000  # events a second
_LOOK_S: Final = 2.0  # the server counts what has arrived about once a second
_KNOWN_S: Final = 10.0  # for so long a count says something of what comes now


class Pace:
    """When the next turn begins; one for each reader of the stream."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._lively_until = float("-inf")
        self._rush = _Rush(consumer)
        self._crowd = _Crowd()

    @property
    def is_lively(self) -> bool:
        """Whether more is soon to be expected."""
        return self._consumer.is_behind or monotonic() < self._lively_until

    def begin(self) -> None:
        """A turn begins."""
        self._crowd = _Crowd()

    async def rest(self, db: Database, *, found: bool) -> float:
        """How long to wait after a turn, in seconds, whether it ``found`` events or not."""
        took_s = self._crowd.seconds()
        if self._consumer.is_behind:
            is_late = self._crowd.share() > _CROWDED and await self._rush.is_on(db)
            return _YIELD * took_s if is_late else 0
        if found:
            self._lively_until = monotonic() + _LIVELY_S
            return max(_TURN_S - took_s, 0)
        return _OFTEN_S if monotonic() < self._lively_until else _SELDOM_S


class _Rush:
    """Whether events come in faster than they could be worked off."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._looked_at, self._arrived, self._is_on = float("-inf"), 0, False

    async def is_on(self, db: Database) -> bool:
        """Whether they did within the last seconds; without knowing better, they do."""
        past_s = monotonic() - self._looked_at
        if past_s > _LOOK_S:
            arrived = await self._consumer.count_arrived(db)
            self._is_on = past_s > _KNOWN_S or arrived - self._arrived > _RUSH * past_s
            self._looked_at, self._arrived = monotonic(), arrived
        return self._is_on


class _Crowd:
    """How crowded the machine has been since this was made."""

    def __init__(self) -> None:
        self._began, self._waited = monotonic(), _waited_us()

    def seconds(self) -> float:
        """How long ago that was."""
        return monotonic() - self._began

    def share(self) -> float:
        """The share of that time in which somebody waited for a processor; 0 where the system does not tell."""
        return (_waited_us() - self._waited) / 1e6 / max(self.seconds(), 1e-3)


def _waited_us() -> int:
    """How long in all somebody has waited for a processor: the kernel's pressure stall information."""
    try:
        return int(_PRESSURE.read_text(encoding="ascii").splitlines()[0].rpartition("total=")[2])
    except (OSError, IndexError, ValueError):
        return 0
