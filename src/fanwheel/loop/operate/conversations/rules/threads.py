"""What a word from either side does to a conversation."""

from datetime import datetime
from typing import NamedTuple

from fanwheel.loop.operate.conversations.contracts import State

PREVIEW = 140


class Thread(NamedTuple):
    """A conversation as far as messages change it."""

    conversation_id: int
    account_id: int
    channel: str
    home_id: int
    name: str
    state: State
    assignee_id: int | None
    team_id: int | None
    priority: int
    round: int
    opened_at: datetime
    answered_at: datetime | None
    waiting_since: datetime | None
    last_at: datetime
    last_in_at: datetime | None
    last_message_id: int
    last_kind: str
    preview: str
    due_at: datetime | None
    due_for: str
    resolution_due_at: datetime | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    surveyed_at: datetime | None


def hear(thread: Thread, *, message_id: int, said_at: datetime, body: str) -> Thread:
    """The person wrote: a closed conversation opens again, a snoozed one wakes up."""
    if thread.state == "closed":
        thread = thread._replace(round=thread.round + 1, opened_at=said_at, answered_at=None, waiting_since=None)
    return _said(thread, "in", message_id=message_id, said_at=said_at, body=body)._replace(
        state="open",
        snoozed_until=None,
        closed_at=None,
        surveyed_at=None,
        waiting_since=thread.waiting_since or said_at,
        last_in_at=max(said_at, thread.last_in_at or said_at),
    )


def answer(thread: Thread, *, message_id: int, said_at: datetime, body: str, is_human: bool) -> Thread:
    """The brand answered; only a human's answer counts as the first one."""
    answered_at = thread.answered_at or (said_at if is_human and thread.state != "closed" else None)
    return _said(thread, "out", message_id=message_id, said_at=said_at, body=body)._replace(
        waiting_since=None, answered_at=answered_at
    )


def mention(thread: Thread, *, message_id: int, said_at: datetime, body: str) -> Thread:
    """The brand said something that answers nothing: while somebody waits, their own word is what the list shows."""
    said = _said(thread, "out", message_id=message_id, said_at=said_at, body=body)
    return said if thread.waiting_since is None else said._replace(last_kind=thread.last_kind, preview=thread.preview)


def preview(body: str) -> str:
    """A message in one short line."""
    flat = " ".join(body.split())
    return flat if len(flat) <= PREVIEW else flat[: PREVIEW - 1] + "…"


def _said(thread: Thread, kind: str, *, message_id: int, said_at: datetime, body: str) -> Thread:
    if message_id < thread.last_message_id:
        return thread
    return thread._replace(
        last_at=max(said_at, thread.last_at), last_message_id=message_id, last_kind=kind, preview=preview(body)
    )
