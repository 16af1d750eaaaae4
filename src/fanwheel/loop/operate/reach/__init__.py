"""Reach: the one path by which messages go out, and its ledger."""

from fanwheel.loop.operate.reach.callbacks import Callbacks, Worded
from fanwheel.loop.operate.reach.contracts import (
    ANSWER,
    BROADCAST,
    JOURNEY,
    SERVICE,
    Accounts,
    Opened,
    Opener,
    Opening,
    OpenRight,
    Progress,
    Trace,
    Wish,
    Write,
    Writing,
    Written,
)
from fanwheel.loop.operate.reach.following import Follower
from fanwheel.loop.operate.reach.receipts import take_receipts
from fanwheel.loop.operate.reach.sender import Sender
from fanwheel.loop.operate.reach.service import (
    cancel,
    close_windows,
    hold_out,
    intend,
    intend_many,
    list_held_out,
    open_windows,
    word,
)
from fanwheel.loop.operate.reach.speaking import list_rights
from fanwheel.loop.operate.reach.tracing import list_states, list_traces, trace

__all__ = [
    "ANSWER",
    "BROADCAST",
    "JOURNEY",
    "SERVICE",
    "Accounts",
    "Callbacks",
    "Follower",
    "OpenRight",
    "Opened",
    "Opener",
    "Opening",
    "Progress",
    "Sender",
    "Trace",
    "Wish",
    "Worded",
    "Write",
    "Writing",
    "Written",
    "cancel",
    "close_windows",
    "hold_out",
    "intend",
    "intend_many",
    "list_held_out",
    "list_rights",
    "list_states",
    "list_traces",
    "open_windows",
    "take_receipts",
    "trace",
    "word",
]
