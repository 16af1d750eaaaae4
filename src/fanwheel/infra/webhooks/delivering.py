"""Delivering: what is due is sent, and sent again later until it is taken, at least once and under one id."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from fanwheel.infra.postgres import Database
from fanwheel.infra.sealing import BadSecretKeyError, Seal
from fanwheel.infra.settings import Settings
from fanwheel.infra.webhooks import rules
from fanwheel.infra.webhooks.contracts import Due, Outcome
from fanwheel.infra.webhooks.repository import WebhookRepository
from fanwheel.kernel.clock import Clock

if TYPE_CHECKING:
    import httpx

_AT_ONCE: Final = 16
_TIMEOUT_S: Final = 15.0
# After that somebody else may try: the worker that had the message is gone.
_LEASE: Final = timedelta(seconds=60)
_LONGEST_ERROR: Final = 300


class Courier:
    """Sends the messages of every workspace; any number of workers may run one."""

    def __init__(self, settings: Settings, *, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._client: httpx.AsyncClient | None = None
        self._seal: Seal | None = None

    async def run_once(self, db: Database, workspace: int) -> int:
        """Send what is due of one workspace, some of it at a time; how much that was."""
        now = self._clock()
        async with db.transaction(workspace) as tx:
            due = await WebhookRepository(tx).claim(now=now, until=now + _LEASE, most=_AT_ONCE)
        await asyncio.gather(*(self._deliver(db, workspace, each) for each in due))
        return len(due)

    async def close(self) -> None:
        """Give connections back."""
        if self._client is not None:
            await self._client.aclose()

    async def _deliver(self, db: Database, workspace: int, due: Due) -> None:
        outcome = await self._send(workspace, due)
        now = self._clock()
        next_at = None if outcome.is_taken else rules.next_attempt(due.attempts, now=now, topic=due.topic)
        state = "delivered" if outcome.is_taken else ("failed" if next_at is None else "waiting")
        async with db.transaction(workspace) as tx:
            webhooks = WebhookRepository(tx)
            await webhooks.settle(
                due.message_id, state=state, status=outcome.status, error=outcome.error, next_at=next_at
            )
            if outcome.status == rules.GONE:
                await webhooks.switch_off(due.webhook_id, error="The address answered 410: it is gone.")

    async def _send(self, workspace: int, due: Due) -> Outcome:
        import httpx

        try:
            secret = self._open(due.sealed_secret, workspace)
            body = due.body.encode()
            signed = rules.sign(secret, message_id=f"msg_{workspace}_{due.message_id}", at=self._clock(), body=body)
            headers = {"Content-Type": "application/json", "User-Agent": "fanwheel", **signed}
            # Only the status is read: an answer may be of any size.
            async with self._http().stream("POST", due.url, content=body, headers=headers) as answer:
                taken = 200 <= answer.status_code < 300
                return Outcome(answer.status_code, None if taken else f"answered {answer.status_code}")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            return Outcome(None, f"{type(error).__name__}: {error}"[:_LONGEST_ERROR])
        except BadSecretKeyError as error:
            return Outcome(None, error.message)

    def _http(self) -> "httpx.AsyncClient":
        if self._client is None:
            from fanwheel.infra.http import outside

            # Owners name these addresses, and may have programs of theirs inside told.
            self._client = outside.client(timeout_s=_TIMEOUT_S, is_inside_allowed=True)
        return self._client

    def _open(self, sealed: bytes, workspace: int) -> str:
        if self._seal is None:
            self._seal = Seal(self._settings, "webhooks")
        return self._seal.open(sealed, workspace=workspace)
