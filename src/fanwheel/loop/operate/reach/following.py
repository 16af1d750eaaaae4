"""Asking what became of messages of which platforms tell only when they are asked, such as tasks that staff confirm."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from fanwheel.cdp import consent
from fanwheel.domains.private.channels.abilities import FollowsUp
from fanwheel.domains.private.channels.contracts import Receipt
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database, DatabaseDownError, Transaction
from fanwheel.kernel.clock import Clock, utc_now
from fanwheel.loop.operate.reach.contracts import Accounts
from fanwheel.loop.operate.reach.receipts import take_receipts

_log: Final = structlog.get_logger()
_SQL: Final = sqlfile.load("fanwheel.loop.operate.reach", "following.sql")
_MOST: Final = 10_000
# A platform that has not told by then is asked again in the next round.
_PATIENCE_S: Final = 300.0
# Who has not confirmed by then will not.
_ASKED_FOR: Final = timedelta(days=7)
_BEGIN: Final = (0, 0)

Place = tuple[int, int]  # account, intent


class Follower:
    """Asks after what waits for staff, some of it at a time, and begins anew when it has asked after all."""

    def __init__(
        self, database: Database, accounts: Accounts, *, hasher: consent.AddressHasher, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._hasher = hasher
        self._clock = clock
        self._asked_up_to: dict[int, Place] = {}

    async def follow_up(self, workspace: int) -> int:
        """Ask after a portion of one workspace's messages; how many receipts came of it."""
        now = self._clock()
        async with self._database.transaction(workspace) as tx:
            rows = await self._list(tx, self._asked_up_to.get(workspace, _BEGIN), since=now - _ASKED_FOR)
        last = (rows[-1]["account_id"], rows[-1]["intent_id"]) if len(rows) == _MOST else _BEGIN
        self._asked_up_to[workspace] = last
        by_account: defaultdict[int, list[str]] = defaultdict(list)
        for row in rows:
            by_account[row["account_id"]].append(row["platform_id"])
        # All at once, so that a slow platform keeps no other waiting.
        asked = [self._ask(workspace, account, ids, now=now) for account, ids in by_account.items()]
        return sum(await asyncio.gather(*asked))

    async def _ask(self, workspace: int, account_id: int, platform_ids: Sequence[str], *, now: datetime) -> int:
        receipts: Sequence[Receipt] = ()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                opened = await self._accounts.open(workspace, account_id)
                if isinstance(opened.adapter, FollowsUp):
                    receipts = await opened.adapter.follow_up(platform_ids)
        except DatabaseDownError:
            raise
        except Exception as error:  # noqa: BLE001 - a channel is anybody's code, and others are to be asked as well
            # The account's page tells of it where it lasts; the next round asks again.
            _log.warning("messages could not be asked after", account=account_id, error=type(error).__name__)
        if not receipts:
            return 0
        async with self._database.transaction(workspace) as tx:
            return await take_receipts(tx, account_id=account_id, receipts=receipts, hasher=self._hasher, now=now)

    @staticmethod
    async def _list(tx: Transaction, after: Place, *, since: datetime) -> Sequence[dict[str, Any]]:
        return await tx.all(_SQL["list_tasks"], account_id=after[0], intent_id=after[1], since=since, most=_MOST)
