"""Webhooks: facts told to other programs over HTTP, signed as Standard Webhooks 1.0 says, until they are taken."""

from fanwheel.infra.webhooks.contracts import Fact, Message, Webhook
from fanwheel.infra.webhooks.delivering import Courier
from fanwheel.infra.webhooks.service import (
    add,
    change,
    delete,
    get,
    list_messages,
    list_webhooks,
    list_workspaces,
    tell,
    tidy,
)

__all__ = [
    "Courier",
    "Fact",
    "Message",
    "Webhook",
    "add",
    "change",
    "delete",
    "get",
    "list_messages",
    "list_webhooks",
    "list_workspaces",
    "tell",
    "tidy",
]
