"""Lists of conversations: views, filters and orders."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.loop.operate.conversations.contracts import Sort, State, View
from fanwheel.loop.operate.conversations.repository import InboxRepository

_LATEST: Final = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)
_COMMON: Final = 2_000  # a tag that so many wear is looked for in another way
_EARLIEST: Final = (datetime(1, 1, 2, tzinfo=UTC), 0)


class Asked(NamedTuple):
    """Which conversations are listed; what is None is not asked."""

    view: View = "all"
    state: State = "open"
    sort: Sort = "newest"
    account_id: int | None = None
    channel: str | None = None
    team_id: int | None = None
    assignee_id: int | None = None
    priority: int | None = None
    tag: str | None = None
    homes: Sequence[int] | None = None  # those of one person


class Listed(NamedTuple):
    """A page of conversations."""

    rows: list[Row]
    next_cursor: str | None


async def list_conversations(
    tx: Transaction, asked: Asked, *, user: int | None, cursor: str | None, limit: int, now: datetime
) -> Listed:
    """Conversations that match, in a stable order, with who looks at them."""
    inbox = InboxRepository(tx)
    statement, params = _statement(asked, user=user)
    if statement == "list_by_tag" and await inbox.count_wearing(str(asked.tag), most=_COMMON) == _COMMON:
        statement = "list_by_common_tag"
    after_at, after_id = _after(cursor, statement)
    keys = await inbox.list_keys(statement, **params, after_at=after_at, after_id=after_id, limit=limit + 1)
    shown = keys[:limit]
    rows = await describe(tx, [key.conversation_id for key in shown], user=user, now=now)
    last = shown[-1] if len(keys) > limit else None
    return Listed(rows, encode_cursor(last.sorted_at.isoformat(), last.conversation_id) if last else None)


async def describe(tx: Transaction, ids: Sequence[int], *, user: int | None, now: datetime) -> list[Row]:
    """Conversations as they are listed, in the order given; those that are no more are left out."""
    if not ids:
        return []
    inbox = InboxRepository(tx)
    found = await inbox.describe(ids, user=user)
    watchers: dict[int, list[Row]] = {}
    for watcher in await inbox.list_watchers(ids, now=now):
        watchers.setdefault(watcher["conversation_id"], []).append(watcher)
    return [
        {**found[each], "watchers": watchers.get(each, []), "is_unread": _is_unread(found[each])}
        for each in ids
        if each in found
    ]


def _is_unread(row: Row) -> bool:
    return bool(row["last_kind"] == "in" and row["last_message_id"] > row["seen_message_id"])


def _statement(asked: Asked, *, user: int | None) -> tuple[str, dict[str, Any]]:
    """The statement whose index leads to what is asked with the fewest rows, and its values."""
    filters = {
        "account_id": asked.account_id,
        "team_id": asked.team_id,
        "priority": asked.priority,
        "channel": asked.channel,
    }
    state = {**filters, "state": asked.state}
    assignee_id = (user or 0) if asked.view == "mine" and asked.assignee_id is None else asked.assignee_id
    owner = {"assignee_id": assignee_id, "is_unassigned": asked.view == "unassigned"}
    if asked.homes is not None:
        return "list_of_homes", {"homes": list(asked.homes)}
    if asked.view == "mentioned":
        return "list_mentioned", {"user": user}
    if asked.sort != "newest":
        return f"list_{asked.sort}", {**filters, **owner, "tag": asked.tag}
    if asked.tag is not None:
        return "list_by_tag", {**state, **owner, "tag": asked.tag}
    if assignee_id is not None:
        return "list_by_assignee", {**state, "assignee_id": assignee_id}
    if asked.view == "unassigned":
        return "list_unassigned", state
    if asked.account_id is not None:
        return "list_by_account", state
    if asked.team_id is not None:
        return "list_by_team", state
    return ("list_by_channel" if asked.channel is not None else "list_by_state"), state


def _after(cursor: str | None, statement: str) -> tuple[datetime, int]:
    if cursor is None:
        return _EARLIEST if statement in ("list_waiting", "list_due") else _LATEST
    moment, number = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(moment), int(number)
    except (TypeError, ValueError):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.") from None
