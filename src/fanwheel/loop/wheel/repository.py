"""What the projector reads and writes beside the slices it turns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from psycopg.rows import tuple_row

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.loop.wheel")


class WheelRepository:
    """Settings of a workspace, and the shelf of refused events."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def reporting_currency(self) -> str:
        """The currency of amounts that name none."""
        return str(await self._tx.value(_SQL["reporting_currency"]))

    async def list_workspaces(self) -> list[int]:
        """Every workspace."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspaces"])]

    async def refuse(self, refusals: Sequence[tuple[str, str, str]]) -> None:
        """Show (code, message, payload) among the rejected events."""
        rows = [{"code": code, "message": message[:1000], "payload": payload} for code, message, payload in refusals]
        await self._tx.run(_SQL["refuse"], refusals=to_json_rows(rows))

    async def note(self, persons: Collection[int], *, seen: Mapping[int, Collection[int]]) -> None:
        """Ask for ``persons`` to be folded again; quickly those who were merely ``seen``, with what grew."""
        told = [*((person, "NULL") for person in persons), *((who, f'"{_array(seen[who])}"') for who in seen)]
        told.sort()
        await self._tx.run(
            _SQL["note"], persons=_array(person for person, _ in told), grew=_array(grew for _, grew in told)
        )

    async def take_notes(self, *, most: int) -> list[tuple[int, list[int] | None]]:
        """Persons to be folded again, once per note, and for who was merely seen what grew; the notes are gone then."""
        async with self._tx.conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            await cursor.execute(_SQL["take_notes"].encode(), {"workspace": self._tx.workspace, "most": most})
            return await cursor.fetchall()


def _array(values: Iterable[object]) -> str:
    # As PostgreSQL reads it: the driver would take ten times as long to make one.
    return "{" + ",".join(map(str, values)) + "}"
