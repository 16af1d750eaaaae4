"""Everything that is done with arrivals, in its order and in one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.contracts import Followed, Receipt, Unfollowed
from fanwheel.domains.private.channels.inbound import Arrival
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import autoreply, conversations, reach, recognition
from fanwheel.loop.operate.receiving import facts, rights, staying


async def handle(
    tx: Transaction, arrivals: Sequence[Arrival], *, hasher: consent.AddressHasher, now: datetime
) -> dict[int, int]:
    """Let consent, the send path, conversations and rules know, and the events in the end.

    Returns the intents of the answers, by the arrivals that they answer.
    """
    heard = sorted({arrival.account_id for arrival in arrivals})
    arrivals = await staying.without_partial_leaves(tx, arrivals)
    await consent.state(tx, hasher, rights.choices(arrivals), actor="person", now=now)
    await consent.lift_bounces(tx, hasher, rights.heard(arrivals))
    await _change_windows(tx, arrivals, now=now)
    await _take_receipts(tx, arrivals, hasher=hasher, now=now)
    answers = await _converse(tx, [arrival for arrival in arrivals if arrival.home_id is not None], now=now)
    await outbox.append(tx, facts.facts(arrivals))
    await recognition.ask(tx, _newcomers(arrivals))
    await accounts.note_heard(tx, heard, now=now)
    # Last of all: it takes along what was told about them just now.
    await _forget(tx, arrivals, hasher=hasher, now=now)
    return answers


async def chase(tx: Transaction, *, now: datetime) -> int:
    """Answer those by rule who have waited too long for another answer; how many."""
    wait = await autoreply.shortest_wait(tx)
    if wait is None:
        return 0
    chased, after_id = 0, 0
    while waiting := await conversations.list_unanswered(
        tx, before=now - wait, after=now - autoreply.LONGEST_WAIT, after_id=after_id
    ):
        found = await autoreply.nudge(tx, [autoreply.Waiting(*each) for each in waiting], now=now)
        await _tell(tx, [(each.account_id, each.home_id, each.conversation_id) for each in waiting], found, now=now)
        chased += sum(each.why == "fired" for each in found)
        after_id = waiting[-1].conversation_id
    return chased


def _newcomers(arrivals: Sequence[Arrival]) -> list[recognition.Newcomer]:
    """Who began to follow an account."""
    return [
        recognition.Newcomer(arrival.account_id, arrival.channel, arrival.home_id, arrival.happening.at)
        for arrival in arrivals
        if arrival.home_id is not None and isinstance(arrival.happening, Followed)
    ]


async def _forget(
    tx: Transaction, arrivals: Sequence[Arrival], *, hasher: consent.AddressHasher, now: datetime
) -> None:
    """Erase whom a platform wants erased when they leave, unless they are back already."""
    leavers: dict[tuple[str, str], str] = {}
    for arrival in arrivals:
        happening = arrival.happening
        if happening.sender is None or not isinstance(happening, Followed | Unfollowed):
            continue
        address = (happening.sender.kind, happening.sender.value)
        leavers.pop(address, None)
        if isinstance(happening, Unfollowed) and happening.must_erase:
            leavers[address] = arrival.channel
    for address, channel in sorted(leavers.items()):
        await consent.forget_identifier(tx, hasher, address, actor=channel, now=now)


async def _change_windows(tx: Transaction, arrivals: Sequence[Arrival], *, now: datetime) -> None:
    await reach.open_windows(tx, rights.openings(arrivals), now=now)
    for account_id, address, allowance in rights.closings(arrivals):
        await reach.close_windows(tx, account_id, [address], allowance=allowance)


async def _take_receipts(
    tx: Transaction, arrivals: Sequence[Arrival], *, hasher: consent.AddressHasher, now: datetime
) -> None:
    by_account: defaultdict[int, list[Receipt]] = defaultdict(list)
    for arrival in arrivals:
        if isinstance(arrival.happening, Receipt):
            by_account[arrival.account_id].append(arrival.happening)
    for account_id, receipts in sorted(by_account.items()):
        await reach.take_receipts(tx, account_id=account_id, receipts=receipts, hasher=hasher, now=now)


async def _converse(tx: Transaction, arrivals: Sequence[Arrival], *, now: datetime) -> dict[int, int]:
    """Put what people wrote into conversations, answer it by rule, and write down what was answered."""
    letters = [
        conversations.Letter(each.account_id, each.channel, each.home_id or 0, each.person_id or 0, each.happening)
        for each in arrivals
    ]
    taken = await conversations.take(tx, letters, now=now)
    incoming = [
        autoreply.Incoming(
            letter.happening,
            letter.account_id,
            letter.channel,
            letter.home_id,
            letter.person_id,
            conversation_id=each.conversation_id,
            with_agent=each.is_with_agent,
        )
        for letter, each in zip(letters, taken, strict=True)
    ]
    found = await autoreply.answer(tx, incoming, now=now)
    places = [
        (letter.account_id, letter.home_id, each.conversation_id) for letter, each in zip(letters, taken, strict=True)
    ]
    await _tell(tx, places, found, now=now)
    return {
        arrival.inbound_id: each.intent_id
        for arrival, each in zip(arrivals, found, strict=True)
        if each.intent_id is not None
    }


async def _tell(
    tx: Transaction,
    places: Sequence[tuple[int, int, int | None]],
    found: Sequence[autoreply.Answered],
    *,
    now: datetime,
) -> None:
    """Show in the conversations what rules answered, and hand those over that need a person."""
    said = [
        conversations.Said(
            account_id,
            home_id,
            each.intent_id,
            each.parts,
            author=each.step or f"rule:{each.rule_id}",
            # Whoever is handed over waits for that person, whatever was said meanwhile.
            is_answer=each.is_answer and each.hand_over is None,
        )
        for (account_id, home_id, _), each in zip(places, found, strict=True)
        if each.intent_id is not None and each.parts
    ]
    await conversations.tell(tx, said, now=now)
    for (_, _, conversation_id), each in zip(places, found, strict=True):
        if each.hand_over is not None and conversation_id is not None:
            await conversations.hand_over(
                tx, [conversation_id], team_id=each.hand_over.team_id, note=each.hand_over.note, now=now
            )
