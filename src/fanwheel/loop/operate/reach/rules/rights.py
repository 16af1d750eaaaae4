"""Platforms' windows and quotas: a right to speak must be open, and every quota must have room.

Quotas roll: what was used is kept in parts of a quota's length, and a part counts for as long as any moment in it
could. So no window of that length, wherever the platform begins it, ever holds more than the quota allows.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from fanwheel.loop.operate.reach.contracts import OpenRight
from fanwheel.loop.operate.reach.rules.case import ACCOUNT, Book, Case, Charge, Right, Ruling, Window

# A message goes out at the latest so long after it has passed the gate.
SLACK_S: Final = 120
# A right that ends within this time may be over before the platform looks.
_HASTE: Final = timedelta(seconds=2)
_PARTS: Final = 24


def window(case: Case, book: Book) -> Ruling | None:
    """The person must have given a right to speak where the platform asks for one."""
    rights = [right for right in book.rights if not right.is_quota and _covers(right, case)]
    if not rights or _is_free_of_windows(case, book) or find(case, book) is not None:
        return None
    spent = any(True for _ in _running(case, book))
    detail = {"rights": [right.name for right in rights], "spent": spent}
    return Ruling(outcome="postponed", until=case.expires_at, detail=detail)


def quota(case: Case, book: Book) -> Ruling | None:
    """Every quota of the platform must have room for it."""
    for right in _quotas(case, book):
        if right.most is None or right.lasts_s is None:
            continue
        used = book.used.get((right.name, subject(right, case)), {})
        alive = sorted((begins, count) for begins, count in used.items() if _end(begins, right) > case.now)
        total = sum(count for _, count in alive)
        if total + case.parts > right.most:
            detail = {"quota": right.name, "most": right.most, "used": total, "per": right.per}
            return Ruling(outcome="postponed", until=_room_at(alive, right, case), detail=detail)
    return None


def charge(case: Case, book: Book) -> Charge:
    """Use up what a message needs that passed; what that was."""
    found = None if _is_free_of_windows(case, book) else find(case, book)
    good_until = None
    if found is not None:
        taken, right = found
        taken.used += case.parts
        good_until = _closes(taken, right)
    spent: list[tuple[str, UUID, datetime]] = []
    for right in _quotas(case, book):
        begins = part_of(right, case.now)
        whose = subject(right, case)
        used = book.used.setdefault((right.name, whose), {})
        used[begins] = used.get(begins, 0) + case.parts
        spent.append((right.name, whose, begins))
    key = None if found is None else (found[0].opens, found[0].label, found[0].opened_at)
    return Charge(key, tuple(spent), case.parts, None if good_until is None else good_until - _HASTE)


def find(case: Case, book: Book) -> tuple[Window, Right] | None:
    """The right to use: the one that ends first, so that what lasts is kept."""
    open_ones = [(taken, right) for taken, right in _running(case, book) if _room(taken, right) >= case.parts]
    far = datetime.max.replace(tzinfo=UTC)
    return min(open_ones, key=lambda each: _closes(*each) or far, default=None)


def speak(
    rights: Sequence[Right], given: Sequence[Window], now: datetime, *, is_comment: bool = False
) -> list[OpenRight] | None:
    """What may be said now to somebody who gave some rights, what lasts longest first; None: anything at any time.

    An answer to a comment needs a comment's own right, and nothing else does.
    """
    if all(right.is_quota for right in rights):
        return None
    found: list[OpenRight] = []
    for right in rights:
        if right.is_quota and right.covers in ("template", "task") and not is_comment:
            found.append(OpenRight(right.name, "always", None, None, right.covers))
        elif not right.is_quota and (right.covers == "comment") == is_comment:
            found += [told for taken in given if (told := _open(taken, right, now)) is not None]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda each: (each.opened_by == "always", -(each.until or far).timestamp()))


def _open(taken: Window, right: Right, now: datetime) -> OpenRight | None:
    if taken.opens != right.opens or (taken.opens == "grant" and not _is_granted(right, taken.label)):
        return None
    closes, left = _closes(taken, right), _room(taken, right)
    if left < 1 or (closes is not None and closes - _HASTE <= now):
        return None
    name = taken.label if taken.opens == "grant" else right.name
    return OpenRight(name, taken.opens, closes, None if left == float("inf") else int(left), right.covers)


def subject(right: Right, case: Case) -> UUID:
    """Whose quota it is."""
    return ACCOUNT if right.per == "account" or case.address_hash is None else case.address_hash


def part_of(right: Right, now: datetime) -> datetime:
    """The begin of the part of a quota's length that a moment is in."""
    length = _part_s(right)
    return datetime.fromtimestamp(now.timestamp() // length * length, UTC)


def reach_back_s(right: Right) -> int:
    """For so long what was used may count."""
    return (right.lasts_s or 0) + _part_s(right) + SLACK_S


def _part_s(right: Right) -> int:
    return max(1, (right.lasts_s or 0) // _PARTS)


def _end(begins: datetime, right: Right) -> datetime:
    return begins + timedelta(seconds=reach_back_s(right))


def _room_at(alive: list[tuple[datetime, int]], right: Right, case: Case) -> datetime | None:
    """When enough of what was used is over; None: never, because the message is larger than the quota."""
    need = sum(count for _, count in alive) + case.parts - (right.most or 0)
    for begins, count in alive:
        need -= count
        if need <= 0:
            return _end(begins, right)
    return None


def _quotas(case: Case, book: Book) -> Iterator[Right]:
    return (right for right in book.rights if right.is_quota and _covers(right, case))


def _covers(right: Right, case: Case) -> bool:
    return right.covers == case.covers or (right.covers == "any" and case.covers != "comment")


def _is_free_of_windows(case: Case, book: Book) -> bool:
    """Whether a quota of their own allows such messages at any time; what is granted by name needs the grant."""
    if case.covers == "free" or any(_is_granted(right, name) for right in book.rights for name in case.templates):
        return False
    return any(right.is_quota and right.covers == case.covers for right in book.rights)


def _is_granted(right: Right, name: str) -> bool:
    """Whether a grant of that name is one of this right: the right's own name, or with something after a colon."""
    return right.opens == "grant" and (name == right.name or name.startswith(f"{right.name}:"))


def _running(case: Case, book: Book) -> Iterator[tuple[Window, Right]]:
    """Rights that were given and whose time is not over, used up or not."""
    given = book.windows.get(case.address_hash, ()) if case.address_hash else ()
    for taken in given:
        for right in book.rights:
            if right.is_quota or not _covers(right, case) or not _is_of(taken, right, case):
                continue
            closes = _closes(taken, right)
            if closes is None or closes - _HASTE > case.now:
                yield taken, right


def _is_of(taken: Window, right: Right, case: Case) -> bool:
    if taken.opens != "grant":
        return taken.opens == right.opens
    return _is_granted(right, taken.label) and (taken.label == right.name or taken.label in case.templates)


def _closes(taken: Window, right: Right) -> datetime | None:
    ends = [taken.until] if taken.until is not None else []
    if right.lasts_s is not None:
        ends.append(taken.opened_at + timedelta(seconds=right.lasts_s))
    return min(ends, default=None)


def _room(taken: Window, right: Right) -> float:
    most = taken.granted if taken.granted is not None else right.most
    return float("inf") if most is None else most - taken.used
