"""Contact: two-way contact in the private domain, and the right to make it."""

from fanwheel.loop.operate.contact.rules import answer, grant, join_channel, leave_channel, withdraw

__all__ = ["answer", "grant", "join_channel", "leave_channel", "withdraw"]
