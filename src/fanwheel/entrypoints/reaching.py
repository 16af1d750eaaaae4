"""What a worker does so that people are reached and heard."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, Self

from fanwheel.cdp import scores
from fanwheel.cdp.events import relaying
from fanwheel.cdp.events.writer import Writer
from fanwheel.domains.private.channels import accounts, inbound
from fanwheel.entrypoints import deciding, posting
from fanwheel.entrypoints.libraries import media_loader
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import broadcasts, conversations, links
from fanwheel.loop.operate.autoreply import learner
from fanwheel.loop.operate.receiving import Receiver

_RECEIVE_SECONDS: Final = 0.1
_RELAY_SECONDS: Final = 0.2
# While nobody writes and nothing is sent these look less often: an idle product costs next to nothing.
_QUIET_RECEIVE_SECONDS: Final = 0.3
_QUIET_RELAY_SECONDS: Final = 1.0
_LIVELY_SECONDS: Final = 5.0
_SETTLE_SECONDS: Final = 1.0
_BROADCAST_SECONDS: Final = 1.0
_LEARN_SECONDS: Final = 2.0
_CHASE_SECONDS: Final = 5.0
_FOLLOW_UP_SECONDS: Final = 60.0
_DECIDE_SECONDS: Final = 60.0
_TIDY_SECONDS: Final = 60.0
_WAKE_SECONDS: Final = 1.0

Step = Callable[[], Awaitable[bool]]


class _Watch:
    """Looks as often as it is asked to while there is something to do, and seldom while there is not."""

    def __init__(self, step: Step, *, quiet_s: float) -> None:
        self._step, self._quiet_s = step, quiet_s
        self._lively_until = self._again_at = float("-inf")

    async def look(self) -> bool:
        """Whether there was something to do."""
        now = monotonic()
        if now < self._again_at:
            return False
        found = await self._step()
        if found:
            self._lively_until = monotonic() + _LIVELY_SECONDS
        self._again_at = now if now < self._lively_until else now + self._quiet_s
        return found


class Reach:
    """The steps, and what they share."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._writer = Writer(database.dsn, limit_bytes=settings.ingest_queue_mb * 1024 * 1024, in_flight=1)
        self._receiver = Receiver(settings, database)
        self.opener = accounts.Opener(settings, database, load_media=media_loader(settings, database))
        self.sender = posting.make_sender(settings, database, self.opener)
        self._follower = posting.make_follower(settings, database, self.opener)

    async def __aenter__(self) -> Self:
        await self._writer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.opener.close()
        await self._writer.stop()

    def steps(self) -> list[tuple[float, Step]]:
        """Each step with the seconds that it rests when it found nothing to do."""
        return [
            (_RECEIVE_SECONDS, _Watch(self._receiver.run_once, quiet_s=_QUIET_RECEIVE_SECONDS).look),
            (_RELAY_SECONDS, _Watch(self.relay_facts, quiet_s=_QUIET_RELAY_SECONDS).look),
            (_SETTLE_SECONDS, self.settle_links),
            (_BROADCAST_SECONDS, self.go_on_with_broadcasts),
            (_LEARN_SECONDS, self.learn_examples),
            (_CHASE_SECONDS, self._receiver.chase),
            (_FOLLOW_UP_SECONDS, self.follow_up),
            (_DECIDE_SECONDS, self.decide_tests),
            (_TIDY_SECONDS, self.tidy),
            (_WAKE_SECONDS, self.wake_conversations),
        ]

    async def relay_facts(self) -> bool:
        """Let facts become events; whether there were any."""
        found = [
            await relaying.relay(self._database, self._writer, workspace, now=utc_now())
            for workspace in await outbox.list_workspaces(self._database)
        ]
        return any(found)

    async def settle_links(self) -> bool:
        """Decide whose visits to links were a machine's, and tell of them."""
        return await links.settle(self._database, now=utc_now())

    async def go_on_with_broadcasts(self) -> bool:
        """Hand the next people of broadcasts to the send path."""
        return await broadcasts.run_once(self._database, utc_now)

    async def learn_examples(self) -> bool:
        """Learn what the example sentences of auto-replies mean, where they are new."""
        return await learner.run_once(self._database)

    async def decide_tests(self) -> bool:
        """Let the rest of a broadcast hear the variant that has won."""
        return await deciding.decide_tests(self._database, now=utc_now())

    async def follow_up(self) -> bool:
        """Ask what became of messages that wait for staff."""
        for workspace in await scores.list_workspaces(self._database):
            await self._follower.follow_up(workspace)
        return False

    async def wake_conversations(self) -> bool:
        """Open conversations again that were snoozed until now."""
        return await conversations.wake_due(self._database, now=utc_now())

    async def tidy(self) -> bool:
        """Let go of what came in and was handled long ago."""
        for workspace in await scores.list_workspaces(self._database):
            async with self._database.transaction(workspace) as tx:
                await inbound.tidy(tx, now=utc_now())
        return False
