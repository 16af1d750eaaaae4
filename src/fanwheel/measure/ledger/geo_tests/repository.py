"""Geo tests, read and written through one transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.measure.ledger.geo_tests.contracts import Draft, Region

_SQL: Final = sqlfile.load("fanwheel.measure.ledger.geo_tests")


class GeoTestRepository:
    """The geo tests of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_tests(self, *, one: int | None = None) -> list[dict[str, Any]]:
        """Geo tests with the names of their sources, the newest first, or one of them."""
        return await self._tx.all(_SQL["list_tests"], one=one)

    async def find_source(self, slug: str) -> int | None:
        """The id of a source."""
        row = await self._tx.one_or_none(_SQL["find_source"], slug=slug)
        return None if row is None else int(row["source_id"])

    async def get_today(self, now: datetime) -> date:
        """The day on the workspace's wall; whoever asks waits for those who asked before."""
        day: date = await self._tx.value(_SQL["today"], now=now)
        return day

    async def list_regions(self, trait: str, *, most: int) -> list[Region]:
        """Where people live, by a trait."""
        return [Region(**row) for row in await self._tx.all(_SQL["list_regions"], trait=trait, most=most)]

    async def count_residents(self, trait: str, regions: Sequence[str]) -> tuple[int, set[str]]:
        """How many people have the trait at all, and which of ``regions`` somebody lives in."""
        row = await self._tx.one(_SQL["count_residents"], trait=trait, regions=list(regions))
        return row["people"], set(row["known"])

    async def add_test(self, draft: Draft, *, source_id: int, actor: str) -> int:
        """Note a geo test; its id."""
        values = asdict(draft) | {"regions": list(draft.regions)}
        del values["source"]
        return int(await self._tx.value(_SQL["add_test"], source_id=source_id, actor=actor, **values))

    async def change_test(self, one: int, *, ended_on: date | None, note: str | None) -> None:
        """End a test, or give it another note."""
        await self._tx.run(_SQL["change_test"], one=one, ended_on=ended_on, note=note)

    async def delete_test(self, one: int) -> bool:
        """Forget a geo test; whether there was one."""
        return await self._tx.one_or_none(_SQL["delete_test"], one=one) is not None
