"""Conversations: one inbox for everything that people write to the brand, and for what is answered."""

from fanwheel.loop.operate.conversations.contracts import Letter, Said, Taken, Waiting
from fanwheel.loop.operate.conversations.taking import hand_over, list_unanswered, take, tell
from fanwheel.loop.operate.conversations.waking import wake_due

__all__ = ["Letter", "Said", "Taken", "Waiting", "hand_over", "list_unanswered", "take", "tell", "wake_due"]
