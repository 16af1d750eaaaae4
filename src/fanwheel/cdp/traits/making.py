"""People made of identifiers in a file: by events, as everything that is known of people begins with one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

import msgspec

from fanwheel.cdp.events.asgi import Key
from fanwheel.cdp.events.writer import Writer
from fanwheel.cdp.imports.contracts import EPOCH, Chunk, Draft
from fanwheel.cdp.imports.service import EventSink

_NO_KEY: Final = 0  # imports are counted under no key
_MICROSECOND: Final = 1_000_000


class EventMaker:
    """Says of each row that its identifiers are somebody's, as ``fanwheel import people`` does."""

    def __init__(self, writer: Writer, workspace: int, *, now: datetime) -> None:
        self._sink = EventSink(writer, Key(workspace, _NO_KEY))
        self._now = now

    async def make(self, rows: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Store persons, each with the identifiers of a row."""
        at = int((self._now - EPOCH).total_seconds() * _MICROSECOND)
        drafts = [_draft(number, dict(row), at) for number, row in enumerate(rows, 1)]
        await self._sink.store(Chunk(rows=len(rows), drafts=drafts, refused=[]), now=self._now)


def _draft(number: int, who: dict[str, str], at: int) -> Draft:
    user, anonymous = who.pop("user_id", None), who.pop("anonymous_id", None)
    return Draft(number, "identify", "", user, anonymous, {}, at, msgspec.json.encode(who), uuid4().bytes)
