"""Bulk actions: one thing done to many people at once, and taken back."""

from fanwheel.cdp.bulk.contracts import Action, What
from fanwheel.cdp.bulk.service import get, list_actions, list_workspaces, run_next, start, tidy, undo

__all__ = ["Action", "What", "get", "list_actions", "list_workspaces", "run_next", "start", "tidy", "undo"]
