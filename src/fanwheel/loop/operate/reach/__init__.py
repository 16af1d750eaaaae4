"""Reach: the one path by which messages go out, and its ledger."""

from fanwheel.loop.operate.reach.contracts import ANSWER, BROADCAST, JOURNEY, SERVICE, Opening, Trace, Wish, Writing

__all__ = ["ANSWER", "BROADCAST", "JOURNEY", "SERVICE", "Opening", "Trace", "Wish", "Writing"]
