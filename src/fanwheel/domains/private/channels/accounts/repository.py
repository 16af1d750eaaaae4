"""Accounts and their tokens, read and written through one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from fanwheel.domains.private.channels.accounts.contracts import AccountRow, Found, TokenRow
from fanwheel.domains.private.channels.contracts import Check
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.domains.private.channels.accounts")


class AccountRepository:
    """The accounts of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_accounts(self, *, one: int | None = None) -> list[AccountRow]:
        """Accounts by channel and name; or one."""
        return [AccountRow(**row) for row in await self._tx.all(_SQL["list_accounts"], one=one)]

    async def find_by_key(self, key: str) -> Found | None:
        """Whose a callback's path is; outside any workspace."""
        row = await self._tx.one_or_none(_SQL["find_by_key"], key=key)
        return Found(**row) if row else None

    async def add(self, **values: Any) -> int:
        """The number of a new account."""
        return int(await self._tx.value(_SQL["add_account"], **values))

    async def change(self, account_id: int, **values: Any) -> None:
        """Change an account."""
        await self._tx.run(_SQL["change_account"], account_id=account_id, **values)

    async def rename(self, account_id: int, *, name: str) -> None:
        """Call an account something else."""
        await self._tx.run(_SQL["rename_account"], account_id=account_id, name=name)

    async def find_secrets(self, account_id: int, *, is_held: bool = False) -> Row | None:
        """The sealed secrets of an account and its version; held, if somebody is about to change them."""
        return await self._tx.one_or_none(_SQL["hold_secrets" if is_held else "get_secrets"], account_id=account_id)

    async def find_version(self, account_id: int) -> int | None:
        """How often an account was changed; None once it is deleted."""
        found: int | None = await self._tx.value(_SQL["get_version"], account_id=account_id)
        return found

    async def put_secrets(self, account_id: int, **values: Any) -> None:
        """Keep other secrets."""
        await self._tx.run(_SQL["put_secrets"], account_id=account_id, **values)

    async def pause(self, account_id: int, *, is_active: bool) -> int:
        """Let nothing go out, or let it again; how many there were."""
        return await self._tx.run(_SQL["pause_account"], account_id=account_id, is_active=is_active)

    async def delete(self, account_id: int) -> int:
        """Delete an account; how many there were."""
        await self._tx.run(_SQL["delete_tokens"], account_id=account_id)
        return await self._tx.run(_SQL["delete_account"], account_id=account_id)

    async def note_check(self, account_id: int, found: Check, *, now: datetime) -> None:
        """Note what came of a connection test."""
        told = found._asdict() | {"facts": msgspec.json.encode(dict(found.facts)).decode()}
        await self._tx.run(_SQL["note_check"], account_id=account_id, now=now, **told)

    async def note_error(self, account_id: int, *, error: str | None) -> None:
        """Note why a platform refused the account."""
        await self._tx.run(_SQL["note_error"], account_id=account_id, error=error)

    async def note_heard(self, accounts: Sequence[int], *, now: datetime) -> None:
        """Note that something came in."""
        await self._tx.run(_SQL["note_heard"], accounts=list(accounts), now=now)

    async def forget_old_tokens(self, *, now: datetime) -> int:
        """Delete tokens that ended a day ago; how many."""
        return await self._tx.run(_SQL["forget_old_tokens"], now=now)


class TokenRepository:
    """The token of one name of one account."""

    def __init__(self, tx: Transaction, account_id: int, name: str) -> None:
        self._tx = tx
        self._key = {"account_id": account_id, "name": name}

    async def find(self, *, now: datetime) -> TokenRow | None:
        """The token as it is kept."""
        row = await self._tx.one_or_none(_SQL["find_token"], now=now, **self._key)
        return TokenRow(**row) if row else None

    async def lease(self, *, now: datetime, until: datetime) -> int | None:
        """The number of our turn to fetch it; None while it is another's, or there is no need."""
        await self._tx.run(_SQL["add_token"], **self._key)
        found: int | None = await self._tx.value(_SQL["lease_token"], now=now, until=until, **self._key)
        return found

    async def put(self, lease: int, *, sealed_value: bytes, expires_at: datetime) -> None:
        """Keep what was fetched."""
        await self._tx.run(
            _SQL["put_token"], lease=lease, sealed_value=sealed_value, expires_at=expires_at, **self._key
        )

    async def release(self, lease: int) -> None:
        """Let somebody else fetch it."""
        await self._tx.run(_SQL["release_token"], lease=lease, **self._key)

    async def forget(self, lease: int) -> None:
        """Let go of it, unless it is another by now."""
        await self._tx.run(_SQL["forget_token"], lease=lease, **self._key)
