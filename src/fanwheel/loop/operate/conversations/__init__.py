"""Conversations: one inbox for everything that people write to the brand, and for what is answered."""

from fanwheel.loop.operate.conversations.contracts import Letter, Said, Taken, Waiting

__all__ = ["Letter", "Said", "Taken", "Waiting"]
