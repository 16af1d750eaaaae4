"""How the inbox is set up, read and written through one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations", "setup.sql")


class SetupRepository:
    """Teams, routes, promises and canned replies of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_teams(self, *, one: int | None = None) -> list[Row]:
        """Teams with their members, or one."""
        return await self._tx.all(_SQL["list_teams"], one=one)

    async def has_team(self, team_id: int) -> bool:
        """Whether there is a team."""
        return bool(await self._tx.value(_SQL["has_team"], team_id=team_id))

    async def is_team_name_taken(self, name: str, *, team_id: int | None) -> bool:
        """Whether another team has a name."""
        return bool(await self._tx.value(_SQL["is_team_name_taken"], name=name, team_id=team_id))

    async def add_team(self, values: Mapping[str, Any]) -> int:
        """The number of a new team."""
        added: int = await self._tx.value(_SQL["add_team"], **values)
        return added

    async def put_team(self, values: Mapping[str, Any]) -> None:
        """Change a team."""
        await self._tx.run(_SQL["put_team"], **values)

    async def delete_team(self, team_id: int) -> bool:
        """Delete a team, its conversations stay; whether there was one."""
        await self._tx.run(_SQL["leave_team"], team_id=team_id)
        return bool(await self._tx.run(_SQL["delete_team"], team_id=team_id))

    async def put_members(self, team_id: int, users: Sequence[int]) -> None:
        """Write who is in a team."""
        await self._tx.run(_SQL["clear_members"], team_id=team_id)
        await self._tx.run(_SQL["add_members"], team_id=team_id, users=list(users))

    async def list_routes(self) -> list[Row]:
        """Which team serves which account."""
        return await self._tx.all(_SQL["list_routes"])

    async def put_routes(self, routes: Sequence[Mapping[str, Any]]) -> None:
        """Write which team serves which account."""
        await self._tx.run(_SQL["clear_routes"])
        for route in routes:
            await self._tx.run(_SQL["add_route"], **route)

    async def has_survey(self, account_id: int) -> bool:
        """Whether people of an account are asked how it was."""
        return bool(await self._tx.value(_SQL["has_survey"], account_id=account_id))

    async def speaks_chinese(self, home_id: int) -> bool:
        """Whether a person reads Chinese, as far as is known."""
        return bool(await self._tx.value(_SQL["speaks_chinese"], home_id=home_id))

    async def list_policies(self) -> list[Row]:
        """What is promised."""
        return await self._tx.all(_SQL["list_policies"])

    async def put_policies(self, policies: Sequence[Mapping[str, Any]]) -> None:
        """Write what is promised."""
        await self._tx.run(_SQL["clear_policies"])
        for position, policy in enumerate(policies):
            await self._tx.run(_SQL["add_policy"], position=position, **policy)

    async def list_canned(self, *, one: int | None = None) -> list[Row]:
        """Canned replies, or one."""
        return await self._tx.all(_SQL["list_canned"], one=one)

    async def is_shortcut_taken(self, shortcut: str, *, canned_id: int | None) -> bool:
        """Whether another canned reply has a shortcut."""
        return bool(await self._tx.value(_SQL["is_shortcut_taken"], shortcut=shortcut, canned_id=canned_id))

    async def add_canned(self, values: Mapping[str, Any]) -> int:
        """The number of a new canned reply."""
        added: int = await self._tx.value(_SQL["add_canned"], **values)
        return added

    async def put_canned(self, values: Mapping[str, Any]) -> None:
        """Change a canned reply."""
        await self._tx.run(_SQL["put_canned"], **values)

    async def use_canned(self, canned_id: int) -> None:
        """Count that a canned reply was used."""
        await self._tx.run(_SQL["use_canned"], canned_id=canned_id)

    async def delete_canned(self, canned_id: int) -> bool:
        """Delete a canned reply; whether there was one."""
        return bool(await self._tx.run(_SQL["delete_canned"], canned_id=canned_id))

    async def get_variables(self, conversation_id: int, *, user: int | None) -> Row | None:
        """What canned replies may say in a conversation."""
        return await self._tx.one_or_none(_SQL["get_variables"], conversation_id=conversation_id, user=user)
