"""Giving tags and taking them off: of one person or of very many, with who did it and why."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from fanwheel.cdp import persons
from fanwheel.cdp.tags.contracts import Given, Origin, Outcome, Taken, Wanted
from fanwheel.cdp.tags.errors import BadTagError, ExclusiveTagsError
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

MAX_LENGTH: Final = 64
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_SQL: Final = sqlfile.load("fanwheel.cdp.tags", "giving.sql")
_FOLD_AT_ONCE: Final = 5_000
_EXPIRE_AT_ONCE: Final = 2_000


async def give(
    tx: Transaction,
    homes: Collection[int],
    tags: Sequence[str],
    *,
    origin: Origin,
    by: str,
    now: datetime,
    reason: str = "",
    expires_at: datetime | None = None,
) -> Outcome:
    """Put tags on the persons of ``homes`` and take those off that exclude them; what was changed.

    Homes that nobody has, or no longer, are left out. Without ``expires_at`` a tag lasts as long as its definition
    says. Tags that the person has until then already stay as they are; others are renewed.

    Raises
    ------
    BadTagError, ExclusiveTagsError
        If a tag is empty or too long, or two of them exclude each other.
    """
    words = list(dict.fromkeys(clean(tag) for tag in tags))
    if pair := await tx.one_or_none(_SQL["list_exclusive"], tags=words):
        raise ExclusiveTagsError(
            f"“{pair['tag']}” and “{pair['other']}” exclude each other.", hint="Give one tag of a group at a time."
        )
    held = await _hold(tx, homes)
    said = {"now": now, "by": by, "reason": reason}
    rows = await tx.all(
        _SQL["give"],
        homes=_array(held),
        persons=_array(held.values()),
        tags=words,
        origin=origin,
        expires_at=expires_at,
        **said,
    )
    given = [Given(**row) for row in rows]
    rivals = await tx.all(
        _SQL["take_rivals"],
        persons=_array(each.person_id for each in given),
        tags=[each.tag for each in given],
        **said,
    )
    outcome = Outcome(given=given, taken=[Taken(**row) for row in rivals])
    await refold(tx, outcome.people)
    return outcome


async def take(
    tx: Transaction,
    homes: Collection[int],
    tags: Sequence[str],
    *,
    origin: Origin,
    by: str,
    now: datetime,
    reason: str = "",
) -> Outcome:
    """Take tags off every home of the persons of ``homes``, whoever put them on; what was changed.

    What a rule keeps on comes back when the person meets the rule anew, or the rule is built anew.
    """
    words = list(dict.fromkeys(clean(tag) for tag in tags))
    found = await _hold(tx, homes)
    rows = await tx.all(
        _SQL["take"], persons=_array(found.values()), tags=words, origin=origin, by=by, now=now, reason=reason
    )
    outcome = Outcome(taken=[Taken(**row) for row in rows])
    await refold(tx, outcome.people)
    return outcome


async def undo(tx: Transaction, outcome: Outcome, *, by: str, now: datetime) -> set[int]:
    """Take back just what was changed, but for what others have changed since; the persons concerned.

    A tag that was only renewed keeps its new time.
    """
    new = [each for each in outcome.given if each.is_new]
    gone = await tx.all(
        _SQL["take_given"],
        homes=_array(each.home_id for each in new),
        tags=[each.tag for each in new],
        moments=[each.tagged_at for each in new],
        by=by,
        now=now,
    )
    held = await _hold(tx, {each.home_id for each in outcome.taken}, is_each=True)
    taken = to_json_rows([msgspec.to_builtins(each) for each in outcome.taken])
    back = await tx.all(_SQL["give_taken"], taken=taken, homes=_array(held), by=by, now=now)
    concerned = {row["home_id"] for row in (*gone, *back)}
    found = set((await _hold(tx, concerned, is_each=True)).values())
    await refold(tx, found)
    return found


async def change(
    tx: Transaction,
    person_id: int,
    *,
    add: Iterable[Wanted | str] = (),
    remove: Sequence[str] = (),
    by: str,
    now: datetime,
    reason: str = "",
    origin: Origin = "user",
) -> Outcome:
    """Take tags off one person and put others on; what was changed.

    Raises
    ------
    PersonNotFoundError
        If there is no such person.
    BadTagError, ExclusiveTagsError
        If a tag is empty or too long, would be over already, or two of them exclude each other.
    """
    person = await persons.get_living(tx, person_id)
    wanted = [Wanted(each) if isinstance(each, str) else each for each in add]
    for each in wanted:
        require_ahead(each.expires_at, now=now)
    taken = await take(tx, [person], remove, origin=origin, by=by, now=now, reason=reason)
    if pair := await tx.one_or_none(_SQL["list_exclusive"], tags=[clean(each.tag) for each in wanted]):
        raise ExclusiveTagsError(
            f"“{pair['tag']}” and “{pair['other']}” exclude each other.", hint="Give one tag of a group at a time."
        )
    given: list[Given] = []
    gone = list(taken.taken)
    alike: dict[tuple[datetime | None, str], list[str]] = {}
    for each in wanted:
        alike.setdefault((each.expires_at, each.reason or reason), []).append(each.tag)
    for (expires_at, why), words in alike.items():
        done = await give(tx, [person], words, origin=origin, by=by, now=now, reason=why, expires_at=expires_at)
        given += done.given
        gone += done.taken
    return Outcome(given=given, taken=gone)


def require_ahead(expires_at: datetime | None, *, now: datetime) -> None:
    """Refuse an end that is over already; raises ``BadTagError``."""
    if expires_at is not None and expires_at <= now:
        raise BadTagError("The tag would be over before it is given.", hint="Choose a later end, or none.")


async def expire(tx: Transaction, *, now: datetime) -> int:
    """Take tags off whose time has come; how many."""
    rows = await tx.all(_SQL["expire"], now=now, most=_EXPIRE_AT_ONCE)
    await refold(tx, {row["home_id"] for row in rows})
    return len(rows)


async def refold(tx: Transaction, homes: Collection[int]) -> None:
    """Bring the rows of a few persons up to date at once, and have those of many brought up to date."""
    if len(homes) > _FOLD_AT_ONCE:
        await tx.run(_SQL["note_stale"], persons=_array(sorted(homes)))
    elif homes:
        await persons.refold(tx, homes)


def clean(tag: str) -> str:
    """A tag without needless spaces; raises ``BadTagError``."""
    cleaned = " ".join(tag.split())
    if not cleaned or len(cleaned) > MAX_LENGTH or _UNPRINTABLE.search(cleaned):
        raise BadTagError(hint=f"Send 1 to {MAX_LENGTH} characters that can be shown.")
    return cleaned


async def _hold(tx: Transaction, homes: Collection[int], *, is_each: bool = False) -> dict[int, int]:
    """The persons of homes that were not erased, and cannot be until the transaction ends.

    One home of each person: their own where it is among those given; with ``is_each`` all.
    """
    rows = await tx.all(_SQL["hold_homes"], homes=_array(sorted(set(homes)))) if homes else []
    if is_each:
        return {row["home_id"]: row["person_id"] for row in rows}
    home_of: dict[int, int] = {}
    for row in rows:
        home, person = row["home_id"], row["person_id"]
        if home == person or person not in home_of:
            home_of[person] = home
    return {home: person for person, home in sorted(home_of.items())}


def _array(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"
