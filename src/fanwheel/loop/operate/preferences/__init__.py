"""Preferences: the public pages on which people say what they want to hear, and how they come to them."""

from fanwheel.loop.operate.preferences.links import Links
from fanwheel.loop.operate.preferences.opting import ask_to_confirm

__all__ = ["Links", "ask_to_confirm"]
