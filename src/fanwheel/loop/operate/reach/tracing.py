"""Why a message went out, or why not: every rule of the gate in its order, with the figures it went by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.reach.contracts import Mark, Progress, Step, Trace
from fanwheel.loop.operate.reach.errors import IntentNotFoundError
from fanwheel.loop.operate.reach.repository import IntentRepository
from fanwheel.loop.operate.reach.rules.gate import RULES

_PROVES_MOST: Final = (
    "complained",
    "bounced",
    "failed",
    "refused",
    "clicked",
    "opened",
    "read",
    "delivered",
    "confirmed",
)
# What is written down for the machinery alone, or would be no news in plain words.
_HIDDEN: Final = frozenset({"rule", "outcome", "at", "quotas", "window"})


async def trace(tx: Transaction, intent_id: int) -> Trace:
    """The whole story of an intent.

    Raises
    ------
    IntentNotFoundError
        If there is none of that number.
    """
    rows = await IntentRepository(tx).find_intents(one=intent_id, limit=1)
    if not rows:
        raise IntentNotFoundError
    return (await _traces(tx, rows))[0]


async def list_traces(tx: Transaction, person_id: int, *, before: int | None = None, limit: int) -> list[Trace]:
    """The stories of all that was to be said to a person, newest first."""
    return await _traces(tx, await IntentRepository(tx).find_intents(person=person_id, before=before, limit=limit))


async def list_states(tx: Transaction, intents: Sequence[int]) -> dict[int, Progress]:
    """How far some messages have come."""
    repository = IntentRepository(tx)
    best: dict[int, str] = {}
    for row in await repository.list_receipts(intents):
        now_best = best.get(row["intent_id"])
        if not row["is_machine"] and (now_best is None or _rank(row["state"]) < _rank(now_best)):
            best[row["intent_id"]] = row["state"]
    return {
        row["intent_id"]: Progress(row["state"], row["rule"], best.get(row["intent_id"]), row["done_at"])
        for row in await repository.list_progress(intents)
    }


async def _traces(tx: Transaction, rows: Sequence[Row]) -> list[Trace]:
    marks: dict[int, list[Mark]] = {}
    for row in await IntentRepository(tx).list_receipts([row["intent_id"] for row in rows]):
        mark = Mark(row["state"], row["happened_at"], row["is_machine"], row["detail"])
        marks.setdefault(row["intent_id"], []).append(mark)
    return [_trace(row, marks.get(row["intent_id"], [])) for row in rows]


def _trace(row: Row, marks: Sequence[Mark]) -> Trace:
    return Trace(
        intent_id=row["intent_id"],
        person_id=row["person_id"],
        step=row["step"],
        occurrence=row["occurrence"],
        channel=row["channel"],
        account_id=row["account_id"],
        purpose=row["purpose"],
        state=row["state"],
        rule=row["rule"],
        attempts=row["attempts"],
        doubts=row["doubts"],
        made_at=row["made_at"],
        due_at=row["due_at"],
        done_at=row["done_at"],
        steps=_steps(row),
        receipts=marks,
    )


def _steps(row: Row) -> list[Step]:
    """Every answer of the gate, then every attempt: what is not noted was passed by whoever got further."""
    notes = [_step(note) for note in row["notes"]]
    at_gate = [step for step in notes if step.rule in RULES]
    later = [step for step in notes if step.rule not in RULES]
    last = at_gate[-1] if at_gate else None
    if row["proof"] is not None:
        return _once_passed(row, at_gate, later)
    if last is None:
        return later
    before = [step for step in at_gate if step.outcome == "postponed" and step is not last]
    passed = list(RULES)[: list(RULES).index(last.rule)]
    return [*before, *(Step(rule, "passed", last.at, {}) for rule in passed), last, *later]


def _once_passed(row: Row, at_gate: Sequence[Step], later: Sequence[Step]) -> list[Step]:
    """The answers up to the moment at which all rules were passed, and what followed: an attempt may bring it back."""
    kept = row["proof"].get("at")
    at = datetime.fromisoformat(kept) if kept else row["passed_at"] or row["done_at"] or row["made_at"]
    proof = {name: value for name, value in row["proof"].items() if name not in _HIDDEN}
    through = [Step(rule, "passed", at, _detail(rule, proof)) for rule in RULES]
    before = [step for step in at_gate if step.at <= at]
    after = [step for step in at_gate if step.at > at]
    return [*before, *through, *sorted([*later, *after], key=lambda step: step.at), *_sent(row)]


def _detail(rule: str, proof: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures that belong to a rule which was passed."""
    belongs = {"quiet_hours": ("zone",), "content": ("variant", "language", "parts")}.get(rule, ())
    return {name: proof[name] for name in belongs if name in proof}


def _sent(row: Row) -> list[Step]:
    if row["state"] not in {"sent", "task"} or row["done_at"] is None:
        return []
    return [Step("provider", "passed", row["done_at"], {"attempts": row["attempts"]})]


def _step(note: Mapping[str, Any]) -> Step:
    detail = {name: value for name, value in note.items() if name not in _HIDDEN}
    return Step(note["rule"], note["outcome"], datetime.fromisoformat(note["at"]), detail)


def _rank(state: str) -> int:
    return _PROVES_MOST.index(state) if state in _PROVES_MOST else len(_PROVES_MOST)
