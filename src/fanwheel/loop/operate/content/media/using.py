"""Files of conversations: whose they are, and letting go of them with the last conversation that has them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.content.media import files, service
from fanwheel.loop.operate.content.media.contracts import Conversation, Item, Taken
from fanwheel.loop.operate.content.media.errors import MediaNotFoundError
from fanwheel.loop.operate.content.media.repository import MediaRepository

_PORTION: Final = 200
_DAY: Final = timedelta(days=1)


async def note_uses(tx: Transaction, conversation: Conversation, media: Sequence[int]) -> None:
    """Note that a conversation has some files: they stay for as long as it does."""
    if media:
        await MediaRepository(tx).add_uses(conversation, media)


async def get_used(tx: Transaction, conversation: Conversation, media_id: int) -> Item:
    """A file that a conversation has; raises ``MediaNotFoundError``."""
    if not await MediaRepository(tx).is_used(conversation, media_id):
        raise MediaNotFoundError
    return await service.find(tx, media_id)


async def count_received(tx: Transaction, account_id: int, home_id: int | None, *, now: datetime) -> Taken:
    """How much an account received within a day, from one home or from all."""
    return await MediaRepository(tx).count_received(account_id, home_id, since=now - _DAY)


async def sweep(db: Database, settings: Settings, workspace: int, *, now: datetime) -> int:
    """Let go of files outside the library that no conversation has any more, a portion of them; how many."""
    async with db.transaction(workspace) as tx:
        media = MediaRepository(tx)
        stale = await media.hold_stale(before=now - _DAY, most=_PORTION)
        if not stale:
            return 0
        shown = [each.media_id for each in stale if not each.is_received and await media.list_uses(each)]
        await media.keep_shown(shown)
        # A second look, now that they are held: a conversation may have got one since.
        gone = await media.forget_stale([each.media_id for each in stale if each.media_id not in shown])
        for each in stale:
            if each.media_id in gone:
                name = f"{each.digest}.{each.extension}"
                for lies in (files.path_of, files.received_path_of):
                    await asyncio.to_thread(lies(settings.home, workspace, name).unlink, missing_ok=True)
    return len(gone)
