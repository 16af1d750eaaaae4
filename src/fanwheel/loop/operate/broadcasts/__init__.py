"""Broadcasts: one thing said to many, by the routes that reach each, when each may be reached, and once."""

from fanwheel.loop.operate.broadcasts.contracts import Broadcast, step_of
from fanwheel.loop.operate.broadcasts.lifecycle import decide
from fanwheel.loop.operate.broadcasts.releasing import go_on, run_once
from fanwheel.loop.operate.broadcasts.reporting_keeping import keep_reports
from fanwheel.loop.operate.broadcasts.service import get
from fanwheel.loop.operate.broadcasts.winning import Choice, Evidence, Undecided, choose, list_undecided

__all__ = [
    "Broadcast",
    "Choice",
    "Evidence",
    "Undecided",
    "choose",
    "decide",
    "get",
    "go_on",
    "keep_reports",
    "list_undecided",
    "run_once",
    "step_of",
]
