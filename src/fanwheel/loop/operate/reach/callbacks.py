"""Messages that go out in the answers to callbacks: the same gate and ledger, without the sender."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple
from uuid import UUID, uuid4

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import errors
from fanwheel.domains.private.channels.contracts import Answer, Outgoing, Sent
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.clock import Clock
from fanwheel.loop.operate.reach import gating, settling
from fanwheel.loop.operate.reach.contracts import Opened, Write
from fanwheel.loop.operate.reach.gating import Ready
from fanwheel.loop.operate.reach.portion import Clerk
from fanwheel.loop.operate.reach.sending_repository import SendingRepository

# The line of a trace that says which way a message went.
RULE: Final = "callback"

Word = Callable[[Outgoing], Answer | None]


class Worded(NamedTuple):
    """A message that passed the gate and fits into its callback's answer; nobody else sends it meanwhile."""

    workspace: int
    account_id: int
    claim_id: UUID
    ready: Ready
    answer: Answer


class Callbacks:
    """Judges what is to be said in answers, and notes what became of it; one for a process."""

    def __init__(self, database: Database, write: Write, *, hasher: consent.AddressHasher, clock: Clock) -> None:
        self._database = database
        self._clerk = Clerk(hasher, write)
        self._hasher = hasher
        self._clock = clock

    async def claim(
        self, tx: Transaction, opened: Opened, account_id: int, words: Mapping[int, Word]
    ) -> dict[int, Worded]:
        """Which of an account's intents may go out and fit; the sender has the others as soon as this commits."""
        assert tx.workspace is not None
        claim_id, now = uuid4(), self._clock()
        batch = await gating.claim_for_callbacks(
            tx, self._clerk, opened, list(words), account_id=account_id, claim_id=claim_id, now=now
        )
        found: dict[int, Worded] = {}
        for ready in batch.ready:
            intent_id = ready.item.intent_id
            if (answer := words[intent_id](ready.item.outgoing())) is not None:
                found[intent_id] = Worded(tx.workspace, account_id, claim_id, ready, answer)
        left = [ready.item.intent_id for ready in batch.ready if ready.item.intent_id not in found]
        if left:
            await settling.give_back(tx, account_id, left, claim_id=claim_id)
        return found

    async def begin(self, worded: Worded) -> bool:
        """Note that an answer is about to leave; whether it still is ours to give."""
        now = self._clock()
        intents = [worded.ready.item.intent_id]
        async with self._database.transaction(worded.workspace) as tx:
            sending = SendingRepository(tx)
            return bool(await sending.mark(intents, claim_id=worded.claim_id, now=now, until=now + gating.LEASE))

    async def end(self, worded: Worded, left: Literal["sent", "unclear", "unsent"]) -> None:
        """Note what became of it; what has not left is the sender's."""
        now = self._clock()
        async with self._database.transaction(worded.workspace) as tx:
            if left == "unsent":
                await settling.give_back(tx, worded.account_id, [worded.ready.item.intent_id], claim_id=worded.claim_id)
                return
            row = await SendingRepository(tx).get(worded.account_id)
            gone = errors.UnclearError("The platform hung up while it was answered.")
            answer = settling.Answer(worded.ready, Sent(None) if left == "sent" else gone, now, RULE)
            account = settling.Account(worded.account_id, row.when_unclear)
            await settling.settle(tx, account, [answer], claim_id=worded.claim_id, hasher=self._hasher, now=now)
