"""Receiving: what platforms told us reaches the person, the conversation, the rules and the ledgers, once."""

from fanwheel.loop.operate.receiving.receiver import Receiver
from fanwheel.loop.operate.receiving.speaking import Speaking

__all__ = ["Receiver", "Speaking"]
