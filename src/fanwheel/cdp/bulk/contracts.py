"""Bulk actions in plain values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from fanwheel.infra.postgres import Transaction

What = Literal["tag", "untag", "add_to_list", "remove_from_list", "set_trait"]
Status = Literal["running", "done", "failed", "undoing", "undone"]
Args = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that is or was done to many people.

    ``done`` of the ``people`` have been gone through, and to ``changed`` of them it made a difference; once it is
    undone, ``taken_back`` tells of how many of those all of it was taken back.
    """

    action_id: int
    what: What
    args: Args
    people: int
    done: int
    changed: int
    taken_back: int
    status: Status
    is_undoable: bool
    error: str | None
    created_at: datetime
    created_by: str
    undone_at: datetime | None
    undone_by: str | None


class Doing(NamedTuple):
    """In whose name something is done, and when."""

    actor: str
    now: datetime


class Home(NamedTuple):
    """Somebody an action is about: the name at the time, the living person behind it, and what was kept for undoing."""

    home_id: int
    person_id: int
    undo: Any


class Effect(Protocol):
    """One kind of thing that can be done to people; what it keeps for taking it back can be written as JSON."""

    async def prepare(self, tx: Transaction, args: Args, doing: Doing) -> Args:
        """The arguments, checked and completed."""
        ...

    async def apply(self, tx: Transaction, people: Sequence[int], args: Args, doing: Doing) -> Mapping[int, Any]:
        """Do it to people; of each to whom it made a difference, what it takes to take that back."""
        ...

    async def revert(self, tx: Transaction, kept: Sequence[Home], args: Args, doing: Doing) -> Collection[int]:
        """Take it back; the homes of those of whom it could be."""
        ...

    async def finish(self, tx: Transaction, args: Args, *, is_undone: bool) -> None:
        """What is left to do when everybody has been gone through."""
        ...
