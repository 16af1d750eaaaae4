"""Saying traits of people otherwise than by an event: checked against what was declared, and newer than all known."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fanwheel.cdp import persons
from fanwheel.cdp.traits import service, values
from fanwheel.cdp.traits.contracts import Change, Definition, Type
from fanwheel.cdp.traits.errors import BadTraitValueError
from fanwheel.cdp.traits.repository import TraitRepository
from fanwheel.infra.postgres import Transaction

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 2_000


async def check(tx: Transaction, said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of somebody as it is kept; None takes a trait away.

    Raises
    ------
    BadTraitValueError
        If a value does not fit its trait, or nobody can say the trait because it is worked out.
    """
    known = service.by_name(await service.list_definitions(tx))
    return {name: check_one(known.get(name), name, value) for name, value in said.items()}


def check_one(definition: Definition | None, name: str, value: Any) -> Any:
    """The same of one value."""
    if definition is None:
        if not service.is_name(name):
            raise BadTraitValueError(
                f"No trait can be called “{name}”.", hint="Take 1 to 64 characters without a dot or line breaks."
            )
        return None if value is None else values.check_undeclared(name, value)
    require_sayable(definition)
    return values.check(definition, value)


def require_sayable(definition: Definition) -> None:
    """Refuse a trait that is worked out."""
    if definition.origin in ("computed", "score"):
        who = "from events" if definition.origin == "computed" else "by the measurement"
        raise BadTraitValueError(f"“{definition.name}” is worked out {who}.", hint="Say it under another name.")


async def state(
    tx: Transaction, people: Collection[int], said: Mapping[str, Any], *, source: str, now: datetime
) -> set[int]:
    """Say the same of several people, at the homes by which they are named; the persons.

    ``said`` has been through :func:`check`. Homes that there are no more are left out. Up to 2,000 people show it at
    once, more of them as soon as the worker has come to them.
    """
    return await state_each(tx, dict.fromkeys(people, said), source=source, now=now)


async def state_each(tx: Transaction, said: Mapping[int, Mapping[str, Any]], *, source: str, now: datetime) -> set[int]:
    """The same, of each home something of its own."""
    said = {home: told for home, told in said.items() if told}
    at_us = (now - _EPOCH) // timedelta(microseconds=1)
    found = await TraitRepository(tx).state(said, source=source, at_us=at_us)
    return await _show(tx, set(found.values()))


async def put_back(tx: Transaction, entries: Mapping[int, Mapping[str, Any]], people: Collection[int]) -> None:
    """Give homes the statements that they had before, each ``[value, at_us, source]`` or None; ``people`` show it."""
    await TraitRepository(tx).put_back(entries)
    await _show(tx, set(people))


async def _show(tx: Transaction, people: set[int]) -> set[int]:
    if len(people) > _AT_ONCE:
        await TraitRepository(tx).mark_stale(people)
    elif people:
        await persons.refold(tx, people)
    return people


async def list_of_person(tx: Transaction, home_id: int) -> list[dict[str, Any]]:
    """The traits of the person behind a home id: what each is, since when, and from whom.

    Raises
    ------
    PersonNotFoundError
        If there is no such person.
    """
    person = await persons.get_living(tx, home_id)
    return [_told(row) for row in await TraitRepository(tx).list_of_person(person)]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    name, score = row["name"], service.SCORES.get(row["name"])
    told: dict[str, Any] = {
        "name": name,
        "label": row["label"] or "",
        "unit": row["unit"] or "",
        "value": row["value"],
        "source": row["source"],
        "at": row["at"],
    }
    if row["source"] == "computed":
        return told | {"origin": "computed", "type": row["type"] or _guess(row["value"])}
    if score is not None and row["source"] == "measure":
        return told | {"origin": "score", "type": score.type}
    origin = "observed" if row["type"] is None else "declared"
    return told | {"origin": origin, "type": row["type"] or _guess(row["value"])}


def _guess(value: Any) -> Type:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "options" if isinstance(value, list) else "text"


async def list_changes(
    tx: Transaction,
    homes: Collection[int],
    *,
    kind: str | None = None,
    name: str | None = None,
    before: int | None = None,
    limit: int,
) -> list[Change]:
    """What has changed in the portrait of a person with these homes, newest first."""
    return await TraitRepository(tx).list_changes(homes, kind=kind, name=name, before=before, limit=limit)
