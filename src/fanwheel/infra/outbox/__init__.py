"""The outbox: facts, committed together with what made them, on their way to the events."""

from fanwheel.infra.outbox.contracts import Fact
from fanwheel.infra.outbox.service import append, list_workspaces, take

__all__ = ["Fact", "append", "list_workspaces", "take"]
