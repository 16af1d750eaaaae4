"""Calls to platforms: which messages leave together in one, and what came of each."""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
import structlog

from fanwheel.domains.private.channels import errors
from fanwheel.domains.private.channels.abilities import SendsTogether
from fanwheel.domains.private.channels.adapter import Adapter
from fanwheel.domains.private.channels.contracts import Address, Sent
from fanwheel.kernel.clock import Clock
from fanwheel.loop.operate.reach.gating import Ready
from fanwheel.loop.operate.reach.settling import Answer

_log: Final = structlog.get_logger()
# A platform that has not answered by then is taken to have been asked in vain.
TIMEOUT_S: Final = 30.0


class Claimed(NamedTuple):
    """A message with the claim that it is ours under."""

    claim_id: UUID
    ready: Ready


class Call(NamedTuple):
    """Messages that leave in one call: one, or many of the same words and staff."""

    messages: Sequence[Claimed]
    is_shared: bool = False


class Made(NamedTuple):
    """What came of each message of a call, with its claim."""

    answers: Sequence[tuple[UUID, Answer]]

    def reasons(self) -> list[Answer]:
        """One answer for each thing that the platform said: a task that failed for thousands has failed once."""
        said: dict[int, Answer] = {}
        for _, answer in self.answers:
            said.setdefault(0 if isinstance(answer.outcome, Sent) else id(answer.outcome), answer)
        return list(said.values())


def arrange(queue: Sequence[Claimed]) -> deque[Claimed]:
    """A queue in which what can leave together stands together, where the first of it stood."""
    groups: dict[object, list[Claimed]] = {}
    times: Counter[tuple[object, Address | None]] = Counter()
    for each in queue:
        item = each.ready.item
        if not item.may_share:
            groups[item.intent_id] = [each]
            continue
        # A platform that is given somebody twice in one call writes once.
        words = _words(each)
        times[words, item.address] += 1
        groups.setdefault((words, times[words, item.address]), []).append(each)
    return deque(each for group in groups.values() for each in group)


def take(queue: deque[Claimed], adapter: Adapter, most: int) -> list[Call]:
    """At most so many calls from the beginning of a queue; what can leave with one of them does."""
    calls: list[Call] = []
    while queue and len(calls) < most:
        first = queue.popleft()
        if isinstance(adapter, SendsTogether) and first.ready.item.may_share:
            calls.append(Call([first, *_take_alike(queue, first, adapter.most_together - 1)], is_shared=True))
        else:
            calls.append(Call([first]))
    return calls


def put_back(queue: deque[Claimed], calls: Sequence[Call]) -> None:
    """Let calls wait that could not be made now."""
    queue.extendleft(reversed([each for call in calls for each in call.messages]))


async def make(adapter: Adapter, call: Call, *, account_id: int, clock: Clock) -> Made:
    """One call; it never fails, but says what happened to each message."""
    outcomes: Sequence[Sent | errors.SendError]
    try:
        async with asyncio.timeout(TIMEOUT_S):
            outcomes = await _ask(adapter, call)
    except errors.SendError as error:
        outcomes = [error] * len(call.messages)
    except TimeoutError:
        outcomes = [errors.UnclearError(f"no answer within {TIMEOUT_S:.0f} s")] * len(call.messages)
    except Exception as error:  # noqa: BLE001 - a channel is anybody's code; it may have sent the message
        _log.warning("a channel failed in an unknown way", kind=type(error).__name__, account=account_id)
        outcomes = [errors.UnclearError(f"the channel failed: {type(error).__name__}")] * len(call.messages)
    now = clock()
    pairs = zip(call.messages, outcomes, strict=True)
    return Made([(each.claim_id, Answer(each.ready, outcome, now)) for each, outcome in pairs])


async def _ask(adapter: Adapter, call: Call) -> Sequence[Sent | errors.SendError]:
    messages = [each.ready.item.outgoing() for each in call.messages]
    if not (call.is_shared and isinstance(adapter, SendsTogether)):
        return [await adapter.send(messages[0])]
    outcomes = await adapter.send_together(messages)
    if len(outcomes) != len(messages):
        raise errors.UnclearError("the channel did not say what became of each message")
    return outcomes


def _take_alike(queue: deque[Claimed], first: Claimed, most: int) -> list[Claimed]:
    words, people = _words(first), {first.ready.item.address}
    taken: list[Claimed] = []
    while queue and len(taken) < most:
        item = queue[0].ready.item
        if not item.may_share or item.address in people or _words(queue[0]) != words:
            break
        people.add(item.address)
        taken.append(queue.popleft())
    return taken


def _words(each: Claimed) -> tuple[bytes, str | None, str]:
    item = each.ready.item
    return msgspec.json.encode(item.written.parts), item.said.get("staff"), item.purpose
