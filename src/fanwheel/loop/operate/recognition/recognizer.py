"""The recognizer: asks platforms who newcomers are, outside any transaction, and tells once what it learned."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from fanwheel.domains.private.channels.abilities import Recognizes
from fanwheel.domains.private.channels.accounts.errors import AccountNotFoundError
from fanwheel.domains.private.channels.adapter import Adapter
from fanwheel.domains.private.channels.contracts import Address
from fanwheel.domains.private.channels.errors import SendError
from fanwheel.infra.postgres import Database, DatabaseDownError
from fanwheel.kernel.clock import Clock, utc_now
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.recognition import rules, service
from fanwheel.loop.operate.recognition.contracts import Outcome, Question
from fanwheel.loop.operate.recognition.repository import RecognitionRepository

_log: Final = structlog.get_logger()
# So many questions take a minute and a half at the worst: less than the lease, after which somebody else asks.
_MOST: Final = 32
_TOGETHER: Final = 8
_ANSWER_S: Final = 20.0
_LEASE: Final = timedelta(minutes=2)
_ACCOUNTS: Final = 8

# Gives an account of a workspace, open.
OpenAccount = Callable[[int, int], Awaitable[Adapter]]


class Recognizer:
    """Asks about newcomers, some of each account at a time; one for a process."""

    def __init__(self, database: Database, open_account: OpenAccount, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._open = open_account
        self._clock = clock
        self._room = asyncio.Semaphore(_ACCOUNTS)

    async def run_once(self) -> bool:
        """Ask about some who are due; whether there were any."""
        async with self._database.installation() as tx:
            work = await RecognitionRepository(tx).list_work()
        found = await asyncio.gather(*(self._take_turn(*place) for place in work), return_exceptions=True)
        for each in found:
            if isinstance(each, BaseException):
                raise each
        return any(found)

    async def recognize(self, workspace: int, account_id: int) -> int:
        """Ask about some of an account's newcomers who are due; how many.

        Whoever dies before the end has asked for nothing: they are asked about again once the lease is over, and what
        is learned is told in the transaction that lets go of them.
        """
        now = self._clock()
        async with self._database.transaction(workspace) as tx:
            questions = await RecognitionRepository(tx).claim(account_id, now=now, until=now + _LEASE, most=_MOST)
        if not questions:
            return 0
        turn = _Turn(account_id, self._clock)
        outcomes = await turn.take(lambda: self._open(workspace, account_id), questions)
        async with self._database.transaction(workspace) as tx:
            await service.settle(tx, account_id, outcomes, rest_until=turn.rest_until)
        return len(questions)

    async def _take_turn(self, workspace: int, account_id: int) -> int:
        async with self._room:
            return await self.recognize(workspace, account_id)


class _Turn:
    """Questions to one account's platform; once it is away or asks for less, the rest of them wait as well."""

    def __init__(self, account_id: int, clock: Clock) -> None:
        self._account_id = account_id
        self._clock = clock
        self._room = asyncio.Semaphore(_TOGETHER)
        self.rest_until: datetime | None = None

    async def take(
        self, open_account: Callable[[], Awaitable[Adapter]], questions: Sequence[Question]
    ) -> list[Outcome]:
        """What came of each question."""
        try:
            adapter = await open_account()
        except DatabaseDownError:
            raise
        except AccountNotFoundError:
            return [Outcome(question) for question in questions]
        except FanwheelError as error:
            self._rest(error)
            return [self._postponed(question) for question in questions]
        if not isinstance(adapter, Recognizes):
            return [Outcome(question) for question in questions]
        return await asyncio.gather(*(self._ask(adapter, question) for question in questions))

    async def _ask(self, adapter: Recognizes, question: Question) -> Outcome:
        if question.kind is None or question.value is None or question.attempts > rules.MOST_ATTEMPTS:
            return Outcome(question)
        async with self._room:
            if self.rest_until is not None:
                unasked = question._replace(attempts=question.attempts - 1)
                return Outcome(unasked, next_at=self.rest_until)
            try:
                async with asyncio.timeout(_ANSWER_S):
                    return Outcome(question, await adapter.recognize(Address(question.kind, question.value)))
            except SendError as error:
                return self._failed(question, error)
            except TimeoutError as error:
                self._rest(error)
                return self._postponed(question)
            except Exception:  # noqa: BLE001 - a package of somebody else's: the others are asked about all the same
                _log.exception("asking who somebody is failed", account=self._account_id)
                return self._postponed(question)

    def _failed(self, question: Question, error: SendError) -> Outcome:
        if error.is_final:
            _log.info(
                "the platform does not say who somebody is",
                account=self._account_id,
                error=type(error).__name__,
                platform_code=error.platform_code,
            )
            return Outcome(question)
        self._rest(error, error.retry_after_s)
        return self._postponed(question, error.retry_after_s)

    def _postponed(self, question: Question, retry_after_s: float | None = None) -> Outcome:
        wait = rules.wait(question.attempts, retry_after_s)
        return Outcome(question, next_at=None if wait is None else self._clock() + wait)

    def _rest(self, error: Exception, retry_after_s: float | None = None) -> None:
        """Let the platform be for a moment, whomever it is about; each question's own waits grow beyond it."""
        until = self._clock() + rules.rest(retry_after_s)
        if self.rest_until is None:
            _log.warning("nobody can be recognized for a while", account=self._account_id, error=type(error).__name__)
        self.rest_until = until if self.rest_until is None else max(self.rest_until, until)
