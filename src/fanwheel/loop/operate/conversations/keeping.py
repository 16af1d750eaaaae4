"""What every change of conversations brings along: promises, somebody who has it, rounds, and telling who looks."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import hours
from fanwheel.loop.operate.conversations.contracts import Line
from fanwheel.loop.operate.conversations.rules import dealing, promises
from fanwheel.loop.operate.conversations.rules.threads import Thread
from fanwheel.loop.operate.conversations.threads import ThreadRepository


async def settle(tx: Transaction, changed: Sequence[Thread], *, opened: Collection[int]) -> list[Thread]:
    """Write conversations as they have become; those that were opened look for somebody, and begin a round."""
    if not changed:
        return []
    repository = ThreadRepository(tx)
    dealt = await _deal(repository, changed, opened) if opened else list(changed)
    promised = await promise(tx, dealt)
    await repository.put(promised)
    await repository.put_rounds([thread for thread in promised if thread.conversation_id in opened])
    return promised


async def promise(tx: Transaction, changed: Sequence[Thread]) -> list[Thread]:
    """Conversations with the moments until which something is promised now."""
    policies = await ThreadRepository(tx).list_policies()
    if not policies:
        return [thread._replace(due_at=None, due_for="", resolution_due_at=None) for thread in changed]
    open_hours = await hours.get(tx)
    return [promises.promise(thread, policies, open_hours) for thread in changed]


async def note_answer(tx: Transaction, before: Thread, after: Thread, *, user: int | None) -> None:
    """Write into the round's record that a human answered, if it was the first time."""
    if before.answered_at is not None or after.answered_at is None:
        return
    repository = ThreadRepository(tx)
    policy = promises.find_policy(await repository.list_policies(), before)
    taken = promises.measure(
        before.opened_at,
        after.answered_at,
        promised_s=policy.first_response_s if policy else None,
        is_in_hours=policy.is_in_hours if policy else True,
        hours=await hours.get(tx),
    )
    await repository.answer_round(after, at=after.answered_at, user=user, taken=taken)


async def note_close(tx: Transaction, thread: Thread, *, user: int | None, now: datetime) -> None:
    """Write into the round's record that it was closed."""
    repository = ThreadRepository(tx)
    policy = promises.find_policy(await repository.list_policies(), thread)
    taken = promises.measure(
        thread.opened_at,
        now,
        promised_s=policy.resolution_s if policy else None,
        is_in_hours=policy.is_in_hours if policy else True,
        hours=await hours.get(tx),
    )
    await repository.close_round(thread, at=now, user=user, taken=taken)


def remark(thread: Thread, author: str, now: datetime, **detail: Any) -> Line:
    """A line in the thread that says what was done with the conversation."""
    return Line(thread.conversation_id, "line", author, now, [], "", detail=detail)


def note(thread: Thread, author: str, now: datetime, *, text: str) -> Line:
    """A note that the person never sees."""
    return Line(thread.conversation_id, "note", author, now, [{"type": "text", "text": text}], text)


async def _deal(repository: ThreadRepository, changed: Sequence[Thread], opened: Collection[int]) -> list[Thread]:
    """Conversations with somebody who has them, where they are new, in a team that deals out, and nobody has them."""
    homeless: defaultdict[int, list[Thread]] = defaultdict(list)
    for thread in changed:
        if thread.conversation_id in opened and thread.assignee_id is None and thread.team_id is not None:
            homeless[thread.team_id].append(thread)
    teams = await repository.hold_teams(homeless.keys()) if homeless else []
    if not teams:
        return list(changed)
    members = await repository.list_free_members([team.team_id for team in teams])
    homes = {thread.home_id for team in teams if team.assigns == "owner" for thread in homeless[team.team_id]}
    owners = await repository.find_owners(homes) if homes else {}
    given: dict[int, int | None] = {}
    for team in teams:
        asking = homeless[team.team_id]
        here = [member for member in members if member.team_id == team.team_id]
        dealt = dealing.deal(team, here, [owners.get(thread.home_id) for thread in asking])
        given |= {thread.conversation_id: user for thread, user in zip(asking, dealt.users, strict=True)}
        if dealt.last_user_id != team.last_user_id:
            await repository.put_last_user(team.team_id, dealt.last_user_id)
    return [thread._replace(assignee_id=given.get(thread.conversation_id) or thread.assignee_id) for thread in changed]
