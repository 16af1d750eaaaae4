"""Receipts: what platforms tell later of messages that they took."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.cdp import consent
from fanwheel.domains.private.channels.contracts import Receipt
from fanwheel.infra import outbox
from fanwheel.infra.outbox import Fact
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.reach import facts
from fanwheel.loop.operate.reach.keys import read_key
from fanwheel.loop.operate.reach.repository import IntentRepository

# That it arrived, or was looked at, proves that it went out.
_PROOFS: Final = frozenset({"confirmed", "delivered", "read", "opened", "clicked", "complained"})
_FAILURES: Final = frozenset({"failed", "bounced", "refused"})
_LONGEST_DETAIL: Final = 300

Row = Mapping[str, Any]


async def take_receipts(
    tx: Transaction, *, account_id: int, receipts: Sequence[Receipt], hasher: consent.AddressHasher, now: datetime
) -> int:
    """Write down what a platform told; how many receipts were new. Of messages that are not ours nothing is kept."""
    intents = IntentRepository(tx)
    asked = [_ask(tx, place, receipt) for place, receipt in enumerate(receipts)]
    asked = [each for each in asked if each[1] is not None or each[2]]
    if not asked:
        return 0
    found = await intents.find_told(account_id, asked)
    told = [(receipts[place], row) for place, row in sorted(found.items())]
    if not told:
        return 0
    fresh = await intents.add_receipts([_row(receipt, row) for receipt, row in told])
    told = [(receipt, row) for receipt, row in told if (row["intent_id"], receipt.key) in fresh]
    await intents.change_states(_states(told), now=now)
    await outbox.append(tx, _facts(told, now=now))
    await _suppress(tx, hasher, told, now=now)
    return len(told)


def _ask(tx: Transaction, place: int, receipt: Receipt) -> tuple[int, int | None, str | None]:
    assert tx.workspace is not None
    intent_id = read_key(receipt.message, tx.workspace) if receipt.message else None
    return place, intent_id, receipt.platform_id or None


def _row(receipt: Receipt, row: Row) -> dict[str, Any]:
    return {
        "intent_id": row["intent_id"],
        "key": receipt.key,
        "state": receipt.state,
        "is_machine": receipt.is_machine,
        "detail": receipt.detail[:_LONGEST_DETAIL],
        "happened_at": receipt.at,
    }


def _states(told: Sequence[tuple[Receipt, Row]]) -> dict[int, tuple[str, str | None]]:
    found: dict[int, tuple[str, str | None]] = {}
    for receipt, row in told:
        if receipt.state in _FAILURES:
            found[row["intent_id"]] = ("failed", receipt.state)
        elif receipt.state in _PROOFS and _is_open(row):
            found.setdefault(row["intent_id"], ("sent", None))
    return found


def _is_open(row: Row) -> bool:
    """Whether it is not certain yet that it went out; what may have gone out and waits is then not said again."""
    return row["state"] in {"task", "unclear"} or (row["state"] in {"waiting", "claimed"} and row["doubts"] > 0)


def _facts(told: Sequence[tuple[Receipt, Row]], *, now: datetime) -> list[Fact]:
    found: list[Fact | None] = []
    confirmed: set[int] = set()
    for receipt, row in told:
        is_news = _is_open(row) and row["intent_id"] not in confirmed
        if receipt.state in _PROOFS and is_news:
            confirmed.add(row["intent_id"])
            found.append(facts.confirmed(row, now=min(receipt.at, now)))
        more: dict[str, Any] = {"is_machine": True} if receipt.is_machine else {}
        if receipt.state == "read":
            more |= {"is_read": True}
        if receipt.url:
            more |= {"url": receipt.url}
        found.append(facts.told(row, state=receipt.state, key=receipt.key, at=receipt.at, more=more))
    return [fact for fact in found if fact is not None]


async def _suppress(
    tx: Transaction, hasher: consent.AddressHasher, told: Sequence[tuple[Receipt, Row]], *, now: datetime
) -> None:
    """Write no more to addresses from which messages come back for good, or complaints."""
    for receipt, row in told:
        if row["kind"] is None:
            continue
        entry = consent.Entry(row["kind"], row["value"], row["channel"], "bounce")
        if receipt.state == "bounced":
            await consent.count_bounce(tx, hasher, entry, is_permanent=receipt.is_permanent, now=now)
        elif receipt.state == "complained":
            await consent.suppress(tx, hasher, [entry._replace(reason="complaint")], actor="system", now=now)
