"""Experiments, read and written through one transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.measure.ledger.experiments.contracts import Arm, Experiment, Outcome

_SQL: Final = sqlfile.load("fanwheel.measure.ledger.experiments")


class ExperimentRepository:
    """The experiments of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_experiments(self, *, one: int | None = None) -> list[Experiment]:
        """Experiments, the newest first, or one of them."""
        return [Experiment(**row) for row in await self._tx.all(_SQL["list_experiments"], one=one)]

    async def add(self, values: dict[str, Any]) -> int | None:
        """Begin an experiment; its id, or None if one has the name."""
        row = await self._tx.one_or_none(_SQL["add_experiment"], **values)
        return None if row is None else int(row["experiment_id"])

    async def deal(self, one: int, persons: Iterable[int], *, is_treated: bool) -> None:
        """Write down who is in an arm."""
        await self._tx.run(_SQL["deal"], one=one, persons=_array(persons), is_treated=is_treated)

    async def end(self, one: int, now: datetime) -> None:
        """End an experiment."""
        await self._tx.run(_SQL["end_experiment"], one=one, now=now)

    async def delete(self, one: int) -> bool:
        """Forget an experiment; whether there was one."""
        await self._tx.run(_SQL["delete_people"], one=one)
        return await self._tx.one_or_none(_SQL["delete_experiment"], one=one) is not None

    async def sum_arms(
        self,
        outcome: Outcome,
        *,
        before: datetime,
        begin: datetime,
        until: datetime,
        one: int | None = None,
        persons: Iterable[int] = (),
    ) -> tuple[list[Arm], int]:
        """The arms of an experiment, or one arm of ``persons``, and how many are in both arms."""
        rows = await self._tx.all(
            _SQL["sum_arms"], one=one, persons=_array(persons), outcome=outcome, before=before, begin=begin, until=until
        )
        mixed = sum(row["people"] for row in rows if row["is_mixed"])
        return [Arm(**_without(row, "is_mixed")) for row in rows if not row["is_mixed"]], mixed


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _array(ids: Iterable[int]) -> str:
    # An array as PostgreSQL reads it: the driver would take ten times as long to make one.
    return "{" + ",".join(map(str, ids)) + "}"
