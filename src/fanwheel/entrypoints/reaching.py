"""What a worker does so that people are reached and heard."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Final, NamedTuple, Self

from fanwheel.cdp import scores
from fanwheel.cdp.events import relaying
from fanwheel.cdp.events.writer import Writer
from fanwheel.domains.private.channels import accounts, inbound
from fanwheel.entrypoints import deciding, posting
from fanwheel.entrypoints.libraries import media_loader
from fanwheel.entrypoints.steps import Step, cut_short, every
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.waking import Waking
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import autoreply, broadcasts, conversations, links, recognition
from fanwheel.loop.operate.autoreply import learner
from fanwheel.loop.operate.content import media
from fanwheel.loop.operate.receiving import Receiver

# What comes within so long is taken in together.
_GATHER_SECONDS: Final = 0.02
_RELAY_SECONDS: Final = 0.2
_SETTLE_SECONDS: Final = 1.0
_BROADCAST_SECONDS: Final = 1.0
_RECOGNIZE_SECONDS: Final = 0.2
_LEARN_SECONDS: Final = 2.0
_CHASE_SECONDS: Final = 5.0
_FOLLOW_UP_SECONDS: Final = 60.0
_DECIDE_SECONDS: Final = 60.0
_TIDY_SECONDS: Final = 60.0
_WAKE_SECONDS: Final = 1.0


class _Beat(NamedTuple):
    """A step with the seconds that it rests when it found nothing to do.

    With ``net_s`` it rests on until something was written, or so many seconds; the bell for ``topic`` wakes it at once.
    """

    seconds: float
    step: Step
    net_s: float | None = None
    topic: str | None = None


class Reach:
    """The steps, and what they share."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._writer = Writer(database.dsn, limit_bytes=settings.ingest_queue_mb * 1024 * 1024, in_flight=1)
        self._receiver = Receiver(settings, database)
        self.opener = accounts.Opener(settings, database, load_media=media_loader(settings, database))
        self.sender = posting.make_sender(settings, database, self.opener)
        self._follower = posting.make_follower(settings, database, self.opener)
        self._recognizer = recognition.Recognizer(database, self.opener.open)
        self._learner = learner.Learner(database)

    async def __aenter__(self) -> Self:
        await self._writer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.opener.close()
        await self._writer.stop()

    def run(self, waking: Waking, stop: asyncio.Event) -> list[Coroutine[None, None, None]]:
        """Every step, until ``stop`` is set."""
        return [
            every(beat.seconds, beat.step, stop)
            if beat.net_s is None
            else every(beat.seconds, beat.step, stop, bell=waking.bell(beat.topic), most_s=beat.net_s)
            for beat in self._beats(stop)
        ]

    def _beats(self, stop: asyncio.Event) -> list[_Beat]:
        return [
            _Beat(_GATHER_SECONDS, self._receiver.run_once, 2.0, inbound.TOPIC),
            _Beat(_RELAY_SECONDS, self.relay_facts, 5.0),
            _Beat(_SETTLE_SECONDS, self.settle_links, 2.0),
            _Beat(_BROADCAST_SECONDS, self.go_on_with_broadcasts, 5.0),
            _Beat(_RECOGNIZE_SECONDS, cut_short(self.recognize, stop), 5.0, recognition.TOPIC),
            _Beat(_LEARN_SECONDS, cut_short(self.learn_examples, stop), 30.0),
            _Beat(_CHASE_SECONDS, self._receiver.chase),
            _Beat(_FOLLOW_UP_SECONDS, self.follow_up),
            _Beat(_DECIDE_SECONDS, self.decide_tests),
            _Beat(_TIDY_SECONDS, self.tidy),
            _Beat(_WAKE_SECONDS, self.wake_conversations, 5.0),
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

    async def recognize(self) -> bool:
        """Ask platforms who newcomers are."""
        return await self._recognizer.run_once()

    async def learn_examples(self) -> bool:
        """Learn what the example sentences of auto-replies mean, where they are new."""
        return await self._learner.run_once(now_s=time.monotonic())

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
        """Let go of what came in and was handled long ago, of what no rule remembers, and of files of the erased."""
        for workspace in await scores.list_workspaces(self._database):
            async with self._database.transaction(workspace) as tx:
                await inbound.tidy(tx, now=utc_now())
                await accounts.tidy(tx, now=utc_now())
                await autoreply.tidy(tx, now=utc_now())
                await media.forget_erased(tx, self._settings)
        return False
