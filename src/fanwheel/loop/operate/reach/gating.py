"""Gating: a portion of an account's intents is judged, and what passes is leased to whoever will send it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from fanwheel.domains.private.channels.abilities import Weighs, Weight
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.reach import facts
from fanwheel.loop.operate.reach.contracts import BROADCAST, Opened
from fanwheel.loop.operate.reach.gate_repository import GateRepository, SettingRepository
from fanwheel.loop.operate.reach.portion import Clerk, Item, pairs
from fanwheel.loop.operate.reach.rules import gate, rights
from fanwheel.loop.operate.reach.rules.case import ACCOUNT, Book, Case, Charge, Ruling, Touch, Verdict, is_trial, once
from fanwheel.loop.operate.reach.settings import caps_of, holdouts_of, quiet_of

LEASE: Final = timedelta(seconds=60)
# Even without caps, what was said of the steps in hand is looked at.
_NO_TIME: Final = timedelta(0)


class Ready(NamedTuple):
    """A message that passed the gate and waits for its turn."""

    item: Item
    address_hash: UUID
    charge: Charge


class Batch(NamedTuple):
    """Messages leased under one claim; ``looked_at`` is how many intents the gate saw."""

    claim_id: UUID
    ready: Sequence[Ready]
    looked_at: int


async def claim(
    tx: Transaction,
    clerk: Clerk,
    account: Opened,
    *,
    account_id: int,
    claim_id: UUID,
    now: datetime,
    most: int,
    least: int = BROADCAST,
) -> Batch:
    """Judge what is due of an account and lease what passes, all in the caller's transaction."""
    repository = GateRepository(tx, account_id)
    rows = await repository.claim(now=now, most=most, least=least)
    if not rows:
        return Batch(claim_id, [], 0)
    items = await clerk.read(tx, repository, account, rows)
    await clerk.word(tx, account, account_id, items)
    return await _judge(tx, repository, account, items, claim_id=claim_id, now=now)


async def claim_for_callbacks(
    tx: Transaction,
    clerk: Clerk,
    account: Opened,
    intents: Sequence[int],
    *,
    account_id: int,
    claim_id: UUID,
    now: datetime,
) -> Batch:
    """The same for what is said in the answer to a callback: it is a right of its own and uses up no other."""
    repository = GateRepository(tx, account_id)
    rows = await repository.claim_these(intents)
    if not rows:
        return Batch(claim_id, [], 0)
    items = await clerk.read(tx, repository, account, rows)
    await clerk.word(tx, account, account_id, items)
    return await _judge(tx, repository, account, items, claim_id=claim_id, now=now, is_callback=True)


async def _judge(
    tx: Transaction,
    repository: GateRepository,
    account: Opened,
    items: Sequence[Item],
    *,
    claim_id: UUID,
    now: datetime,
    is_callback: bool = False,
) -> Batch:
    hashes = [hashed for _, hashed in pairs(items)]
    windows = await repository.list_windows(hashes) if account.adapter.about.allowances else {}
    # From here on nobody else counts, so that what is counted still holds when this commits.
    await repository.hold()
    book, touches = await _book(tx, repository, account, items, now=now)
    book.windows = windows
    if is_callback:
        book.rights = []
    cases = [_case(item, account, touches, book, now=now) for item in items]
    verdicts = gate.judge(_without_repeats(cases, items), book)
    return await _write(tx, repository, list(zip(items, verdicts, strict=True)), claim_id=claim_id, now=now)


async def _book(
    tx: Transaction, repository: GateRepository, account: Opened, items: Sequence[Item], *, now: datetime
) -> tuple[Book, list[Mapping[str, Any]]]:
    rules, salt = await SettingRepository(tx).get()
    channel = items[0].channel
    book = Book(caps=caps_of(rules), quiet=quiet_of(rules), holdouts=holdouts_of(rules, channel), salt=salt)
    book.rights = await repository.list_rights(channel, account.adapter.about.allowances, now=now)
    sinces = {
        right.name: now - timedelta(seconds=rights.reach_back_s(right))
        for right in book.rights
        if right.is_quota and right.lasts_s is not None
    }
    for row in await repository.list_used(sinces, [ACCOUNT, *(hashed for _, hashed in pairs(items))]):
        book.used.setdefault((row["allowance"], row["subject"]), {})[row["begins_at"]] = row["used"]
    steps = sorted({item.step for item in items})
    book.step_holdouts = await repository.list_step_holdouts(steps)
    longest = max((timedelta(seconds=cap.window_s) for cap in book.caps), default=_NO_TIME)
    people = [item.person_id for item in items if item.person_id is not None]
    touches = await repository.list_touches(people, steps=steps, since=now - longest)
    for row in touches:
        if row["purpose"] == "marketing" and row["passed_at"] > now - longest and not is_trial(row["step"]):
            touch = Touch(row["channel"], row["passed_at"], row["intent_id"])
            book.touches.setdefault(row["person_id"], []).append(touch)
    return book, list(touches)


def _case(item: Item, account: Opened, touches: Sequence[Mapping[str, Any]], book: Book, *, now: datetime) -> Case:
    had = {
        (row["person_id"], row["step"], once(row["step"], row["occurrence"]))
        for row in touches
        if row["intent_id"] != item.intent_id
    }
    weight = _weigh(item, account)
    case = Case(
        intent_id=item.intent_id,
        person_id=item.person_id,
        step=item.step,
        channel=item.channel,
        purpose=item.purpose,
        priority=item.priority,
        now=now,
        expires_at=item.expires_at,
        address_hash=item.address_hash,
        standing=item.standing,
        zone=item.zone,
        covers=weight.covers,
        parts=weight.messages,
        templates=item.templates,
        fault=item.written.fault,
        is_repeat=(item.person_id, item.step, once(item.step, item.occurrence)) in had,
        last_rule=item.rule,
        falls_back=item.falls_back,
    )
    if isinstance(account.adapter, Weighs) or "tasks" not in account.adapter.about.capabilities:
        return case
    return replace(case, covers="task") if case.covers == "free" and rights.find(case, book) is None else case


def _weigh(item: Item, account: Opened) -> Weight:
    """What the message takes of the platform's allowances, as the channel counts it, else by its parts."""
    if isinstance(account.adapter, Weighs) and item.address is not None and item.written.parts:
        return account.adapter.weigh(item.outgoing())
    return Weight(max(1, len(item.written.parts)), item.covers)


def _without_repeats(cases: Sequence[Case], items: Sequence[Item]) -> list[Case]:
    """The second of two that are one person by now is a repetition."""
    seen: set[tuple[int | None, str, str]] = set()
    found: list[Case] = []
    for case, item in zip(cases, items, strict=True):
        who = (item.person_id, item.step, once(item.step, item.occurrence))
        found.append(replace(case, is_repeat=True) if item.person_id is not None and who in seen else case)
        seen.add(who)
    return found


async def _write(
    tx: Transaction,
    repository: GateRepository,
    judged: Sequence[tuple[Item, Verdict]],
    *,
    claim_id: UUID,
    now: datetime,
) -> Batch:
    ready: list[Ready] = []
    for item, verdict in judged:
        hashed = item.address_hash
        if verdict.charge is not None and hashed is not None:
            ready.append(Ready(item, hashed, verdict.charge))
    decisions = [_decision(item, verdict, now=now) for item, verdict in judged]
    await repository.decide(decisions, claim_id=claim_id, now=now)
    await charge(repository, [(each.address_hash, each.charge) for each in ready], sign=1)
    ghosts = [
        facts.held_out(item, verdict.ruling, account_id=repository.account_id, now=now)
        for item, verdict in judged
        if verdict.ruling is not None and verdict.ruling.outcome == "held_out"
    ]
    if ghosts:
        await outbox.append(tx, ghosts)
    return Batch(claim_id, ready, len(judged))


async def charge(repository: GateRepository, charges: Sequence[tuple[UUID, Charge]], *, sign: int) -> None:
    """Use up what messages need; with ``sign`` -1 give it back."""
    windows: dict[tuple[Any, ...], int] = {}
    quotas: dict[tuple[Any, ...], int] = {}
    for hashed, each in charges:
        if each.window is not None:
            window = (hashed, *each.window)
            windows[window] = windows.get(window, 0) + sign * each.parts
        for quota in each.quotas:
            quotas[quota] = quotas.get(quota, 0) + sign * each.parts
    names = ("address_hash", "opens", "label", "opened_at")
    await repository.use(
        [{**dict(zip(names, key, strict=True)), "parts": parts} for key, parts in windows.items()],
        [
            {"allowance": key[0], "subject": key[1], "begins_at": key[2], "parts": parts}
            for key, parts in quotas.items()
        ],
    )


def read_charge(proof: Mapping[str, Any]) -> Charge:
    """What a message reserved, as it was written down."""
    window = proof.get("window")
    return Charge(
        None if window is None else (window[0], window[1], datetime.fromisoformat(window[2])),
        tuple((quota[0], UUID(quota[1]), datetime.fromisoformat(quota[2])) for quota in proof.get("quotas", ())),
        proof.get("parts", 1),
        None,
    )


def _decision(item: Item, verdict: Verdict, *, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"intent_id": item.intent_id, "rule": verdict.rule, "address_hash": item.address_hash}
    if verdict.charge is not None:
        good_until = verdict.charge.good_until
        leased_until = now + LEASE if good_until is None else min(now + LEASE, good_until)
        return found | {
            "state": "claimed",
            "notes": item.notes,
            "proof": _proof(item, verdict.charge, now=now),
            "leased_until": leased_until,
        }
    assert verdict.ruling is not None
    # What is not sent again may have arrived the first time: then nobody can say that the person was left out.
    skipped = "unclear" if item.doubts else "skipped"
    state = {"refused": skipped, "postponed": "waiting", "held_out": "held_out"}[verdict.ruling.outcome]
    notes = _noted(item.notes, verdict.rule or "", verdict.ruling, now=now)
    return found | {"state": state, "notes": notes, "due_at": verdict.ruling.until if state == "waiting" else None}


def _noted(notes: list[dict[str, Any]], rule: str, ruling: Ruling, *, now: datetime) -> list[dict[str, Any]]:
    """The notes with one more; a rule that postpones again and again is noted once."""
    note: dict[str, Any] = {"rule": rule, "outcome": ruling.outcome, "at": now, **ruling.detail}
    if ruling.until is not None and ruling.outcome == "postponed":
        note["until"] = ruling.until
    last = notes[-1] if notes else {}
    if ruling.outcome == "postponed" and last.get("rule") == rule and last.get("outcome") == "postponed":
        return [*notes[:-1], note | {"times": last.get("times", 1) + 1}]
    return [*notes, note]


def _proof(item: Item, spent: Charge, *, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"at": now, "parts": spent.parts, "zone": item.zone, **item.written.note}
    if spent.window is not None:
        found["window"] = spent.window
    if spent.quotas:
        found["quotas"] = spent.quotas
    return found
