"""The alert: one long transaction keeps every new event from the lake and from all other readers."""

import time
from typing import Final

import structlog

from fanwheel.infra.lake.contracts import Holdback
from fanwheel.infra.lake.repository import ExportRepository

_log: Final = structlog.get_logger(__name__)


class HoldbackWatch:
    """Looks now and then for the transaction that holds readers back, and warns of it once a minute."""

    def __init__(self, *, warn_after_s: float, every_s: float, again_after_s: float = 60.0) -> None:
        self._warn_after_s = warn_after_s
        self._every_s = every_s
        self._again_after_s = again_after_s
        self._looked_at = -every_s
        self._warned: tuple[int, float] | None = None  # pid, and the age at which it was reported

    def look(self, repository: ExportRepository) -> None:
        """Find who holds readers back, and since when; does nothing if that was done just now."""
        now = time.monotonic()
        if now - self._looked_at < self._every_s:
            return
        self._looked_at = now
        found = repository.find_oldest_writer()
        if found and self._is_news(found):
            self._warned = (found.pid, found.age_s)
            _log.warning("lake.held_back", pid=found.pid, age_s=round(found.age_s, 1), lag_tx=found.lag_tx)

    def _is_news(self, found: Holdback) -> bool:
        if found.age_s < self._warn_after_s:
            return False
        if self._warned is None or self._warned[0] != found.pid or found.age_s < self._warned[1]:
            return True
        return found.age_s - self._warned[1] >= self._again_after_s
