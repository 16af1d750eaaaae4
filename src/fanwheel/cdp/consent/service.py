"""Consent as the rest of the product uses it."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from fanwheel.cdp.consent import rules, suppressing
from fanwheel.cdp.consent.contracts import Ask, Choice, Entry, Standing, Statement
from fanwheel.cdp.consent.hashing import AddressHasher
from fanwheel.cdp.consent.repository import ConsentRepository, OptIn, Own, Place
from fanwheel.cdp.consent.tokens import Sealer
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


async def list_own(tx: Transaction, home_id: int) -> list[Own]:
    """The identifiers of the living person behind a home id; none once the person was erased."""
    return await ConsentRepository(tx).list_own(home_id)


async def list_state(tx: Transaction, homes: Collection[int]) -> dict[tuple[str, str], bool]:
    """Whether the person with these homes agrees now, by channel and purpose; what was never said is not there."""
    return await ConsentRepository(tx).list_state(homes)


async def list_ledger(tx: Transaction, homes: Collection[int]) -> list[dict[str, Any]]:
    """All that the person with these homes said, with the evidence, newest first."""
    return await ConsentRepository(tx).list_ledger(homes)


async def ask(tx: Transaction, hasher: AddressHasher, choice: Choice, *, now: datetime, expires_at: datetime) -> str:
    """Keep that somebody is to confirm a choice; the token to do it with, which is kept nowhere."""
    workspace = tx.workspace
    assert workspace is not None
    token, secret = Sealer(hasher).new_opt_in(workspace)
    await ConsentRepository(tx).add_opt_in(_digest(secret), choice, now=now, expires_at=expires_at)
    return token


async def get_place(tx: Transaction) -> Place:
    """Where the workspace is, for phones and times in files that do not say it."""
    return await ConsentRepository(tx).get_place()


async def find_opt_in(tx: Transaction, secret: bytes) -> OptIn | None:
    """What is to be confirmed with a secret."""
    return await ConsentRepository(tx).find_opt_in(_digest(secret))


async def confirm(tx: Transaction, hasher: AddressHasher, secret: bytes, *, now: datetime) -> bool:
    """Take down what was confirmed; False if the secret was used before, is too old, or the person is gone."""
    choice = await ConsentRepository(tx).use_opt_in(_digest(secret), now=now)
    return choice is not None and await state(tx, hasher, [choice], actor="person", now=now) > 0


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


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
