"""The library of media: pictures, sounds, films and files that the brand shows."""

from fanwheel.loop.operate.content.media.contracts import Item
from fanwheel.loop.operate.content.media.service import get, load, store

__all__ = ["Item", "get", "load", "store"]
