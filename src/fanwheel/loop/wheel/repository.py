"""What the projector reads and writes beside the slices it turns."""

from collections.abc import Collection, Sequence
from typing import Final

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

    async def note(self, persons: Collection[int]) -> None:
        """Ask for ``persons`` to be folded again."""
        # An array as PostgreSQL reads it: the driver would take ten times as long to make one.
        await self._tx.run(_SQL["note"], persons="{" + ",".join(map(str, sorted(persons))) + "}")

    async def take_notes(self, *, most: int) -> list[int]:
        """Persons to be folded again, once per note; the notes are gone with the transaction's end."""
        return [row["person_id"] for row in await self._tx.all(_SQL["take_notes"], most=most)]
