"""Settling: what platforms answered is written down, what was lost is put right, what was not used is given back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from fanwheel.cdp import consent
from fanwheel.domains.private.channels import errors
from fanwheel.domains.private.channels.contracts import Sent
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.reach import facts, gating
from fanwheel.loop.operate.reach.gate_repository import GateRepository
from fanwheel.loop.operate.reach.gating import Ready
from fanwheel.loop.operate.reach.rules import retrying
from fanwheel.loop.operate.reach.rules.retrying import Next, WhenUnclear
from fanwheel.loop.operate.reach.sending_repository import SendingRepository

_LONGEST_DETAIL: Final = 300
LOST: Final = "lease"


class Answer(NamedTuple):
    """What became of one attempt."""

    ready: Ready
    outcome: Sent | errors.SendError
    at: datetime
    way: str = ""  # the line of a trace that says so, where it did not go the sender's way


class Account(NamedTuple):
    """The account that sends, as settling must know it."""

    account_id: int
    when_unclear: WhenUnclear


async def settle(
    tx: Transaction,
    account: Account,
    answers: Sequence[Answer],
    *,
    claim_id: UUID,
    hasher: consent.AddressHasher,
    now: datetime,
) -> None:
    """Write down what became of attempts under one claim."""
    nexts = [_next(account, answer) for answer in answers]
    outcomes = [_outcome(answer, following) for answer, following in zip(answers, nexts, strict=True)]
    ours = await SendingRepository(tx).settle(outcomes, claim_id=claim_id, now=now)
    kept = [(answer, following) for answer, following in zip(answers, nexts, strict=True) if _id(answer) in ours]
    returned = [
        (answer.ready.address_hash, answer.ready.charge)
        for answer, following in kept
        if following is not None and following.gives_back
    ]
    await gating.charge(GateRepository(tx, account.account_id), returned, sign=-1)
    # Whoever was erased while it went out is not brought back by its facts.
    known = [answer for answer, _ in kept if ours[_id(answer)]]
    await _suppress_gone(tx, hasher, known, now=now)
    told = [
        facts.sent(answer.ready.item, account_id=account.account_id, now=answer.at)
        for answer in known
        if isinstance(answer.outcome, Sent) and answer.outcome.state == "sent"
    ]
    if told:
        await outbox.append(tx, told)


async def find_lost(tx: Transaction, account: Account, *, now: datetime) -> int:
    """Put right what a sender left behind that is gone; how many messages that were.

    What it had only claimed surely did not go out. What it was sending may have.
    """
    sending = SendingRepository(tx)
    claimed = await sending.take_lost_claims(account.account_id, now=now)
    await _return(tx, account.account_id, claimed)
    lost = await sending.list_lost(account.account_id, now=now)
    outcomes = [_lost(account, row, now=now) for row in lost]
    if outcomes:
        await sending.settle_lost(outcomes, now=now)
    return len(claimed) + len(lost)


async def give_back(tx: Transaction, account_id: int, intents: Sequence[int], *, claim_id: UUID) -> None:
    """Let others have what was claimed and not sent."""
    await _return(tx, account_id, await SendingRepository(tx).give_back(intents, claim_id=claim_id))


async def _return(tx: Transaction, account_id: int, rows: Sequence[Row]) -> None:
    charges = [(row["address_hash"], gating.read_charge(row["proof"] or {})) for row in rows]
    await gating.charge(GateRepository(tx, account_id), charges, sign=-1)


async def _suppress_gone(
    tx: Transaction, hasher: consent.AddressHasher, answers: Sequence[Answer], *, now: datetime
) -> None:
    """Write no more to addresses of which the platform says that nobody is there, or no marketing to who refused it."""
    entries: list[consent.Entry] = []
    for answer in answers:
        error, item = answer.outcome, answer.ready.item
        if item.address is None or not isinstance(error, errors.RecipientGoneError | errors.OptedOutError):
            continue
        entry = consent.Entry(item.address.kind, item.address.value, item.channel, "bounce", note=error.platform_code)
        is_no = isinstance(error, errors.OptedOutError)
        entries.append(entry._replace(reason="unsubscribe", purpose=consent.MARKETING) if is_no else entry)
    if entries:
        await consent.suppress(tx, hasher, entries, actor="system", now=now)


def _id(answer: Answer) -> int:
    return answer.ready.item.intent_id


def _next(account: Account, answer: Answer) -> Next | None:
    """What follows from a failure; None where there was none."""
    if isinstance(answer.outcome, Sent):
        return None
    attempts = answer.ready.item.attempts + 1
    return retrying.after(answer.outcome, attempts=attempts, when_unclear=account.when_unclear, now=answer.at)


def _outcome(answer: Answer, following: Next | None) -> dict[str, Any]:
    found: dict[str, Any] = {"intent_id": _id(answer), "doubts": 0, "gives_back": False}
    if isinstance(answer.outcome, Sent):
        way = {"note": {"rule": answer.way, "outcome": "passed", "at": answer.at}} if answer.way else {}
        return found | way | {"state": answer.outcome.state, "platform_id": answer.outcome.platform_id}
    assert following is not None
    error = answer.outcome
    note = {"rule": following.rule, "outcome": _word(following), "at": answer.at} | _said(error)
    if following.due_at is not None:
        note["until"] = following.due_at
    return found | {
        "state": following.state,
        "rule": following.rule,
        "note": note,
        "due_at": following.due_at,
        "doubts": int(error.may_have_gone_out),
        "gives_back": following.gives_back,
    }


def _lost(account: Account, row: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    following = retrying.after_doubt(attempts=row["attempts"], when_unclear=account.when_unclear, now=now, rule=LOST)
    return {
        "intent_id": row["intent_id"],
        "state": following.state,
        "rule": following.rule,
        "due_at": following.due_at,
        "note": {"rule": LOST, "outcome": _word(following), "at": now},
    }


def _word(following: Next) -> str:
    return {"waiting": "postponed", "failed": "refused", "unclear": "noted"}[following.state]


def _said(error: errors.SendError) -> dict[str, str]:
    """What the platform said: its code, and the adapter's own sentence, which holds no contact data."""
    found = {"said": error.message[:_LONGEST_DETAIL]}
    return found | ({"code": error.platform_code[:64]} if error.platform_code else {})
