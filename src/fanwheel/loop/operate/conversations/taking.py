"""Taking what people write, and what others than agents answer, for a whole portion at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.conversations import keeping
from fanwheel.loop.operate.conversations.contracts import Letter, Line, Said, Taken, Waiting
from fanwheel.loop.operate.conversations.rules import reading, threads
from fanwheel.loop.operate.conversations.rules.reading import Read
from fanwheel.loop.operate.conversations.rules.threads import Thread
from fanwheel.loop.operate.conversations.setup_repository import SetupRepository
from fanwheel.loop.operate.conversations.threads import ThreadRepository

_Address = tuple[int, int]  # home, account


class _Word(NamedTuple):
    """A letter that belongs into a thread, and its place among the letters."""

    place: int
    letter: Letter
    read: Read

    @property
    def address(self) -> _Address:
        return self.letter.home_id, self.letter.account_id


async def take(tx: Transaction, letters: Sequence[Letter], *, now: datetime) -> list[Taken]:
    """Put what people wrote into their conversations; what became of each letter, in the same order.

    The same letter again changes nothing. Conversations begin, open again and wake up by themselves, and find somebody
    where their team deals them out.
    """
    taken = [Taken()] * len(letters)
    words = [
        _Word(place, letter, found)
        for place, letter in enumerate(letters)
        if (found := reading.read(letter)) is not None
    ]
    if not words:
        return taken
    repository = ThreadRepository(tx)
    before, new = await _hold(repository, words)
    words = [word for word in words if word.address in before]
    numbers = await repository.add([_line(word, before[word.address]) for word in words])
    after = dict(before)
    for word, number in zip(words, numbers, strict=True):
        if number is not None:
            thread = after[word.address]
            after[word.address] = await _advance(repository, thread, word, number=number, now=now)
            await keeping.note_answer(tx, thread, after[word.address], user=None)
    changed = {word.address for word, number in zip(words, numbers, strict=True) if number is not None}
    opened = {
        address
        for address in changed
        if after[address].state == "open" and (address in new or after[address].round > before[address].round)
    }
    opened_ids = {after[address].conversation_id for address in opened}
    settled = await keeping.settle(tx, [after[address] for address in sorted(changed)], opened=opened_ids)
    by_id = {thread.conversation_id: thread for thread in settled}
    for word, number in zip(words, numbers, strict=True):
        if number is not None:
            thread = by_id[before[word.address].conversation_id]
            taken[word.place] = _taken(thread, number, is_new=word.address in new, is_opened=word.address in opened)
    return taken


async def tell(tx: Transaction, said: Sequence[Said], *, now: datetime) -> None:
    """Write into conversations what rules and broadcasts said; where nobody has written yet nothing is written."""
    repository = ThreadRepository(tx)
    found = await repository.hold_by_address({(each.home_id, each.account_id) for each in said})
    by_address = {(thread.home_id, thread.account_id): thread for thread in found}
    kept = [each for each in said if (each.home_id, each.account_id) in by_address]
    lines = [
        Line(
            conversation_id=by_address[each.home_id, each.account_id].conversation_id,
            kind="out",
            author=each.author,
            said_at=now,
            parts=reading.plain(each.parts),
            text=reading.body(each.parts),
            key=None if each.intent_id is None else f"intent:{each.intent_id}",
            intent_id=each.intent_id,
        )
        for each in kept
    ]
    changed: set[_Address] = set()
    for each, line, number in zip(kept, lines, await repository.add(lines), strict=True):
        if number is None:
            continue
        address = each.home_id, each.account_id
        thread = by_address[address]
        if each.is_answer:
            by_address[address] = threads.answer(thread, message_id=number, said_at=now, body=line.text, is_human=False)
        else:
            by_address[address] = threads.mention(thread, message_id=number, said_at=now, body=line.text)
        changed.add(address)
    await keeping.settle(tx, [by_address[address] for address in changed], opened=())


async def hand_over(
    tx: Transaction,
    conversation_ids: Sequence[int],
    *,
    team: str = "",
    team_id: int | None = None,
    note: str = "",
    now: datetime,
) -> None:
    """Give conversations to people: into a team's share, waiting for an answer, with a note that says why.

    A team that is gone takes nobody: whoever had them keeps them, so that no one is lost in a share that nobody sees.
    """
    repository = ThreadRepository(tx)
    wanted = await repository.find_team(team) if team_id is None and team else team_id
    if wanted is not None and not await SetupRepository(tx).has_team(wanted):
        wanted = None
    held = await repository.hold(conversation_ids)
    for thread in held:
        lines = [keeping.remark(thread, "system", now, what="handed_over", note=note)]
        if note:
            lines.append(keeping.note(thread, "system", now, text=note))
        await repository.add(lines)
    given = [
        thread._replace(
            state="open",
            snoozed_until=None,
            team_id=thread.team_id if wanted is None else wanted,
            waiting_since=thread.waiting_since or thread.last_in_at or now,
        )
        for thread in held
    ]
    await keeping.settle(tx, given, opened={thread.conversation_id for thread in given})


async def list_unanswered(
    tx: Transaction, *, before: datetime, after: datetime, after_id: int = 0, most: int = 500
) -> list[Waiting]:
    """Open conversations in which somebody has waited since between two moments, by number.

    Whoever was told by a rule that it takes longer still waits, but is not listed.
    """
    return await ThreadRepository(tx).list_unanswered(before=before, after=after, after_id=after_id, most=most)


async def _hold(repository: ThreadRepository, words: Sequence[_Word]) -> tuple[dict[_Address, Thread], set[_Address]]:
    """The conversations of words, begun where somebody wrote for the first time; and which those are."""
    heard: defaultdict[_Address, list[_Word]] = defaultdict(list)
    for word in words:
        heard[word.address].append(word)
    known = _by_address(await repository.hold_by_address(set(heard)))
    # What the brand said elsewhere begins no conversation.
    fresh = [
        next((word for word in found if word.read.kind == "in"), None)
        for address, found in heard.items()
        if address not in known
    ]
    begun = [
        {
            "account_id": word.letter.account_id,
            "channel": word.letter.channel,
            "home_id": word.letter.home_id,
            "name": reading.name(word.letter),
            "said_at": word.letter.happening.at,
        }
        for word in fresh
        if word is not None
    ]
    if not begun:
        return known, set()
    await repository.begin(begun)
    added = _by_address(await repository.hold_by_address({word.address for word in fresh if word is not None}))
    # Somebody else may have begun it a moment ago: then it has a message already.
    return known | added, {address for address, thread in added.items() if thread.last_message_id == 0}


async def _advance(repository: ThreadRepository, thread: Thread, word: _Word, *, number: int, now: datetime) -> Thread:
    said_at, body = word.letter.happening.at, word.read.body
    named = thread._replace(name=reading.name(word.letter) or thread.name)
    if word.read.kind == "out":
        return threads.answer(named, message_id=number, said_at=said_at, body=body, is_human=True)
    score = reading.score(body, surveyed_at=thread.surveyed_at, now=now)
    if score is not None and thread.state == "closed":
        # An answer to how it was is no new question.
        await repository.rate(thread, score=score, now=now)
        return threads.mention(named, message_id=number, said_at=said_at, body=body)._replace(
            surveyed_at=None, last_kind="in", last_in_at=said_at
        )
    return threads.hear(named, message_id=number, said_at=said_at, body=body)


def _line(word: _Word, thread: Thread) -> Line:
    happening = word.letter.happening
    return Line(
        conversation_id=thread.conversation_id,
        kind=word.read.kind,
        author=word.read.author,
        said_at=happening.at,
        parts=word.read.parts,
        text=word.read.body,
        key=happening.key,
        context=happening.context,
        detail=word.read.detail,
    )


def _taken(thread: Thread, number: int, *, is_new: bool, is_opened: bool) -> Taken:
    return Taken(
        conversation_id=thread.conversation_id,
        message_id=number,
        is_new=is_new,
        is_opened=is_opened,
        is_assigned=thread.assignee_id is not None,
        is_with_agent=thread.assignee_id is not None and thread.answered_at is not None,
    )


def _by_address(found: Iterable[Thread]) -> dict[_Address, Thread]:
    return {(thread.home_id, thread.account_id): thread for thread in found}
