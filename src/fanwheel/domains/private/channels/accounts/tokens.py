"""Tokens of platforms: fetched by one worker, used by all, sealed in the database."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from fanwheel.domains.private.channels.accounts import secrets
from fanwheel.domains.private.channels.accounts.errors import TokenNotFetchedError
from fanwheel.domains.private.channels.accounts.repository import AccountRepository, TokenRepository
from fanwheel.domains.private.channels.adapter import Token
from fanwheel.infra.postgres import Database
from fanwheel.infra.sealing import Seal
from fanwheel.kernel.clock import Clock

Fetch = Callable[[], Awaitable[Token]]
# After that the worker that was fetching is taken to be gone.
_LEASE: Final = timedelta(seconds=30)
_LOOK_AGAIN_S: Final = 0.1
_LOOKS: Final = 400
# A token is renewed before it ends: a tenth of its life, at most so long.
_EARLY: Final = timedelta(minutes=5)
# What is known is looked at again after so long: another worker may have had to fetch a new one.
_TRUSTED: Final = timedelta(seconds=30)
# Where there are more names than that, as with one for every callback, those that are over are let go of.
_MOST_NAMES: Final = 1_000


class _Known(NamedTuple):
    value: str
    lease: int
    until: datetime


class TokenKeeper:
    """The tokens of one account. ``live`` are its secrets, which are read anew before a token is fetched."""

    def __init__(
        self, database: Database, seal: Seal, *, workspace: int, account_id: int, live: dict[str, str], clock: Clock
    ) -> None:
        self._database = database
        self._seal = seal
        self._workspace = workspace
        self._account_id = account_id
        self._live = live
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._most_names = _MOST_NAMES

    async def token(self, name: str, fetch: Fetch) -> str:
        """The token of a name, fetched if nobody has one that holds."""
        known = self._known.get(name)
        if known is not None and self._clock() < known.until:
            return known.value
        if len(self._turns) > self._most_names:
            self._let_go()
        async with self._turns[name]:
            for _ in range(_LOOKS):
                found = await self._find_or_fetch(name, fetch)
                if found is not None:
                    self._known[name] = found
                    return found.value
                await asyncio.sleep(_LOOK_AGAIN_S)
        raise TokenNotFetchedError

    async def forget(self, name: str) -> None:
        """Let go of the token that this process was given last, since the platform refused it."""
        known = self._known.pop(name, None)
        if known is not None:
            async with self._database.transaction(self._workspace) as tx:
                await TokenRepository(tx, self._account_id, name).forget(known.lease)

    async def keep(self, name: str, secret: str) -> None:
        """Replace a secret of the account, for all workers."""
        async with self._database.transaction(self._workspace) as tx:
            accounts = AccountRepository(tx)
            row = await accounts.find_secrets(self._account_id, is_held=True)
            if row is None:
                return  # deleted meanwhile
            kept = secrets.open_all(self._seal, row["sealed_secrets"], workspace=self._workspace) | {name: secret}
            sealed = secrets.close(self._seal, kept, workspace=self._workspace)
            await accounts.put_secrets(self._account_id, sealed_secrets=sealed, secret_names=sorted(kept))
        self._live[name] = secret

    def _let_go(self) -> None:
        now = self._clock()
        self._known = {name: known for name, known in self._known.items() if now < known.until}
        for name in [name for name, turn in self._turns.items() if name not in self._known and not turn.locked()]:
            del self._turns[name]
        # So that whatever is alive is not looked through again and again.
        self._most_names = max(_MOST_NAMES, 2 * len(self._turns))

    async def _find_or_fetch(self, name: str, fetch: Fetch) -> _Known | None:
        """The token, or None while another worker fetches it."""
        now = self._clock()
        async with self._database.transaction(self._workspace) as tx:
            tokens = TokenRepository(tx, self._account_id, name)
            found = await tokens.find(now=now)
            if found is not None and found.is_valid and found.sealed_value is not None:
                value = self._seal.open(bytes(found.sealed_value), workspace=self._workspace)
                return _Known(value, found.lease, now + _TRUSTED)
            lease = None if found is not None and found.is_leased else await tokens.lease(now=now, until=now + _LEASE)
            if lease is None:
                return None
            await self._read_secrets(AccountRepository(tx))
        return await self._fetch(name, fetch, lease)

    async def _fetch(self, name: str, fetch: Fetch, lease: int) -> _Known:
        try:
            token = await fetch()
        except BaseException:
            async with self._database.transaction(self._workspace) as tx:
                await TokenRepository(tx, self._account_id, name).release(lease)
            raise
        now = self._clock()
        lasts = timedelta(seconds=token.lasts_s)
        sealed = self._seal.close(token.value, workspace=self._workspace)
        async with self._database.transaction(self._workspace) as tx:
            await TokenRepository(tx, self._account_id, name).put(
                lease, sealed_value=sealed, expires_at=now + lasts - min(lasts / 10, _EARLY)
            )
        return _Known(token.value, lease, now + min(lasts / 2, _TRUSTED))

    async def _read_secrets(self, accounts: AccountRepository) -> None:
        """Another worker may have been given a new one, such as a refresh token that is used once."""
        row = await accounts.find_secrets(self._account_id)
        if row is not None:
            self._live.update(secrets.open_all(self._seal, row["sealed_secrets"], workspace=self._workspace))
