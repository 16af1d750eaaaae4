"""Receiving: what platforms told us reaches the person, the conversation, the rules and the ledgers, once."""

from fanwheel.loop.operate.receiving.receiver import Receiver

__all__ = ["Receiver"]
