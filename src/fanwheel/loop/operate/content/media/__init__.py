"""The library of media: pictures, sounds, films and files that the brand shows, and those of its conversations."""

from fanwheel.loop.operate.content.media.contracts import Conversation, Item, Taken
from fanwheel.loop.operate.content.media.errors import MediaNotFoundError
from fanwheel.loop.operate.content.media.service import (
    forget_erased,
    get,
    load,
    note_recipient,
    path_of,
    store,
)
from fanwheel.loop.operate.content.media.using import count_received, get_used, note_uses, sweep

__all__ = [
    "Conversation",
    "Item",
    "MediaNotFoundError",
    "Taken",
    "count_received",
    "forget_erased",
    "get",
    "get_used",
    "load",
    "note_recipient",
    "note_uses",
    "path_of",
    "store",
    "sweep",
]
