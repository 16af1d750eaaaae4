"""What people do with a conversation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels.contracts import Address, AnyPart, Button, Choices, Media
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.content import media
from fanwheel.loop.operate.conversations import keeping, wording
from fanwheel.loop.operate.conversations.contracts import Line
from fanwheel.loop.operate.conversations.errors import (
    ConversationNotFoundError,
    EmptyMessageError,
    NotAnAgentError,
    SnoozedIntoThePastError,
    TeamNotFoundError,
)
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.rules import reading, threads
from fanwheel.loop.operate.conversations.rules.threads import Thread
from fanwheel.loop.operate.conversations.setup_repository import SetupRepository
from fanwheel.loop.operate.conversations.threads import ThreadRepository
from fanwheel.loop.operate.conversations.wording import Site

_KEPT_TRYING: Final = timedelta(days=1)
_LOOKS_FOR: Final = timedelta(seconds=40)
_TYPES_FOR: Final = timedelta(seconds=8)
_SURVEY: Final = {
    "en": "How was it? Answer with a number from 1 (bad) to 5 (very good).",
    "zh": "请为本次服务打分：回复 1（很差）到 5（很好）。",
}


class Actor(NamedTuple):
    """Who acts: a user, or a key."""

    name: str  # user:3, key:1
    user_id: int | None


async def hold(tx: Transaction, conversation_id: int) -> Thread:
    """A conversation, kept from others until the transaction ends; raises ``ConversationNotFoundError``."""
    found = await ThreadRepository(tx).hold([conversation_id])
    if not found:
        raise ConversationNotFoundError
    return found[0]


async def find_place(tx: Transaction, conversation_id: int) -> media.Conversation:
    """Whose a conversation is, and through which account; raises ``ConversationNotFoundError``."""
    home = await InboxRepository(tx).find_home(conversation_id)
    if home is None:
        raise ConversationNotFoundError
    return media.Conversation(home["home_id"], home["account_id"])


class Answer(NamedTuple):
    """What an agent says: parts, or a version of a template; ``subject`` is a mail's."""

    parts: Sequence[AnyPart]
    subject: str | None = None
    template_version_id: int | None = None


async def reply(
    tx: Transaction, conversation_id: int, answer: Answer, *, actor: Actor, site: Site, now: datetime
) -> int:
    """Answer a person; the number of the message. It goes out by the one send path, which may still refuse it.

    Raises
    ------
    ConversationNotFoundError, EmptyMessageError, BadTemplateError, MediaNotFoundError
        If there is no such conversation, or nothing is said that can be.
    """
    thread = await hold(tx, conversation_id)
    given = list(answer.parts)
    if answer.template_version_id is not None:
        given += await wording.render(tx, thread, answer.template_version_id, site=site)
    if not given or not reading.body(given).strip():
        raise EmptyMessageError
    parts, body = await wording.word(tx, thread, given, site=site, subject=answer.subject)
    theirs = media.Conversation(thread.home_id, thread.account_id)
    files = [part.media_id for part in given if isinstance(part, Media) and part.media_id is not None]
    await media.note_uses(tx, theirs, files)
    number = await _add(tx, Line(conversation_id, "out", actor.name, now, reading.plain(parts), body))
    await media.note_recipient(tx, files, thread.home_id)
    await _send(tx, thread, parts, number=number, actor=actor, now=now)
    after = threads.answer(thread, message_id=number, said_at=now, body=body, is_human=True)
    if after.assignee_id is None and actor.user_id is not None and after.state == "open":
        after = after._replace(assignee_id=actor.user_id)
    await keeping.note_answer(tx, thread, after, user=actor.user_id)
    await keeping.settle(tx, [after], opened=())
    return number


async def note(
    tx: Transaction, conversation_id: int, text: str, *, mentions: Sequence[int], actor: Actor, now: datetime
) -> int:
    """Write a note that the person never sees, and call colleagues in; its number."""
    if not text.strip():
        raise EmptyMessageError
    thread = await hold(tx, conversation_id)
    number = await _add(tx, keeping.note(thread, actor.name, now, text=text.strip()))
    await InboxRepository(tx).add_mentions(conversation_id, number, mentions)
    await ThreadRepository(tx).touch([conversation_id])
    return number


class Change(NamedTuple):
    """What is to change about a conversation; ``LEAVE`` stays."""

    assignee_id: Any
    team_id: Any
    priority: Any


LEAVE: Final = object()


async def change(tx: Transaction, conversation_id: int, wanted: Change, *, actor: Actor, now: datetime) -> None:
    """Give a conversation to somebody, to a team, or another priority.

    Raises
    ------
    ConversationNotFoundError, NotAnAgentError, TeamNotFoundError
        If there is none, or nobody can be given it so.
    """
    thread = await hold(tx, conversation_id)
    after = thread
    lines: list[Line] = []
    if wanted.team_id is not LEAVE and wanted.team_id != thread.team_id:
        await _require_team(tx, wanted.team_id)
        after = after._replace(team_id=wanted.team_id)
        lines.append(keeping.remark(thread, actor.name, now, what="team", to=wanted.team_id))
    if wanted.assignee_id is not LEAVE and wanted.assignee_id != thread.assignee_id:
        await _require_agent(tx, wanted.assignee_id)
        after = after._replace(assignee_id=wanted.assignee_id)
        lines.append(keeping.remark(thread, actor.name, now, what="assignee", to=wanted.assignee_id))
    if wanted.priority is not LEAVE and wanted.priority != thread.priority:
        after = after._replace(priority=wanted.priority)
        lines.append(keeping.remark(thread, actor.name, now, what="priority", to=wanted.priority))
    if lines:
        await ThreadRepository(tx).add(lines)
        moved = after.team_id != thread.team_id and after.assignee_id is None and after.state == "open"
        await keeping.settle(tx, [after], opened={conversation_id} if moved else ())


async def snooze(tx: Transaction, conversation_id: int, until: datetime, *, actor: Actor, now: datetime) -> None:
    """Put a conversation away until a moment, or until the person writes; raises ``SnoozedIntoThePastError``."""
    if until <= now:
        raise SnoozedIntoThePastError(hint="Choose a later moment.")
    thread = await hold(tx, conversation_id)
    await ThreadRepository(tx).add([keeping.remark(thread, actor.name, now, what="snoozed", until=until.isoformat())])
    await keeping.settle(tx, [thread._replace(state="snoozed", snoozed_until=until)], opened=())


async def close(tx: Transaction, conversation_id: int, *, actor: Actor, site: Site, now: datetime) -> None:
    """Close a conversation; where the account asks how it was, the person is asked. Closed ones stay as they are."""
    thread = await hold(tx, conversation_id)
    if thread.state == "closed":
        return
    repository = ThreadRepository(tx)
    await repository.add([keeping.remark(thread, actor.name, now, what="closed")])
    after = thread._replace(state="closed", closed_at=now, snoozed_until=None, waiting_since=None)
    await keeping.note_close(tx, thread, user=actor.user_id, now=now)
    if thread.answered_at is not None and await SetupRepository(tx).has_survey(thread.account_id):
        after = await _survey(tx, after, actor=actor, site=site, now=now)
    await keeping.settle(tx, [after], opened=())


async def reopen(tx: Transaction, conversation_id: int, *, actor: Actor, now: datetime) -> None:
    """Open a conversation that is closed or snoozed; one that was closed begins a new round."""
    thread = await hold(tx, conversation_id)
    if thread.state == "open":
        return
    await ThreadRepository(tx).add([keeping.remark(thread, actor.name, now, what="reopened")])
    after = thread._replace(state="open", snoozed_until=None, closed_at=None, surveyed_at=None)
    if thread.state == "snoozed":
        await keeping.settle(tx, [after], opened=())
        return
    after = after._replace(round=thread.round + 1, opened_at=now, answered_at=None)
    await keeping.settle(tx, [after], opened={conversation_id})


async def wake(tx: Transaction, *, now: datetime) -> int:
    """Open the conversations again whose time has come; how many."""
    repository = ThreadRepository(tx)
    due = await repository.hold(await repository.list_due_snoozes(now))
    if due:
        await repository.add([keeping.remark(thread, "system", now, what="woken") for thread in due])
        await keeping.settle(tx, [thread._replace(state="open", snoozed_until=None) for thread in due], opened=())
    return len(due)


async def change_tags(tx: Transaction, conversation_id: int, *, add: Sequence[str], remove: Sequence[str]) -> None:
    """Put tags on a conversation and take others off."""
    await hold(tx, conversation_id)
    await InboxRepository(tx).change_tags(conversation_id, add=add, remove=remove)
    await ThreadRepository(tx).touch([conversation_id])


async def watch(
    tx: Transaction, conversation_id: int, *, user: int, seen: int, is_looking: bool, is_typing: bool, now: datetime
) -> None:
    """Say that somebody looks at a conversation, has read up to a message, and types or not."""
    inbox = InboxRepository(tx)
    is_there = await inbox.watch(
        conversation_id,
        user=user,
        seen=seen,
        looking_until=now + _LOOKS_FOR if is_looking else now,
        typing_until=now + _TYPES_FOR if is_typing else now,
    )
    if not is_there:
        raise ConversationNotFoundError
    await inbox.see_mentions(conversation_id, user=user, now=now)
    await ThreadRepository(tx).tell([], watched=[conversation_id])


async def own(tx: Transaction, conversation_id: int, user: int | None) -> None:
    """Say who looks after the fan behind a conversation, or that nobody does."""
    await _require_agent(tx, user)
    thread = await hold(tx, conversation_id)
    await InboxRepository(tx).put_owner(thread.home_id, user)


async def _send(
    tx: Transaction, thread: Thread, parts: Sequence[AnyPart], *, number: int, actor: Actor, now: datetime
) -> None:
    inbox = InboxRepository(tx)
    home = await inbox.find_home(thread.conversation_id)
    last = await inbox.find_last_in(thread.conversation_id)
    assert home is not None
    wish = reach.Wish(
        home_id=HomeId(thread.home_id),
        step=f"agent:{number}",
        channel=thread.channel,
        account_id=thread.account_id,
        purpose="service",
        parts=tuple(parts),
        reply=reading.reply_to(last),
        to=Address(home["kind"], home["value"]),
        staff=actor.name,
        priority=reach.SERVICE,
        expires_at=now + _KEPT_TRYING,
    )
    [intent_id] = await reach.intend(tx, [wish])
    await inbox.put_intent(number, intent_id)


async def _survey(tx: Transaction, thread: Thread, *, actor: Actor, site: Site, now: datetime) -> Thread:
    language = "zh" if await SetupRepository(tx).speaks_chinese(thread.home_id) else "en"
    scores = tuple(Button(label=str(score), action="reply", value=str(score)) for score in range(1, 6))
    asked = [Choices(text=_SURVEY[language], options=scores)]
    parts, _ = await wording.word(tx, thread, asked, site=site)
    line = Line(thread.conversation_id, "out", "survey", now, reading.plain(parts), _SURVEY[language])
    number = await _add(tx, line)
    await _send(tx, thread, parts, number=number, actor=actor, now=now)
    await ThreadRepository(tx).ask_for_rating(thread, user=actor.user_id, now=now)
    said = threads.mention(thread, message_id=number, said_at=now, body=_SURVEY[language])
    return said._replace(surveyed_at=now)


async def _add(tx: Transaction, line: Line) -> int:
    [number] = await ThreadRepository(tx).add([line])
    assert number is not None
    return number


async def _require_agent(tx: Transaction, user: int | None) -> None:
    if user is not None and not await InboxRepository(tx).is_agent(user):
        raise NotAnAgentError(hint="Choose an owner, an operator or an agent of this workspace.")


async def _require_team(tx: Transaction, team_id: int | None) -> None:
    if team_id is not None and not await SetupRepository(tx).has_team(team_id):
        raise TeamNotFoundError
