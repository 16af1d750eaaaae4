"""What this process already knows to be stored: homes of identifiers, edges between them, recent message keys.

A home never changes, an edge once seen stays seen, and a message key once committed stays committed, so none of
these needs invalidation but for erasure, which empties the workspace's memory. They only save questions to
PostgreSQL; forgetting is always safe.
"""

from typing import Final

from fanwheel.cdp.events.evidence import Ref
from fanwheel.cdp.events.placing import SourceBook

_MAX_HOMES: Final = 300_000
_MAX_KEYS: Final = 100_000


class Known:
    """The memory of one workspace."""

    def __init__(self) -> None:
        self.homes: dict[Ref, int | None] = {}  # None: a junk value, which identifies nobody
        self.edges: set[tuple[int, int]] = set()
        self.keys: set[bytes] = set()
        self.older_keys: set[bytes] = set()
        self.book = SourceBook()
        self.erasure = 0

    def forget_if_erased(self, erasure: int) -> None:
        """Empty the memory when somebody was erased since: their identifiers are free again."""
        if erasure != self.erasure:
            self.homes.clear()
            self.edges.clear()
            self.erasure = erasure

    def trim(self) -> None:
        """Keep the memory bounded by dropping what is oldest."""
        if len(self.homes) > _MAX_HOMES:
            self.homes = dict(list(self.homes.items())[_MAX_HOMES // 2 :])
        if len(self.edges) > _MAX_HOMES:
            self.edges.clear()
        if len(self.keys) > _MAX_KEYS:
            self.keys, self.older_keys = set(), self.keys
