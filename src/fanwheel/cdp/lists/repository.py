"""Lists and who is on them, read and written through one transaction."""

from collections.abc import Collection, Iterable
from typing import Any, Final, Literal
from uuid import UUID

from fanwheel.cdp.lists.contracts import Gathered, PeopleList, Place, Upload
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.lists")


def _array(values: Iterable[object]) -> str:
    """An array of numbers or UUIDs as PostgreSQL reads it."""
    return "{" + ",".join(map(str, values)) + "}"


class ListRepository:
    """The lists of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_lists(
        self,
        *,
        before: int | None = None,
        one: int | None = None,
        segment_id: int | None = None,
        within: str | None = None,
        limit: int,
    ) -> list[PeopleList]:
        """Lists, newest first."""
        rows = await self._tx.all(
            _SQL["list_lists"], before=before, one=one, segment_id=segment_id, within=within, limit=limit
        )
        return [PeopleList(**row) for row in rows]

    async def list_names(self, *, limit: int) -> list[tuple[int, str]]:
        """Ids and names of the newest lists."""
        return [(row["list_id"], row["name"]) for row in await self._tx.all(_SQL["list_names"], limit=limit)]

    async def find_by_name(self, name: str) -> int | None:
        """The list of a name."""
        found: int | None = await self._tx.value(_SQL["find_by_name"], name=name)
        return found

    async def list_of_person(self, homes: Collection[int]) -> list[tuple[int, str]]:
        """Ids and names of the lists on which some homes are."""
        rows = await self._tx.all(_SQL["list_of_person"], homes=_array(homes))
        return [(row["list_id"], row["name"]) for row in rows]

    async def add(self, values: dict[str, Any]) -> int | None:
        """Add a list; its id, or None if the name is taken."""
        found: int | None = await self._tx.value(_SQL["add_list"], **values)
        return found

    async def hold(self, list_id: int) -> bool:
        """Keep other changes of a list out; whether there is one."""
        return await self._tx.value(_SQL["hold_list"], list_id=list_id) is not None

    async def is_taken(self, list_id: int, name: str) -> bool:
        """Whether another list has a name."""
        return bool(await self._tx.value(_SQL["is_name_taken"], list_id=list_id, name=name))

    async def change(self, list_id: int, *, name: str | None, description: str | None) -> None:
        """Give a list another name or description."""
        await self._tx.run(_SQL["change_list"], list_id=list_id, name=name, description=description)

    async def list_asking(self, list_id: int) -> list[tuple[int, str]]:
        """Ids and names of the segments that ask who is on a list."""
        rows = await self._tx.all(_SQL["list_asking"], list_id=list_id)
        return [(row["segment_id"], row["name"]) for row in rows]

    async def delete(self, list_id: int) -> None:
        """Delete a list with all that is kept of it."""
        for statement in ("note_everybody", "delete_members", "delete_uploads", "delete_list"):
            await self._tx.run(_SQL[statement], list_id=list_id)

    async def find_living(self, homes: Collection[int]) -> dict[int, int]:
        """The persons behind those of the homes that are known."""
        rows = await self._tx.all(_SQL["list_living"], homes=_array(homes))
        return {row["home_id"]: row["person_id"] for row in rows}

    async def add_members(self, list_id: int, homes: Collection[int]) -> list[Place]:
        """Put people on a list; a home of each who was not on it."""
        rows = await self._tx.all(_SQL["add_members"], list_id=list_id, homes=_array(homes))
        return [Place(row["home_id"], row["home_id"], row["listed_at"]) for row in rows]

    async def fill(self, list_id: int, persons: Iterable[int]) -> int:
        """Put living persons on an empty list, and have them looked at again; how many."""
        size = await self._tx.run(_SQL["fill"], list_id=list_id, homes=_array(persons))
        await self._tx.run(_SQL["note_everybody"], list_id=list_id)
        await self._tx.run(_SQL["set_size"], list_id=list_id, size=size)
        return size

    async def remove_members(self, list_id: int, persons: Collection[int]) -> list[Place]:
        """Take persons off a list; by which homes they were on it."""
        rows = await self._tx.all(_SQL["remove_members"], list_id=list_id, persons=_array(persons))
        return [Place(**row) for row in rows]

    async def undo(self, what: Literal["put", "take"], list_id: int, places: Collection[Place]) -> set[int]:
        """Take homes off a list again that are on it since then, or put them back; which it was."""
        moments = "{" + ",".join(place.listed_at.isoformat() for place in places) + "}"
        homes = _array(place.home_id for place in places)
        rows = await self._tx.all(_SQL[f"undo_{what}"], list_id=list_id, homes=homes, moments=moments)
        return {row["home_id"] for row in rows}

    async def note_changed(self, persons: Collection[int]) -> None:
        """Ask for persons to be looked at again."""
        if persons:
            await self._tx.run(_SQL["note_changed"], persons=_array(sorted(persons)))

    async def put_size(self, list_id: int) -> int:
        """Count a list again."""
        return int(await self._tx.value(_SQL["put_size"], list_id=list_id))

    async def list_people(self, list_id: int, *, most: int) -> list[int]:
        """The persons on a list, at most so many."""
        people: list[int] = await self._tx.value(_SQL["list_people"], list_id=list_id, most=most)
        return people

    async def match(self, hashes: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
        """Home and person of those identifiers that are known."""
        if not hashes:
            return {}
        rows = await self._tx.all(_SQL["match_hashes"], hashes=_array(key.hex for key in hashes))
        return {row["identifier_hash"]: (row["home_id"], row["person_id"]) for row in rows}

    async def match_openids(self, openids: Collection[str]) -> dict[str, list[tuple[int, int]]]:
        """Homes and persons of openids given without their app; those of several apps may be alike."""
        found: dict[str, list[tuple[int, int]]] = {}
        if openids:
            for row in await self._tx.all(_SQL["match_openids"], openids=list(openids)):
                found.setdefault(row["bare_openid"], []).append((row["home_id"], row["person_id"]))
        return found

    async def get_region(self) -> str:
        """The country of phones without a country code."""
        return str(await self._tx.value(_SQL["get_region"]))

    async def add_upload(self, list_id: int, file_name: str, read: Gathered, *, added: int, actor: str) -> int:
        """Keep what became of a file."""
        return int(
            await self._tx.value(
                _SQL["add_upload"],
                list_id=list_id,
                file_name=file_name,
                actor=actor,
                row_count=read.row_count,
                matched=read.matched,
                added=added,
                unmatched=read.unmatched,
                report=read.report,
            )
        )

    async def list_uploads(self, list_id: int, *, one: int | None = None) -> list[Upload]:
        """Files that filled a list, newest first."""
        return [Upload(**row) for row in await self._tx.all(_SQL["list_uploads"], list_id=list_id, one=one)]

    async def find_report(self, list_id: int, upload_id: int) -> str | None:
        """The unmatched rows of a file as CSV."""
        found: str | None = await self._tx.value(_SQL["get_report"], list_id=list_id, upload_id=upload_id)
        return found

    async def forget_reports(self) -> int:
        """Take old reports away; how many."""
        return await self._tx.run(_SQL["forget_reports"])
