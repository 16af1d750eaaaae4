"""Carrying rules out: tags and layers follow who is in the hidden segments of their rules."""

from fanwheel.cdp.carrying.follower import Follower

__all__ = ["Follower"]
