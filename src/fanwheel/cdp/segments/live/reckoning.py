"""What formulas come to for people, read and written through one transaction."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec
from psycopg.rows import tuple_row

from fanwheel.cdp.segments.layers import BY_TRAIT
from fanwheel.cdp.segments.live.contracts import FormulaRow, Judgment, Part
from fanwheel.cdp.segments.live.repository import array
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.segments.live", "computed.sql")
_encode: Final = msgspec.json.Encoder().encode


class ReckoningRepository:
    """One workspace's computed traits."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def _tuples(self, name: str, **params: object) -> list[tuple[Any, ...]]:
        async with self._tx.conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            await cursor.execute(_SQL[name].encode(), {"workspace": self._tx.workspace, **params})
            return await cursor.fetchall()

    async def list_formulas(self) -> list[FormulaRow]:
        """Every computed trait with its formulas."""
        return [FormulaRow(**row) for row in await self._tx.all(_SQL["list_formulas"])]

    async def put_values(self, judgments: Sequence[Judgment], *, now_us: int, is_told: bool) -> None:
        """Write what formulas come to; ``is_told``: as changes, too, of traits whose history is kept."""
        told = [each for each in judgments if each.traits]
        if not told:
            return
        await self._tx.run(
            _SQL["put_values"],
            persons=array(each.person_id for each in told),
            traits=[_encode(each.traits).decode() for each in told],
            now_us=now_us,
            is_told=is_told,
        )
        # Layers are made of some traits where people are folded.
        if layered := [each.person_id for each in told if any(name in each.traits for name in BY_TRAIT)]:
            await self.add_stale(layered)

    async def add_stale(self, persons: Collection[int]) -> None:
        """Ask for ``persons`` to be folded again."""
        await self._tx.run(_SQL["add_stale"], persons=array(persons))

    async def delete_values(self, persons: Collection[int]) -> None:
        """Forget what formulas came to for persons who are no more."""
        if persons:
            await self._tx.run(_SQL["delete_values"], persons=array(persons))

    async def step_formulas(self, names: Collection[str], *, built_to: int) -> None:
        """Note whom the build, or the end, of computed traits has passed."""
        await self._tx.run(_SQL["step_formulas"], names=list(names), built_to=built_to)

    async def finish_formulas(self, names: Collection[str], *, now_us: int) -> None:
        """From here on the formula decides about everybody."""
        await self._tx.run(_SQL["finish_formulas"], names=list(names), now_us=now_us)

    async def take_values_away(self, names: Collection[str], *, after: int, most: int) -> list[int]:
        """Take traits that are no longer computed from the next persons who have them; whom, by their ids."""
        asked = {"names": list(names), "after": after, "most": most}
        return [row[0] for row in await self._tuples("take_values_away", **asked)]

    async def delete_retired(self, names: Collection[str]) -> None:
        """Forget computed traits whose values nobody has any more."""
        await self._tx.run(_SQL["delete_retired"], names=list(names))

    async def begin_sweep(self) -> None:
        """Have metrics that are gone taken out of what is remembered."""
        await self._tx.run(_SQL["begin_sweep"])

    async def find_sweep(self) -> int | None:
        """Up to which home metrics that are gone were taken out; None if there are none."""
        place: int | None = await self._tx.value(_SQL["find_sweep"])
        return place

    async def list_swept(self, after: int, *, most: int) -> dict[int, Part]:
        """What is remembered of the next homes."""
        rows = await self._tuples("list_swept", after=after, most=most)
        return {home: Part(digest, words) for home, digest, words in rows}

    async def step_sweep(self, swept_to: int | None) -> None:
        """Note up to which home metrics that are gone were taken out; None: of all."""
        await self._tx.run(_SQL["step_sweep"], swept_to=swept_to)

    async def delete_parts(self, homes: Collection[int]) -> None:
        """Forget homes of which nothing is remembered."""
        if homes:
            await self._tx.run(_SQL["delete_parts"], homes=array(homes))
