"""Tags: words that people carry, put on by hand, by files, by channels and by rules."""

from fanwheel.cdp.tags.contracts import Given, Origin, Outcome, Taken
from fanwheel.cdp.tags.giving import change, clean, expire, give, require_ahead, take, undo

__all__ = ["Given", "Origin", "Outcome", "Taken", "change", "clean", "expire", "give", "require_ahead", "take", "undo"]
