"""Consent as the rest of the product uses it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from fanwheel.cdp.consent import rules, suppressing
from fanwheel.cdp.consent.contracts import Ask, Choice, Entry, Standing, Statement
from fanwheel.cdp.consent.hashing import AddressHasher
from fanwheel.cdp.consent.repository import ConsentRepository
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Transaction


async def append(tx: Transaction, statements: Sequence[Statement]) -> int:
    """Add to the ledger; how many statements were new."""
    return await ConsentRepository(tx).append(statements) if statements else 0


async def look_up(tx: Transaction, asks: Sequence[Ask], hasher: AddressHasher) -> list[Standing]:
    """How people stand for what is asked, in the order asked; ``rules.refuse`` says what follows from it.

    Raises
    ------
    WrongAddressKeyError
        If suppressed addresses were hashed with another key: better nothing goes out than to the wrong people.
    """
    if not asks:
        return []
    workspace = await suppressing.require_key(tx, hasher)
    hashes = [hasher.hash(workspace, ask.kind, ask.value) if ask.value else b"" for ask in asks]
    return await ConsentRepository(tx).look_up(asks, hashes)


async def state(tx: Transaction, hasher: AddressHasher, choices: Sequence[Choice], *, actor: str, now: datetime) -> int:
    """Take down what people decided, so that it holds from this moment; how many of them are still there.

    A no also suppresses the addresses of the channel for that purpose, which outlives the person; a yes takes that
    back, and nothing graver. The facts that go to the events say that the ledger has it already.
    """
    if not choices:
        return 0
    found = await ConsentRepository(tx).append_choices(choices, now=now)
    for number, _, refs in found:
        await _follow(tx, hasher, choices[number], refs, actor=actor, now=now)
    await outbox.append(tx, [_fact(choices[number], refs, now=now) for number, _, refs in found])
    return len(found)


async def _follow(
    tx: Transaction,
    hasher: AddressHasher,
    choice: Choice,
    refs: Sequence[tuple[str, str]],
    *,
    actor: str,
    now: datetime,
) -> None:
    kind = rules.ADDRESS_KINDS.get(choice.channel)
    addresses = [value for own, value in refs if own == kind]
    if kind is None or not addresses:
        return
    if choice.is_granted:
        await suppressing.lift_choices(tx, hasher, [(kind, value) for value in addresses], choice=choice)
    else:
        entries = [Entry(kind, value, choice.channel, "unsubscribe", choice.purpose) for value in addresses]
        await suppressing.suppress(tx, hasher, entries, actor=actor, now=now)


def _fact(choice: Choice, refs: Sequence[tuple[str, str]], *, now: datetime) -> outbox.Fact:
    told = {key: value for key, value in choice.evidence.items() if key in {"via", "intent_id"}}
    return outbox.Fact(
        key=f"consent:{uuid4().hex}",
        name="Consent Granted" if choice.is_granted else "Consent Withdrawn",
        at=now,
        refs=refs,
        properties={"channel": choice.channel, "purpose": choice.purpose, "recorded": True, **told},
    )
