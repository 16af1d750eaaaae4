"""Accounts in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as it is kept; of its secrets only the names."""

    account_id: int
    channel: str
    key: str
    name: str
    settings: Mapping[str, str]
    secret_names: Sequence[str]
    version: int
    is_active: bool
    error: str | None
    error_at: datetime | None
    checked_at: datetime | None
    is_fine: bool | None
    check_message: str | None
    check_code: str
    check_facts: Mapping[str, str]
    heard_at: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime


class Found(NamedTuple):
    """Whose a callback's path is."""

    workspace_id: int
    account_id: int
    channel: str


class TokenRow(NamedTuple):
    """A platform's token as it is kept; ``lease`` is whose turn it was to fetch it."""

    sealed_value: bytes | None
    is_valid: bool
    is_leased: bool
    lease: int
