"""What the projector reads and writes beside the slices it turns."""

from collections.abc import Collection, Iterable, Sequence
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

    async def note(self, persons: Collection[int], *, seen: Collection[int]) -> None:
        """Ask for ``persons`` to be folded again; those who were merely ``seen`` quickly."""
        await self._tx.run(_SQL["note"], persons=_array(sorted(persons)), seen=_array(sorted(seen)))

    async def take_notes(self, *, most: int) -> list[tuple[int, bool]]:
        """Persons to be folded again, once per note, and whether each was merely seen; the notes are gone then."""
        async with self._tx.conn.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_SQL["take_notes"].encode(), {"workspace": self._tx.workspace, "most": most})
            return await cursor.fetchall()


def _array(values: Iterable[int]) -> str:
    # As PostgreSQL reads it: the driver would take ten times as long to make one.
    return "{" + ",".join(map(str, values)) + "}"
