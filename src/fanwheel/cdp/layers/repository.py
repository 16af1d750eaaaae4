"""Layers, read and written through one transaction."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.cdp.layers")


class LayerRepository:
    """The layers of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_classes(self, *, one: str | None = None) -> list[Row]:
        """The classes of every layer that users define, or of one, the lowest first."""
        return await self._tx.all(_SQL["list_layers"], one=one)

    async def count(self) -> Counter[tuple[str, str]]:
        """How many people are in each class of each layer."""
        found: Counter[tuple[str, str]] = Counter()
        for row in await self._tx.all(_SQL["count_classes"]):
            found[row["layer"], row["class"]] += row["people"]
        for row in await self._tx.all(_SQL["count_built_in"]):
            found.update(dict.fromkeys(row["layers"].items(), row["people"]))
        return found

    async def add(self, values: Mapping[str, Any]) -> int:
        """The number of a new layer."""
        return int(await self._tx.value(_SQL["add_layer"], **values))

    async def change(self, layer_id: int, values: Mapping[str, Any]) -> None:
        """Change a layer."""
        await self._tx.run(_SQL["change_layer"], layer_id=layer_id, **values)

    async def put_class(self, layer_id: int, values: Mapping[str, Any]) -> None:
        """Write a class."""
        await self._tx.run(_SQL["put_class"], layer_id=layer_id, **values)

    async def delete_classes(self, layer_id: int, keys: Collection[str]) -> None:
        """Delete classes, and let everybody out of them."""
        for statement in ("leave_classes", "delete_classes"):
            await self._tx.run(_SQL[statement], layer_id=layer_id, keys=sorted(keys))

    async def delete(self, layer_id: int) -> None:
        """Delete a layer."""
        await self._tx.run(_SQL["delete_layer"], layer_id=layer_id)

    async def carry_anew(self, layer_id: int) -> None:
        """Have everybody gone through again for the classes of a layer."""
        await self._tx.run(_SQL["carry_anew"], layer_id=layer_id)

    async def list_of_person(self, homes: Collection[int]) -> list[Row]:
        """The classes of a person: key, name, class_key, class_name, since."""
        return await self._tx.all(_SQL["list_of_person"], homes=list(homes))

    async def list_built_in_of_person(self, person: int) -> list[Row]:
        """The built-in classes of a person: key, class_key, since."""
        return await self._tx.all(_SQL["list_built_in_of_person"], person=person)

    async def list_changes(self, person: int) -> list[Row]:
        """How a person went through the classes, newest first."""
        return await self._tx.all(_SQL["list_changes"], person=person)
