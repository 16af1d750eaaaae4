"""A worker that sends, in a process of its own that can be killed at any moment."""

import asyncio
import sys
from pathlib import Path

import httpx
from tests.support.reach import ACCOUNT, Accounts, _write_nothing, adapter_kind

from fanwheel.cdp import consent
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import reach


async def main(dsn: str, url: str, home: str) -> None:
    """Send until killed."""
    async with await Database.open(dsn, max_size=4) as db, httpx.AsyncClient(timeout=2, trust_env=False) as http:
        accounts = Accounts()
        accounts.opened[ACCOUNT] = reach.Opened(adapter_kind()(url, http), {})
        hasher = consent.AddressHasher(Settings(home=Path(home)))
        await reach.Sender(db, accounts, _write_nothing, hasher=hasher, clock=utc_now).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
