"""Bulk actions and whom they changed, read and written through one transaction."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from fanwheel.cdp.bulk.contracts import Action, Args, Doing, Home, Status, What
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.cdp.bulk")

State = Literal["waiting", "changed", "same", "back", "kept"]


class Portion(NamedTuple):
    """The next people of an action: those who live, and the names of all, sorted."""

    living: list[Home]
    homes: list[int]


class Settled(NamedTuple):
    """What became of somebody."""

    home_id: int
    state: State
    undo: Any = None


class Progress(NamedTuple):
    """How much further an action has come."""

    reached: int | None
    done: int = 0
    changed: int = 0
    taken_back: int = 0
    status: Status | None = None


class BulkRepository:
    """The bulk actions of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, what: What, args: Args, people: Sequence[int], *, chosen: Args, doing: Doing) -> int:
        """Keep an action and whom it is about; its number."""
        values = {"args": json.dumps(args), "chosen": json.dumps(chosen), "people": len(people), **doing._asdict()}
        action_id: int = await self._tx.value(_SQL["add_action"], what=what, **values)
        listed = "{" + ",".join(map(str, people)) + "}"
        await self._tx.run(_SQL["add_homes"], action_id=action_id, people=listed)
        return action_id

    async def list_actions(
        self, *, before: int | None = None, one: int | None = None, oldest: datetime, limit: int
    ) -> list[Action]:
        """Actions, newest first; those begun up to ``oldest`` cannot be undone."""
        rows = await self._tx.all(_SQL["list_actions"], before=before, one=one, oldest=oldest, limit=limit)
        return [Action(**row) for row in rows]

    async def hold(self, action_id: int) -> bool:
        """Keep others off an action; whether there is one."""
        return await self._tx.value(_SQL["hold_action"], action_id=action_id) is not None

    async def list_open(self) -> list[int]:
        """The actions that are under way, oldest first."""
        return [row["action_id"] for row in await self._tx.all(_SQL["list_open"])]

    async def list_next(self, action_id: int, state: State, *, most: int) -> Portion:
        """The next people of an action who are in a state."""
        rows = await self._tx.all(_SQL["list_next"], action_id=action_id, state=state, most=most)
        living = [Home(**row) for row in rows if row["person_id"] is not None]
        return Portion(living, [row["home_id"] for row in rows])

    async def put_states(self, action_id: int, settled: Iterable[Settled]) -> None:
        """Keep what became of people."""
        rows = to_json_rows([one._asdict() for one in settled])
        await self._tx.run(_SQL["put_states"], action_id=action_id, rows=rows)

    async def put_progress(self, action_id: int, progress: Progress) -> None:
        """Keep how far an action has come."""
        await self._tx.run(_SQL["put_progress"], action_id=action_id, **progress._asdict())

    async def fail(self, action_id: int, error: str) -> None:
        """Give an action up."""
        await self._tx.run(_SQL["fail"], action_id=action_id, error=error)

    async def begin_undo(self, action_id: int, doing: Doing) -> None:
        """Have an action taken back."""
        await self._tx.run(_SQL["begin_undo"], action_id=action_id, **doing._asdict())

    async def forget(self, *, oldest: datetime) -> int:
        """Take away what actions begun up to ``oldest`` changed; of how many people."""
        return await self._tx.run(_SQL["forget_homes"], oldest=oldest)

    async def list_workspaces(self) -> list[int]:
        """The workspaces in which actions are under way."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspaces"])]
