"""Answering what comes in, a portion at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from fanwheel.cdp import segments
from fanwheel.domains.private.channels.contracts import Message, Reply
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.autoreply import book as books
from fanwheel.loop.operate.autoreply import conditions, reading, saying
from fanwheel.loop.operate.autoreply.contracts import Answered, Incoming, Waiting
from fanwheel.loop.operate.autoreply.deciding import Case, Desk, Known
from fanwheel.loop.operate.autoreply.effects import Effects, Standing
from fanwheel.loop.operate.autoreply.folding import fold
from fanwheel.loop.operate.autoreply.matching import Said
from fanwheel.loop.operate.autoreply.repository import ReplyRepository

_SHELF: Final = books.Shelf()
LONGEST_WAIT: Final = timedelta(days=2)  # nobody is told anything later than that


async def answer(tx: Transaction, incoming: Sequence[Incoming], *, now: datetime) -> list[Answered]:
    """Answer what came in, in its order: what became of each. The number of statements does not grow with them."""
    book = await _SHELF.open(tx) if incoming else None
    if book is None:
        return [Answered("no_rule")] * len(incoming)
    cases = [case for place, item in enumerate(incoming) if (case := _case(book, place, item)) is not None]
    return await _settle(tx, book, incoming, cases, now=now)


async def nudge(tx: Transaction, waiting: Sequence[Waiting], *, now: datetime) -> list[Answered]:
    """Say something to those who wait for an answer; once for each time that they wait."""
    book = await _SHELF.open(tx) if waiting else None
    if book is None:
        return [Answered("no_rule")] * len(waiting)
    incoming = [_wait(each) for each in waiting]
    repository = ReplyRepository(tx)
    done = await repository.list_fired_keys({each.home_id for each in waiting}, {i.happening.key for i in incoming})
    cases = []
    for place, (each, item) in enumerate(zip(waiting, incoming, strict=True)):
        waited = now - each.waiting_since
        if item.happening.key not in done and waited < LONGEST_WAIT:
            said = Said("unanswered", waited_s=waited.total_seconds())
            cases.append(Case(place, item, said, book.matcher(item.account_id).find(said), None))
    return await _settle(tx, book, incoming, cases, now=now)


async def shortest_wait(tx: Transaction) -> timedelta | None:
    """After how long the first rule answers for want of another answer; None where no rule does."""
    book = await _SHELF.open(tx)
    minutes = book.shortest_wait_minutes if book else None
    return None if minutes is None else timedelta(minutes=minutes)


async def _settle(
    tx: Transaction, book: books.Book, incoming: Sequence[Incoming], cases: Sequence[Case], *, now: datetime
) -> list[Answered]:
    known = await _look_up(tx, book, cases)
    effects = Effects(now)
    desk = Desk(book, known, effects)
    answers = dict.fromkeys(range(len(incoming)), Answered("ignored"))
    answers |= {case.place: desk.decide(case) for case in cases}
    intents = await effects.write(tx, incoming, list(known.standings.values()))
    return [answer._replace(intent_id=intents.get(place)) for place, answer in answers.items()]


def _case(book: books.Book, place: int, item: Incoming) -> Case | None:
    """What came in with the rules that it sets off; None where nothing answers it."""
    said = reading.said_of(item.happening)
    if said is None:
        return None
    tap = reading.tap_of(item, book.shown)
    if tap is not None and (menu := book.menus.get(tap[0])) and (entry := menu.find(tap[1])):
        said = said._replace(text=fold(entry.keyword) if entry.kind == "keyword" else said.text)
    # Whether we are open is not known yet: what asks for it is told apart when it is decided.
    asked = said._replace(is_closed=True)
    rules = book.matcher(item.account_id).find(asked, book.model.guess if book.model is not None else None)
    return Case(place, item, said, rules, tap)


async def _look_up(tx: Transaction, book: books.Book, cases: Sequence[Case]) -> Known:
    """All that deciding needs, each in one statement."""
    repository = ReplyRepository(tx)
    rules = {rule.rule_id: rule for case in cases for rule in case.rules}
    persons = {case.item.person_id for case in cases if case.rules}
    asked = {found for rule in rules.values() if (found := rule.definition.when.segment_id) is not None}
    remembered = {rule.rule_id for rule in rules.values() if conditions.remembers(rule.definition.when)}
    blanks = any(saying.has_blanks(rule.definition.actions) for rule in rules.values())
    return Known(
        hours=await books.read_hours(tx, book),
        segments=await segments.list_inside(tx, persons, asked) if asked and persons else {},
        last_fired=await repository.list_last_firings(persons, remembered),
        people=await repository.list_people(persons) if blanks else {},
        standings=await _hold(repository, cases),
    )


async def _hold(repository: ReplyRepository, cases: Iterable[Case]) -> dict[tuple[int, int], Standing]:
    keys = sorted({(case.item.account_id, case.item.home_id) for case in cases})
    found = {(row["account_id"], row["home_id"]): Standing.read(row) for row in await repository.hold_states(keys)}
    return {key: found.get(key) or Standing(*key) for key in keys}


def _wait(waiting: Waiting) -> Incoming:
    """A wait as something that came in."""
    moment = round(waiting.waiting_since.timestamp() * 1_000_000)
    happening = Message(key=f"wait:{waiting.conversation_id}:{moment}", at=waiting.waiting_since, parts=())
    return Incoming(
        happening,
        waiting.account_id,
        waiting.channel,
        waiting.home_id,
        waiting.person_id,
        waiting.conversation_id,
        answers=Reply(to=waiting.key, context=dict(waiting.context)) if waiting.key else None,
    )
