"""The gate: the rules in their order, each asked only if all before it had nothing against the message."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from fanwheel.loop.operate.reach.rules import caps, holdouts, quiet, rights
from fanwheel.loop.operate.reach.rules.case import Book, Case, Ruling, Verdict

Rule = Callable[[Case, Book], Ruling | None]
# Looked at again after so long where nobody knows when it will be better.
_LOOK_AGAIN: Final = timedelta(days=1)


def expired(case: Case, book: Book) -> Ruling | None:
    """It must not be too late for it."""
    if case.expires_at is None or case.now < case.expires_at:
        return None
    return Ruling(outcome="refused", detail={"waited_for": case.last_rule} if case.last_rule else {})


def erased(case: Case, book: Book) -> Ruling | None:
    """The person must still be there."""
    return Ruling(outcome="refused") if case.person_id is None or case.standing == "erased" else None


def repeated(case: Case, book: Book) -> Ruling | None:
    """Nobody gets the same message under two names."""
    return Ruling(outcome="refused") if case.is_repeat else None


def address(case: Case, book: Book) -> Ruling | None:
    """There must be an address to write to."""
    return Ruling(outcome="refused") if case.address_hash is None else None


def suppressed(case: Case, book: Book) -> Ruling | None:
    """The address must not be on a suppression list."""
    return Ruling(outcome="refused") if case.standing == "suppressed" else None


def consent(case: Case, book: Book) -> Ruling | None:
    """Marketing needs consent; nothing goes out against a withdrawal."""
    return None if case.standing is None else Ruling(outcome="refused", detail={"why": case.standing})


def content(case: Case, book: Book) -> Ruling | None:
    """What is to be said must be written and sound."""
    return None if case.fault is None else Ruling(outcome="refused", detail=case.fault)


RULES: Final = MappingProxyType[str, Rule](
    {
        "expired": expired,
        "erased": erased,
        "repeated": repeated,
        "address": address,
        "suppressed": suppressed,
        "consent": consent,
        "window": rights.window,
        "quota": rights.quota,
        "cap": caps.cap,
        "quiet_hours": quiet.quiet_hours,
        "content": content,
        "holdout": holdouts.holdout,
    }
)


def judge(cases: Sequence[Case], book: Book) -> list[Verdict]:
    """What becomes of some intents, one after the other; whoever passes uses up what the next ones lack."""
    return [_judge(case, book) for case in cases]


def _judge(case: Case, book: Book) -> Verdict:
    for name, rule in RULES.items():
        ruling = rule(case, book)
        if ruling is None:
            continue
        if ruling.outcome == "held_out":
            caps.note(case, book)
        return Verdict(case=case, rule=name, ruling=_in_time(ruling, case, rule=name))
    caps.note(case, book)
    return Verdict(case=case, charge=rights.charge(case, book))


def _in_time(ruling: Ruling, case: Case, *, rule: str) -> Ruling:
    """A wait must end before it is too late for the message; without a last moment it is not waited for at all.

    What the platform does not allow now is not waited for where another channel can be tried at once.
    """
    if ruling.outcome != "postponed":
        return ruling
    if case.expires_at is None or (case.falls_back and rule in ("window", "quota")):
        return replace(ruling, outcome="refused")
    until = ruling.until or case.now + _LOOK_AGAIN
    if ruling.until is not None and until > case.expires_at:
        return replace(ruling, outcome="refused")
    return replace(ruling, until=min(until, case.expires_at))
