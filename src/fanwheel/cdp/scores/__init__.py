"""Scores: what the measurement says of persons, kept beside what they said of themselves."""

from fanwheel.cdp.scores.contracts import NAMES, Ask, Score
from fanwheel.cdp.scores.service import claim, finish, list_workspaces, put

__all__ = ["NAMES", "Ask", "Score", "claim", "finish", "list_workspaces", "put"]
