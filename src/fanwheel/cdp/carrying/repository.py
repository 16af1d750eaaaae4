"""How far tags and layers have followed their rules, read and written through one transaction."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.cdp.carrying")


class Change(NamedTuple):
    """An entry or an exit; ours if tags or layers follow the segment."""

    change_id: int
    segment_id: int
    person_id: int
    changed_at: datetime
    is_ours: bool


class Built(NamedTuple):
    """A rule that was built since everybody was last gone through for it."""

    segment_id: int
    carried_to: int
    purpose: Literal["tag", "layer"]
    built_at: datetime


class CarryingRepository:
    """What one workspace has followed, and what not."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_work(self) -> list[Row]:
        """Which workspaces have something to follow, and when the next tag expires."""
        return await self._tx.all(_SQL["list_work"])

    async def try_lock(self) -> bool:
        """Whether nobody else follows the rules of the workspace; if not, they cannot until the transaction ends."""
        return bool(await self._tx.value(_SQL["try_lock"]))

    async def list_changes(self, *, most: int) -> list[Change]:
        """Entries and exits that have not been followed, in their order."""
        return [Change(**row) for row in await self._tx.all(_SQL["list_changes"], most=most)]

    async def follow_to(self, change_id: int) -> None:
        """Note up to which entry or exit all were followed."""
        await self._tx.run(_SQL["follow_to"], change_id=change_id)

    async def hold_persons(self, people: Collection[int]) -> list[int]:
        """Those of ``people`` whose own homes were not erased, and cannot be until the transaction ends."""
        listed = "{" + ",".join(map(str, sorted(people))) + "}"
        return [row["home_id"] for row in await self._tx.all(_SQL["hold_persons"], persons=listed)]

    async def find_built(self) -> Built | None:
        """A rule that was built since everybody was last gone through for it."""
        row = await self._tx.one_or_none(_SQL["find_built"])
        return None if row is None else Built(**row)

    async def step(self, segment_id: int, *, carried_to: int) -> None:
        """Note whom a going through has passed."""
        await self._tx.run(_SQL["step"], segment_id=segment_id, carried_to=carried_to)

    async def finish(self, built: Built) -> None:
        """Note that everybody was gone through after a building."""
        await self._tx.run(_SQL["finish"], segment_id=built.segment_id, built_at=built.built_at)
