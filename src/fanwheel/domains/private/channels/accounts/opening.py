"""Opening accounts: an adapter for each, kept as long as the account stays as it is."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, NamedTuple

from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.accounts import secrets
from fanwheel.domains.private.channels.accounts.contracts import AccountRow
from fanwheel.domains.private.channels.accounts.errors import AccountNotFoundError
from fanwheel.domains.private.channels.accounts.repository import AccountRepository
from fanwheel.domains.private.channels.accounts.tokens import TokenKeeper
from fanwheel.domains.private.channels.adapter import Account, Adapter, MediaFile, Tools
from fanwheel.domains.private.channels.notes import AccountNotes
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import Clock, utc_now

# How long an opened account is used before somebody looks whether it was changed.
_LOOK_S: Final = 1.0
_TIMEOUT_S: Final = 15.0

# A file of a workspace's media library.
LoadMedia = Callable[[int, int], Awaitable[MediaFile]]


class Opened(NamedTuple):
    """An account that is open, and as it is kept."""

    adapter: Adapter
    row: AccountRow
    tools: Tools
    looked_at: float


class Opener:
    """Opens accounts of any workspace; one for a process. ``load_media`` gives a file of a workspace by its number."""

    def __init__(
        self, settings: Settings, database: Database, *, load_media: LoadMedia | None = None, clock: Clock = utc_now
    ) -> None:
        self._settings = settings
        self._database = database
        self._load_media = load_media
        self._clock = clock
        self._seal = secrets.a_seal(settings)
        self._opened: dict[tuple[int, int], Opened] = {}
        self._turns: defaultdict[tuple[int, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, workspace: int, account_id: int) -> Adapter:
        """The adapter of an account: see ``look``."""
        return (await self.look(workspace, account_id)).adapter

    async def look(self, workspace: int, account_id: int) -> Opened:
        """An account as it is now, or was a second ago; ``row.is_active`` says whether anything may go out.

        Raises
        ------
        AccountNotFoundError
            If there is none, or it was deleted.
        UnknownChannelError, BadSecretKeyError
            If its channel is not installed, or its secrets cannot be opened.
        """
        place = (workspace, account_id)
        opened = self._opened.get(place)
        if opened is not None and monotonic() - opened.looked_at < _LOOK_S:
            return opened
        async with self._turns[place]:
            return await self._look(place)

    async def close(self) -> None:
        """Give back what all of them hold."""
        for opened in list(self._opened.values()):
            await _close(opened)
        self._opened.clear()

    async def _look(self, place: tuple[int, int]) -> Opened:
        workspace, account_id = place
        opened = self._opened.get(place)
        async with self._database.transaction(workspace) as tx:
            accounts = AccountRepository(tx)
            version = await accounts.find_version(account_id)
            if opened is not None and version == opened.row.version:
                self._opened[place] = opened._replace(looked_at=monotonic())
                return self._opened[place]
            rows = await accounts.list_accounts(one=account_id)
            kept = await accounts.find_secrets(account_id)
        if opened is not None:
            # Whoever is using it is done within the time that a call may take.
            asyncio.get_running_loop().call_later(_TIMEOUT_S * 2, lambda: asyncio.ensure_future(_close(opened)))
            del self._opened[place]
        if not rows or kept is None:
            raise AccountNotFoundError
        live = secrets.open_all(self._seal, kept["sealed_secrets"], workspace=workspace)
        made = self._make(workspace, rows[0], live)
        self._opened[place] = made
        return made

    def _make(self, workspace: int, row: AccountRow, live: dict[str, str]) -> Opened:
        from fanwheel.infra.http import outside

        keeper = TokenKeeper(
            self._database, self._seal, workspace=workspace, account_id=row.account_id, live=live, clock=self._clock
        )

        async def media(media_id: int) -> MediaFile:
            if self._load_media is None:
                raise LookupError("there is no media library here")
            return await self._load_media(workspace, media_id)

        # Only what a member of the workspace entered as an address may lead inside.
        trusted = [value for name, value in row.settings.items() if name.endswith("_url")]
        tools = Tools(
            http=outside.client(timeout_s=_TIMEOUT_S, trusted=trusted),
            clock=self._clock,
            token=keeper.token,
            forget=keeper.forget,
            media=media,
            keep=keeper.keep,
            notes=AccountNotes(
                self._database, self._seal, workspace=workspace, account_id=row.account_id, clock=self._clock
            ),
        )
        callback_url = f"{self._settings.url}/hooks/{row.channel}/{row.key}"
        account = Account(row.account_id, row.key, row.settings, live, callback_url)
        return Opened(registry.find(row.channel)(account, tools), row, tools, monotonic())


async def _close(opened: Opened) -> None:
    await opened.adapter.close()
    await opened.tools.http.aclose()
