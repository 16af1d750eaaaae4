"""Auto-replies: what is answered without anybody at the keys, by rules that operators write."""

from fanwheel.loop.operate.autoreply.contracts import Answered, HandOver, Incoming, Waiting
from fanwheel.loop.operate.autoreply.editing import add_form, add_rule
from fanwheel.loop.operate.autoreply.keeping import tidy
from fanwheel.loop.operate.autoreply.service import LONGEST_WAIT, answer, nudge, shortest_wait

__all__ = [
    "LONGEST_WAIT",
    "Answered",
    "HandOver",
    "Incoming",
    "Waiting",
    "add_form",
    "add_rule",
    "answer",
    "nudge",
    "shortest_wait",
    "tidy",
]
