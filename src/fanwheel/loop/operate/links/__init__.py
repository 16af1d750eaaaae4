"""Links: addresses of our own that lead where the brand says, and count who came by."""

from fanwheel.loop.operate.links.contracts import Counts, Link, Mark, Message
from fanwheel.loop.operate.links.rules import PROXIES, may_lead, require_address
from fanwheel.loop.operate.links.service import count_steps, list_marks, put_links, put_messages, shorten
from fanwheel.loop.operate.links.settling import settle

__all__ = [
    "PROXIES",
    "Counts",
    "Link",
    "Mark",
    "Message",
    "count_steps",
    "list_marks",
    "may_lead",
    "put_links",
    "put_messages",
    "require_address",
    "settle",
    "shorten",
]
