"""The library of media: pictures, sounds, films and files that the brand shows."""

from fanwheel.loop.operate.content.media.contracts import Item
from fanwheel.loop.operate.content.media.service import forget_erased, get, load, note_recipient, store

__all__ = ["Item", "forget_erased", "get", "load", "note_recipient", "store"]
