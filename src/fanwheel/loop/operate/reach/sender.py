"""The sender: finds accounts that have something to send, and gives each a lane of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar, Final

import psycopg
import structlog

from fanwheel.cdp import consent
from fanwheel.infra.postgres import Database, DatabaseDownError
from fanwheel.infra.postgres.pool import dsn_for_role
from fanwheel.kernel.clock import Clock
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.reach.contracts import Accounts, Write
from fanwheel.loop.operate.reach.lane import Lane
from fanwheel.loop.operate.reach.portion import Clerk
from fanwheel.loop.operate.reach.sending_repository import SendingRepository

_log: Final = structlog.get_logger()
CHANNEL: Final = "fanwheel_reach"
_LOOK_S: Final = 1.0
_RETRY_S: Final = 2.0
# An account that cannot be opened is tried again so seldom.
_LOCKED_S: Final = 10.0


class Sender:
    """Sends for every workspace; any number of workers may run one."""

    channel: ClassVar[str] = CHANNEL

    def __init__(
        self,
        db: Database,
        accounts: Accounts,
        write: Write,
        *,
        hasher: consent.AddressHasher,
        clock: Clock,
        listens: bool = True,
    ) -> None:
        self._db = db
        self._accounts = accounts
        self._clerk = Clerk(hasher, write)
        self._hasher = hasher
        self._clock = clock
        self._lanes: dict[tuple[int, int], Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._locked: dict[tuple[int, int], float] = {}
        self._woken = asyncio.Event()
        self._listens = listens  # else somebody else hears when something is wished, and wakes it

    def wake(self) -> None:
        """Something may be to be sent."""
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set; what is under way then is finished, and the rest is given back."""
        async with self._listening(stop):
            while not stop.is_set():
                self._woken.clear()
                pause = _LOOK_S
                try:
                    await self.look(stop)
                except DatabaseDownError:
                    pause = _RETRY_S
                except Exception:  # noqa: BLE001 - whatever it is, the next look may be better
                    _log.exception("looking for what is to be sent failed; trying again")
                    pause = _RETRY_S
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), pause)
        await asyncio.gather(*self._tasks)

    async def look(self, stop: asyncio.Event) -> None:
        """Begin a lane for every account that has something to send and none yet."""
        async with self._db.installation() as tx:
            work = await SendingRepository(tx).list_work(now=self._clock())
        now = asyncio.get_running_loop().time()
        for place in work:
            if place in self._lanes:
                self._lanes[place].hurry()
            elif self._locked.get(place, 0.0) <= now:
                self._lanes[place] = self._lane(*place)
                task = asyncio.create_task(self._run(self._lanes[place], place, stop))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Send all that is due now, and come back when it is done."""
        stop = asyncio.Event()
        await self.look(stop)
        while self._tasks:
            await asyncio.gather(*self._tasks)
            await self.look(stop)

    def _lane(self, workspace: int, account_id: int) -> Lane:
        return Lane(
            self._db,
            self._clerk,
            self._hasher,
            workspace=workspace,
            account_id=account_id,
            reopen=lambda: self._accounts.open(workspace, account_id),
            clock=self._clock,
        )

    async def _run(self, lane: Lane, place: tuple[int, int], stop: asyncio.Event) -> None:
        workspace, account_id = place
        try:
            opened = await self._accounts.open(workspace, account_id)
            await lane.run(opened, stop)
        except DatabaseDownError:
            _log.warning("the database is down; sending goes on when it is back", account=account_id)
        except FanwheelError as error:
            self._lock(place)
            _log.warning("an account cannot be opened", account=account_id, code=error.code)
        except Exception:  # noqa: BLE001 - one account that fails must not stop the others
            self._lock(place)
            _log.exception("a lane failed; trying again", account=account_id)
        finally:
            del self._lanes[place]
            self._woken.set()

    def _lock(self, place: tuple[int, int]) -> None:
        self._locked[place] = asyncio.get_running_loop().time() + _LOCKED_S

    @asynccontextmanager
    async def _listening(self, stop: asyncio.Event) -> AsyncIterator[None]:
        """Wake as soon as somebody wishes something, or it is time to stop."""
        tasks = [asyncio.create_task(self._wake_at_the_end(stop))]
        if self._listens:
            tasks.append(asyncio.create_task(self._listen()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        dsn = dsn_for_role(self._db.dsn, "fanwheel_app")
        while True:
            with suppress(psycopg.OperationalError):
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}".encode())
                    async for _ in conn.notifies():
                        self._woken.set()
            await asyncio.sleep(_RETRY_S)

    async def _wake_at_the_end(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()
