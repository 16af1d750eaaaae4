"""Accounts of channels: made and kept here, opened for whoever sends or listens."""

from fanwheel.domains.private.channels.accounts.contracts import AccountRow
from fanwheel.domains.private.channels.accounts.errors import AccountNotFoundError
from fanwheel.domains.private.channels.accounts.opening import Opened, Opener
from fanwheel.domains.private.channels.accounts.service import (
    add,
    change,
    check,
    delete,
    find_by_key,
    get,
    list_accounts,
    note_error,
    note_heard,
    pause,
    tidy,
)

__all__ = [
    "AccountNotFoundError",
    "AccountRow",
    "Opened",
    "Opener",
    "add",
    "change",
    "check",
    "delete",
    "find_by_key",
    "get",
    "list_accounts",
    "note_error",
    "note_heard",
    "pause",
    "tidy",
]
