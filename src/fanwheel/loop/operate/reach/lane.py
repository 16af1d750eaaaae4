"""A lane: all that goes out through one account, apart from every other, so that a slow platform delays nobody else."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import accounts, errors
from fanwheel.domains.private.channels.abilities import SendsTogether
from fanwheel.domains.private.channels.contracts import Sent
from fanwheel.infra.postgres import Database, DatabaseDownError, Transaction
from fanwheel.kernel.clock import Clock
from fanwheel.loop.operate.reach import calling, gating, settling
from fanwheel.loop.operate.reach.calling import TIMEOUT_S, Call, Claimed, Made
from fanwheel.loop.operate.reach.contracts import BROADCAST, SERVICE, Opened
from fanwheel.loop.operate.reach.portion import Clerk
from fanwheel.loop.operate.reach.rules import retrying
from fanwheel.loop.operate.reach.sending_repository import SenderRow, SendingRepository
from fanwheel.loop.operate.reach.settling import Account, Answer

_log: Final = structlog.get_logger()
PORTION: Final = 250
_URGENT: Final = 50
# Long enough that an answer which comes at the last moment is still written down by who asked.
_SENDING_LEASE: Final = timedelta(seconds=TIMEOUT_S + 15)
_GATHER_S: Final = 0.004
# So much of what may leave in a second is claimed ahead at a slow pace.
_AHEAD_S: Final = 10.0
# Where many leave in one call, more is waited for as long as more keeps coming.
_MORE_S: Final = 0.5
_RETRY_S: Final = 0.5
_SWEEP: Final = timedelta(seconds=5)


class Lane:
    """Sends what is due of one account until nothing is, or until it must rest."""

    def __init__(
        self,
        db: Database,
        clerk: Clerk,
        hasher: consent.AddressHasher,
        *,
        workspace: int,
        account_id: int,
        reopen: Callable[[], Awaitable[Opened]],
        clock: Clock,
    ) -> None:
        self._db = db
        self._clerk = clerk
        self._hasher = hasher
        self._workspace = workspace
        self._account_id = account_id
        self._reopen = reopen
        self._clock = clock
        self._queue: deque[Claimed] = deque()
        self._flying: set[asyncio.Task[Made]] = set()
        self._claiming: asyncio.Task[int] | None = None
        self._claimed_at = 0.0
        self._health = _Health()
        self._begun = self._swept = clock()
        self._is_urgent = False
        self.sent = 0

    def hurry(self) -> None:
        """Somebody may wait for an answer: what is urgent goes before what was claimed already."""
        self._is_urgent = True

    async def run(self, opened: Opened, stop: asyncio.Event) -> None:
        """Work until nothing is due; what has begun is finished and what has not is given back."""
        async with self._db.transaction(self._workspace) as tx:
            row = await SendingRepository(tx).get(self._account_id)
            if row.is_mended:
                await SendingRepository(tx).resume(self._account_id)
                row = await SendingRepository(tx).get(self._account_id)
            account = Account(self._account_id, _when_unclear(opened, row))
            await settling.find_lost(tx, account, now=self._clock())
        self._health = _Health(row.failures)
        per_second = row.per_second or opened.adapter.about.per_second
        is_resting = row.broken_until is not None and row.broken_until > self._clock()
        # What was left behind is put right all the same.
        if row.is_off or row.paused_at is not None or is_resting:
            return
        try:
            await self._go(opened, row, account, per_second=per_second, stop=stop)
        finally:
            self._begun = self._clock()
            if self._claiming is not None:
                # What it brings is given back; where it failed there is nothing.
                await asyncio.gather(self._claiming, return_exceptions=True)
            await self._close(account)

    async def _go(
        self, opened: Opened, row: SenderRow, account: Account, *, per_second: float | None, stop: asyncio.Event
    ) -> None:
        ahead = PORTION if per_second is None else max(1, min(PORTION, int(per_second * _AHEAD_S)))
        while not stop.is_set() and not self._health.must_rest:
            if self._is_urgent and self._queue:
                self._is_urgent = False
                await self._claim(opened, _URGENT, least=SERVICE)
            if not self._queue:
                if not await self._refill(opened, ahead) and not self._flying:
                    return
            elif self._is_low(opened, ahead):
                self._claiming = asyncio.create_task(self._claim(opened, ahead))
            await self._step(opened, account, at_once=row.at_once, per_second=per_second)
            if self._clock() - self._swept > _SWEEP and not await self._sweep(opened, row, account):
                return

    async def _sweep(self, opened: Opened, row: SenderRow, account: Account) -> bool:
        """Put right what another sender may have left behind; whether the account still sends as it did.

        Where it does not, another lane begins anew: the old one would use what was withdrawn, or is about to be closed.
        """
        self._swept = now = self._clock()
        async with self._db.transaction(self._workspace) as tx:
            await settling.find_lost(tx, account, now=now)
            fresh = await SendingRepository(tx).get(self._account_id)
        is_resting = fresh.broken_until is not None and fresh.broken_until > now
        return not is_resting and _way(fresh) == _way(row) and (await self._reopen()).adapter is opened.adapter

    def _is_low(self, opened: Opened, ahead: int) -> bool:
        """Whether the next portion is to be claimed while this one leaves; at a slow pace that would be too early."""
        if isinstance(opened.adapter, SendsTogether) or len(self._queue) > ahead // 2:
            return False
        if self._health.is_on_trial:
            return False
        # One that is under way brings more; one that found nothing need not be asked again before all has left.
        if self._claiming is not None and not (self._claiming.done() and self._claiming.result()):
            return False
        return asyncio.get_running_loop().time() - self._claimed_at < _AHEAD_S / 2

    async def _refill(self, opened: Opened, ahead: int) -> int:
        """Claim what is due; how many intents the gate saw."""
        if self._claiming is not None:
            claiming, self._claiming = self._claiming, None
            if found := await claiming:
                return found
        # After a run of failures one message tries whether the platform is well again.
        if self._health.is_on_trial:
            return await self._claim(opened, 1)
        if isinstance(opened.adapter, SendsTogether):
            return await self._gather(opened, ahead, most=opened.adapter.most_together)
        return await self._claim(opened, ahead)

    async def _gather(self, opened: Opened, ahead: int, *, most: int) -> int:
        """Claim portion after portion until there is enough for one call, or no more comes."""
        found, is_last = 0, False
        until = asyncio.get_running_loop().time() + _AHEAD_S
        while len(self._queue) < most and not self._is_urgent and asyncio.get_running_loop().time() < until:
            fresh = await self._claim(opened, ahead)
            found += fresh
            if not fresh:
                if is_last or not any(each.ready.item.may_share for each in self._queue):
                    break
                await asyncio.sleep(_MORE_S)
            is_last = not fresh
        self._queue = calling.arrange(self._queue)
        return found

    async def _claim(self, opened: Opened, most: int, *, least: int = BROADCAST) -> int:
        claim_id = uuid4()
        async with self._db.transaction(self._workspace) as tx:
            batch = await gating.claim(
                tx,
                self._clerk,
                opened,
                account_id=self._account_id,
                claim_id=claim_id,
                now=self._clock(),
                most=most,
                least=least,
            )
        fresh = [Claimed(claim_id, ready) for ready in batch.ready]
        # What is urgent goes before what was claimed already, and the rest behind it.
        self._queue = deque([*fresh, *self._queue] if least > BROADCAST else [*self._queue, *fresh])
        self._claimed_at = asyncio.get_running_loop().time()
        return batch.looked_at

    async def _step(self, opened: Opened, account: Account, *, at_once: int, per_second: float | None) -> None:
        """Write down what was answered, and let the next messages leave."""
        done = [task for task in self._flying if task.done()]
        calls = calling.take(self._queue, opened.adapter, at_once - len(self._flying) + len(done))
        given, rest_s = await self._write(account, done, calls=calls, per_second=per_second)
        for call in given:
            made = calling.make(opened.adapter, call, account_id=self._account_id, clock=self._clock)
            self._flying.add(asyncio.create_task(made))
        if self._flying:
            await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED, timeout=rest_s)
            await asyncio.sleep(_GATHER_S)
        elif rest_s is not None:
            await asyncio.sleep(rest_s)

    async def _write(
        self, account: Account, done: Sequence[asyncio.Task[Made]], *, calls: Sequence[Call], per_second: float | None
    ) -> tuple[list[Call], float | None]:
        """One transaction: answers are settled, and requests noted before they leave; those that may."""
        if not done and not calls:
            return [], None
        now, rest_s, may_leave = self._clock(), None, len(calls)
        try:
            async with self._db.transaction(self._workspace) as tx:
                await self._settle(tx, account, [task.result() for task in done], now=now)
                if per_second is not None and calls:
                    sending = SendingRepository(tx)
                    may_leave = await sending.take_tokens(
                        self._account_id, per_second=per_second, want=len(calls), now=now
                    )
                    rest_s = 1 / per_second if may_leave < len(calls) else None
                given = await self._mark(tx, calls[:may_leave], now=now)
        except BaseException:
            calling.put_back(self._queue, calls)
            raise
        calling.put_back(self._queue, calls[may_leave:])
        self._flying.difference_update(done)
        return given, rest_s

    async def _settle(self, tx: Transaction, account: Account, done: Sequence[Made], *, now: datetime) -> None:
        by_claim: defaultdict[UUID, list[Answer]] = defaultdict(list)
        for claim_id, answer in (each for made in done for each in made.answers):
            by_claim[claim_id].append(answer)
        for claim_id, answers in by_claim.items():
            await settling.settle(tx, account, answers, claim_id=claim_id, hasher=self._hasher, now=now)
            self.sent += sum(isinstance(answer.outcome, Sent) for answer in answers)
        if self._health.take([answer for made in done for answer in made.reasons()], now=now):
            await SendingRepository(tx).note_health(
                self._account_id,
                failures=self._health.failures,
                broken_until=self._health.broken_until,
                paused=self._health.paused,
                now=now,
            )
            if self._health.paused is not None:
                await accounts.note_error(tx, self._account_id, self._health.paused)

    async def _mark(self, tx: Transaction, calls: Sequence[Call], *, now: datetime) -> list[Call]:
        """The calls that may leave; messages whose lease is over are left to others."""
        by_claim: defaultdict[UUID, list[int]] = defaultdict(list)
        for each in (each for call in calls for each in call.messages):
            by_claim[each.claim_id].append(each.ready.item.intent_id)
        may: set[int] = set()
        for claim_id, intents in by_claim.items():
            may |= await SendingRepository(tx).mark(intents, claim_id=claim_id, now=now, until=now + _SENDING_LEASE)
        left = [[each for each in call.messages if each.ready.item.intent_id in may] for call in calls]
        return [call._replace(messages=some) for call, some in zip(calls, left, strict=True) if some]

    async def _close(self, account: Account) -> None:
        """Give back what has not begun, and write down what is still under way as it is answered."""
        queued: Sequence[Claimed] = self._queue
        self._queue = deque()
        while True:
            try:
                if queued:
                    await self._give_back(queued)
                    queued = ()
                if not self._flying:
                    return
                await asyncio.wait(self._flying, timeout=TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(_GATHER_S)
                done = [task for task in self._flying if task.done()]
                await self._write(account, done, calls=(), per_second=None)
            except DatabaseDownError:
                # Answers are not let go while there is hope to write them down.
                if not self._flying or self._clock() > self._begun + _SENDING_LEASE:
                    return
                await asyncio.sleep(_RETRY_S)

    async def _give_back(self, queued: Sequence[Claimed]) -> None:
        by_claim: defaultdict[UUID, list[int]] = defaultdict(list)
        for claim_id, ready in queued:
            by_claim[claim_id].append(ready.item.intent_id)
        async with self._db.transaction(self._workspace) as tx:
            for claim_id, intents in by_claim.items():
                await settling.give_back(tx, self._account_id, intents, claim_id=claim_id)


class _Health:
    """How an account fares, from the answers it gets."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.broken_until: datetime | None = None
        self.paused: str | None = None

    @property
    def must_rest(self) -> bool:
        """Whether nothing more may leave for now."""
        return self.broken_until is not None or self.paused is not None

    @property
    def is_on_trial(self) -> bool:
        """Whether it has failed so often that one message must try first."""
        return retrying.open_for(self.failures) is not None

    def take(self, answers: list[Answer], *, now: datetime) -> bool:
        """Learn from answers; whether that changed anything."""
        before = (self.failures, self.broken_until, self.paused)
        for answer in answers:
            self._learn(answer, now=now)
        rest = retrying.open_for(self.failures)
        if rest is not None and self.failures > before[0]:
            self._rest_until(now + rest)
        return (self.failures, self.broken_until, self.paused) != before

    def _learn(self, answer: Answer, *, now: datetime) -> None:
        error = answer.outcome
        if isinstance(error, Sent):
            self.failures = 0
        elif isinstance(error, errors.BadAccountError):
            self.paused = error.message[:300]
        elif isinstance(error, errors.ThrottledError | errors.QuotaUsedUpError):
            self._rest_until(now + timedelta(seconds=error.retry_after_s or 1.0))
        elif retrying.is_trouble(error):
            self.failures += 1

    def _rest_until(self, until: datetime) -> None:
        self.broken_until = until if self.broken_until is None else max(self.broken_until, until)


def _way(row: SenderRow) -> tuple[object, ...]:
    return row.when_unclear, row.per_second, row.at_once, row.paused_at, row.is_off


def _when_unclear(opened: Opened, row: SenderRow) -> retrying.WhenUnclear:
    """Where the platform knows our keys, sending again is the same as sending once."""
    return "twice" if "idempotent" in opened.adapter.about.capabilities else row.when_unclear
