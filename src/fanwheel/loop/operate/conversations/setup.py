"""Setting the inbox up: teams and canned replies."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.conversations.errors import (
    CannedReplyNotFoundError,
    ConversationNotFoundError,
    NotAnAgentError,
    ShortcutTakenError,
    TeamNameTakenError,
    TeamNotFoundError,
)
from fanwheel.loop.operate.conversations.setup_repository import SetupRepository

_BLANK: Final = re.compile(r"\{\{\s*([\w.]+)(?:\s*\|\s*default:\s*[\"']([^\"']*)[\"'])?\s*\}\}")


async def add_team(tx: Transaction, values: Mapping[str, Any], *, actor: str) -> Row:
    """Make a team; raises ``TeamNameTakenError`` or ``NotAnAgentError``."""
    repository = SetupRepository(tx)
    if await repository.is_team_name_taken(values["name"], team_id=None):
        raise TeamNameTakenError(hint="Choose another name.")
    team_id = await repository.add_team({**values, "actor": actor})
    return await _put_members(tx, team_id, values["user_ids"])


async def put_team(tx: Transaction, team_id: int, values: Mapping[str, Any]) -> Row:
    """Change a team; raises ``TeamNotFoundError``, ``TeamNameTakenError`` or ``NotAnAgentError``."""
    repository = SetupRepository(tx)
    await get_team(tx, team_id)
    if await repository.is_team_name_taken(values["name"], team_id=team_id):
        raise TeamNameTakenError(hint="Choose another name.")
    await repository.put_team({**values, "team_id": team_id})
    return await _put_members(tx, team_id, values["user_ids"])


async def _put_members(tx: Transaction, team_id: int, users: Sequence[int]) -> Row:
    await SetupRepository(tx).put_members(team_id, users)
    team = await get_team(tx, team_id)
    if strangers := sorted(set(users) - set(team["user_ids"])):
        raise NotAnAgentError(
            f"“user_ids”: {strangers[0]} cannot be given conversations.",
            hint="Choose owners, operators and agents of this workspace.",
        )
    return team


async def get_team(tx: Transaction, team_id: int) -> Row:
    """A team with its members; raises ``TeamNotFoundError``."""
    found = await SetupRepository(tx).list_teams(one=team_id)
    if not found:
        raise TeamNotFoundError
    return found[0]


async def put_canned(tx: Transaction, canned_id: int | None, values: Mapping[str, Any], *, actor: str) -> Row:
    """Write a canned reply, a new one without a number.

    Raises
    ------
    CannedReplyNotFoundError, ShortcutTakenError, TeamNotFoundError
        If there is none, or something about it cannot be.
    """
    repository = SetupRepository(tx)
    if canned_id is not None:
        await get_canned(tx, canned_id)
    if await repository.is_shortcut_taken(values["shortcut"], canned_id=canned_id):
        raise ShortcutTakenError(hint="Choose another shortcut.")
    if values["team_id"] is not None and not await repository.has_team(values["team_id"]):
        raise TeamNotFoundError
    if canned_id is None:
        canned_id = await repository.add_canned({**values, "actor": actor})
    else:
        await repository.put_canned({**values, "canned_id": canned_id, "actor": actor})
    return await get_canned(tx, canned_id)


async def get_canned(tx: Transaction, canned_id: int) -> Row:
    """A canned reply; raises ``CannedReplyNotFoundError``."""
    found = await SetupRepository(tx).list_canned(one=canned_id)
    if not found:
        raise CannedReplyNotFoundError
    return found[0]


async def word(tx: Transaction, canned_id: int, conversation_id: int, *, user: int | None) -> str:
    """A canned reply as it is to be said in a conversation; counts that it was used.

    Raises
    ------
    CannedReplyNotFoundError, ConversationNotFoundError
        If there is none.
    """
    repository = SetupRepository(tx)
    canned = await get_canned(tx, canned_id)
    variables = await repository.get_variables(conversation_id, user=user)
    if variables is None:
        raise ConversationNotFoundError
    await repository.use_canned(canned_id)
    return fill(canned["body"], variables)


def fill(body: str, variables: Mapping[str, Any]) -> str:
    """A text with its blanks filled; what is not known leaves nothing, or what it says itself to say then."""
    known = {"name": variables["name"], "brand": variables["brand"], "agent": variables["agent"]}
    known |= {f"person.{name}": value for name, value in variables["traits"].items()}

    def say(blank: re.Match[str]) -> str:
        value = known.get(blank[1], "")
        return str(value) if isinstance(value, str | int | float) and str(value) else (blank[2] or "")

    return _BLANK.sub(say, body)
