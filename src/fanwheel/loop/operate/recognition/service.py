"""Whom to ask about, and telling what was learned."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fanwheel.cdp import persons
from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.abilities import Known, Recognizes
from fanwheel.domains.private.channels.contracts import Address
from fanwheel.infra import outbox
from fanwheel.infra.outbox import Fact
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.recognition import rules
from fanwheel.loop.operate.recognition.contracts import Newcomer, Outcome, Question
from fanwheel.loop.operate.recognition.repository import RecognitionRepository


async def ask(tx: Transaction, newcomers: Sequence[Newcomer]) -> None:
    """Have platforms asked who newcomers are, those of them that can be asked, once the caller has committed."""
    able = {channel for channel in {newcomer.channel for newcomer in newcomers} if _can_recognize(channel)}
    wanted = [newcomer for newcomer in newcomers if newcomer.channel in able]
    if wanted:
        await RecognitionRepository(tx).put(wanted)


async def settle(tx: Transaction, account_id: int, outcomes: Sequence[Outcome], *, rest_until: datetime | None) -> None:
    """Tell what was learned, and keep whom to ask about again; ``rest_until``: nobody of the account before."""
    repository = RecognitionRepository(tx)
    here = await repository.end(account_id, [each.question.home_id for each in outcomes if each.next_at is None])
    learned = [
        (each.question, each.known) for each in outcomes if each.known is not None and each.question.home_id in here
    ]
    if learned:
        await outbox.append(tx, await _facts(repository, account_id, learned))
    later = [
        (each.question.home_id, each.next_at, each.question.attempts) for each in outcomes if each.next_at is not None
    ]
    if later:
        await repository.postpone(account_id, later)
    if rest_until is not None:
        await repository.rest(account_id, until=rest_until)


async def _facts(
    repository: RecognitionRepository, account_id: int, learned: Sequence[tuple[Question, Known]]
) -> list[Fact]:
    """What is told of people; traits that they have by now, under any of these identifiers, stay as they are."""
    region = await repository.get_region()
    said = [rules.traits(known.profile) for _, known in learned]
    named = [_hashes(question, known.others, region) for question, known in learned]
    names = {name for traits in said for name in traits}
    had = await repository.list_traits({each for hashes in named for each in hashes}, names) if names else {}
    found = [
        rules.fact(
            account_id, question, known.others, traits, had={name for each in hashes for name in had.get(each, ())}
        )
        for (question, known), traits, hashes in zip(learned, said, named, strict=True)
    ]
    return [fact for fact in found if fact is not None]


def _hashes(question: Question, others: Sequence[Address], region: str) -> list[UUID]:
    refs = [(question.kind or "", question.value or ""), *((other.kind, other.value) for other in others)]
    spelled = [(kind, persons.normalize(kind, value, region=region)) for kind, value in refs]
    return [persons.identifier_hash(kind, value) for kind, value in spelled if value is not None]


def _can_recognize(channel: str) -> bool:
    """Whether the platform of a channel can be asked, as far as can be told without opening an account."""
    adapter = registry.adapters().get(channel)
    return adapter is not None and issubclass(adapter, Recognizes)
