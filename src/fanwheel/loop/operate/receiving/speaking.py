"""Speaking: what rules answer to a callback is said in the callback's own answer, where that can be in time."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import structlog

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import inbound
from fanwheel.domains.private.channels.contracts import Answer
from fanwheel.domains.private.channels.inbound import Call, Left
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import Clock
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.receiving import handling, meeting

_log: Final = structlog.get_logger()
# WeChat waits five seconds; what is not worded by then goes the ordinary way.
_LIMIT_S: Final = 3.0
_TOGETHER: Final = 50
# More than this could not be worded in time.
_MOST_WAITING: Final = 200


class _Asked(NamedTuple):
    call: Call
    found: asyncio.Future["_Spoken | None"]


class _Spoken:
    """Something that is said in an answer."""

    def __init__(self, callbacks: reach.Callbacks, worded: reach.Worded) -> None:
        self._callbacks, self._worded = callbacks, worded
        self.answer: Answer = worded.answer

    async def begin(self) -> bool:
        """Note that it is about to leave; whether it still may."""
        return await self._callbacks.begin(self._worded)

    async def end(self, left: Left) -> None:
        """Note what became of it."""
        await self._callbacks.end(self._worded, left)


class Speaking:
    """Handles at once what callbacks brought; those that come together are handled together. One for a process."""

    def __init__(
        self, database: Database, callbacks: reach.Callbacks, *, hasher: consent.AddressHasher, clock: Clock
    ) -> None:
        self._database = database
        self._callbacks = callbacks
        self._hasher = hasher
        self._clock = clock
        self._asked: defaultdict[int, list[_Asked]] = defaultdict(list)
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def speak(self, call: Call) -> _Spoken | None:
        """What is said in the answer to a callback; None where it is nothing, or does not fit, or takes too long."""
        asked = _Asked(call, asyncio.get_running_loop().create_future())
        self._asked[call.workspace].append(asked)
        task = self._tasks.get(call.workspace)
        if task is None or task.done():
            self._tasks[call.workspace] = asyncio.create_task(self._work(call.workspace))
        try:
            async with asyncio.timeout(_LIMIT_S):
                return await asked.found
        except TimeoutError:
            return None

    async def _work(self, workspace: int) -> None:
        """Handle what is asked, and what is asked meanwhile."""
        while waiting := self._asked.pop(workspace, []):
            asked, left = waiting[:_TOGETHER], waiting[_MOST_WAITING:]
            if later := waiting[_TOGETHER:_MOST_WAITING]:
                self._asked[workspace] = later + self._asked[workspace]
            spoken: dict[tuple[int, str], _Spoken] = {}
            try:
                spoken = await self._handle(workspace, [each.call for each in asked if not each.found.done()])
            except Exception as error:  # noqa: BLE001 - the worker finds what is wrong with which of them
                _log.warning("callbacks are left to the worker", error=type(error).__name__)
                left = asked + left
            await self._leave(workspace, left)
            for each in {id(each): each for each in (*asked, *left)}.values():
                await self._give(each, spoken.pop((each.call.account_id, each.call.key), None))

    async def _give(self, asked: _Asked, spoken: _Spoken | None) -> None:
        """Hand over what is said; who has gone meanwhile is answered by the sender."""
        if not asked.found.done():
            asked.found.set_result(spoken)
        elif spoken is not None:
            with suppress(Exception):  # its lease runs out
                await spoken.end("unsent")

    async def _handle(self, workspace: int, calls: Sequence[Call]) -> dict[tuple[int, str], _Spoken]:
        """Take in what they brought, and claim what is answered; by account and key."""
        if not calls:
            return {}
        by_place = {(call.account_id, call.key): call for call in calls}
        now = self._clock()
        async with self._database.transaction(workspace) as tx:
            waiting = await inbound.claim_for_callbacks(tx, sorted(by_place))
            if not waiting:
                return {}
            arrivals = await meeting.meet(tx, waiting)
            answers = await handling.handle(tx, arrivals, hasher=self._hasher, now=now)
            await inbound.settle(tx, [each.inbound_id for each in waiting], now=now)
            found: dict[tuple[int, str], _Spoken] = {}
            for account_id in sorted({arrival.account_id for arrival in arrivals}):
                own = {
                    answers[each.inbound_id]: by_place[account_id, inbound.key_of(each.happening)]
                    for each in arrivals
                    if each.account_id == account_id and each.inbound_id in answers
                }
                if own:
                    opened = next(iter(own.values())).opened
                    to_say = reach.Opened(opened.adapter, opened.row.settings)
                    words = {intent: call.word for intent, call in own.items()}
                    for intent, worded in (await self._callbacks.claim(tx, to_say, account_id, words)).items():
                        found[account_id, own[intent].key] = _Spoken(self._callbacks, worded)
        return found

    async def _leave(self, workspace: int, asked: Sequence[_Asked]) -> None:
        """Let the worker have at once what is not handled here."""
        if not asked:
            return
        with suppress(Exception):  # it has it soon in any case
            async with self._database.transaction(workspace) as tx:
                await inbound.release(tx, sorted({(each.call.account_id, each.call.key) for each in asked}))
