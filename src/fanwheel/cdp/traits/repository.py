"""Definitions, values and changes of traits, read and written through one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from fanwheel.cdp.traits.contracts import Change, Definition, Option
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.cdp.traits")
_STORED: Final = (
    "label", "description", "type", "unit", "options", "formula", "status", "keeps_history", "position",
)  # fmt: skip


def _array(values: Iterable[object]) -> str:
    """An array of numbers as PostgreSQL reads it."""
    return "{" + ",".join(map(str, values)) + "}"


class TraitRepository:
    """The traits of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # ------------------------------------------------------------ definitions
    async def list_definitions(self, name: str | None = None) -> list[Definition]:
        """Definitions in their order; one of them where a name is given."""
        return [_definition(row) for row in await self._tx.all(_SQL["list_definitions"], name=name)]

    async def add(self, name: str, values: Mapping[str, Any], *, actor: str) -> bool:
        """Add a definition; whether there was none of that name."""
        given = {column: _stored(values.get(column)) for column in _STORED}
        return await self._tx.one_or_none(_SQL["add_definition"], name=name, actor=actor, **given) is not None

    async def change(self, name: str, values: Mapping[str, Any], *, actor: str) -> None:
        """Change a definition; what is None stays."""
        given = {column: _stored(values.get(column)) for column in _STORED}
        await self._tx.run(_SQL["change_definition"], name=name, actor=actor, **given)

    async def hold(self, name: str) -> bool:
        """Keep other changes of a definition out; whether there is one."""
        return await self._tx.one_or_none(_SQL["hold_definition"], name=name) is not None

    async def delete(self, name: str) -> None:
        """Forget a definition."""
        await self._tx.run(_SQL["delete_definition"], name=name)

    async def list_asking(self, name: str) -> list[str]:
        """Names of the segments whose rules ask for a trait."""
        return [row["name"] for row in await self._tx.all(_SQL["list_asking"], name=name)]

    async def count_people(self) -> int:
        """How many persons there are rows of."""
        return int(await self._tx.value(_SQL["count_people"]))

    async def count_values(self, *, step: int) -> tuple[int, dict[str, Row]]:
        """How many people there are, of every so many-th of them, and what they have, by trait."""
        rows = await self._tx.all(_SQL["count_values"], step=step)
        counts = {row["name"]: row for row in rows}
        return counts.pop(None)["people"], counts

    # ------------------------------------------------------------ people
    async def list_of_person(self, person: int) -> list[Row]:
        """The traits of a person with their definitions, when they were said and by whom."""
        return await self._tx.all(_SQL["list_person_traits"], person=person)

    async def state(self, said: Mapping[int, Mapping[str, Any]], *, source: str, at_us: int) -> dict[int, int]:
        """Say traits at some homes; the homes that there are, each with its person."""
        rows = [{"home_id": home, "traits": traits} for home, traits in sorted(said.items())]
        found = await self._tx.all(_SQL["state"], said=to_json_rows(rows), source=source, at_us=at_us)
        return {row["home_id"]: row["person_id"] for row in found}

    async def put_back(self, entries: Mapping[int, Mapping[str, Any]]) -> None:
        """Give homes the statements that they had; None where there was none."""
        rows = [{"home_id": home, "traits": traits} for home, traits in sorted(entries.items())]
        await self._tx.run(_SQL["put_back"], said=to_json_rows(rows))

    async def mark_stale(self, persons: Collection[int]) -> None:
        """Ask for persons to be folded again."""
        await self._tx.run(_SQL["mark_stale"], persons=_array(sorted(persons)))

    async def list_changes(
        self, homes: Collection[int], *, kind: str | None, name: str | None, before: int | None, limit: int
    ) -> list[Change]:
        """What has changed in the portraits of some homes, newest first."""
        rows = await self._tx.all(
            _SQL["list_changes"], homes=_array(homes), kind=kind, name=name, before=before, limit=limit
        )
        return [Change(**row) for row in rows]

    async def list_values(self, persons: Collection[int]) -> dict[int, dict[str, Any]]:
        """What some persons have."""
        rows = await self._tx.all(_SQL["list_values"], persons=_array(sorted(persons)))
        return {row["person_id"]: row["traits"] for row in rows}

    async def list_untagged(self, persons: Collection[int], tags: Sequence[str]) -> set[int]:
        """Those of some persons who have not all of the tags."""
        rows = await self._tx.all(_SQL["list_untagged"], persons=_array(sorted(persons)), tags=list(tags))
        return {row["person_id"] for row in rows}

    async def list_identified(self, persons: Sequence[int]) -> list[Row]:
        """What some persons have, and who they are, in the order of their ids."""
        return await self._tx.all(_SQL["list_identified"], persons=_array(persons))

    async def list_real(self) -> list[int]:
        """Everybody who is listed, in the order of their ids."""
        return [row["person_id"] for row in await self._tx.all(_SQL["list_real"])]


def _stored(value: Any) -> Any:
    """Lists and objects as JSON."""
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict) else value


def _definition(row: Row) -> Definition:
    options = [Option(option["value"], option["label"]) for option in row.pop("options")]
    return Definition(**row, options=options, origin="computed" if row["formula"] is not None else "declared")
