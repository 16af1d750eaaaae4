"""Who is given a conversation."""

from collections.abc import Sequence
from typing import NamedTuple

from fanwheel.loop.operate.conversations.contracts import Member, Team


class Dealt(NamedTuple):
    """Who gets each conversation, None where nobody is free; and who was given the last one in turn."""

    users: list[int | None]
    last_user_id: int | None


def deal(team: Team, members: Sequence[Member], owners: Sequence[int | None]) -> Dealt:
    """Deal conversations to the members of a team who are there, one for each of ``owners``.

    A fan's owner comes first where the team goes by owners and the owner is there; the others go to whom has least.
    """
    loads = {member.user_id: member.open_count for member in sorted(members, key=lambda each: each.user_id)}
    last = team.last_user_id
    users: list[int | None] = []
    for owner in owners:
        user = _choose(team, loads, owner=owner, last=last)
        if user is not None:
            loads[user] += 1
            last = user
        users.append(user)
    return Dealt(users, last)


def _choose(team: Team, loads: dict[int, int], *, owner: int | None, last: int | None) -> int | None:
    if team.assigns == "manual":
        return None
    if team.assigns == "owner" and owner in loads:
        return owner
    free = [user for user, load in loads.items() if team.most_open is None or load < team.most_open]
    if not free:
        return None
    if team.assigns == "round_robin":
        return next((user for user in free if last is None or user > last), free[0])
    return min(free, key=lambda user: (loads[user], user))
