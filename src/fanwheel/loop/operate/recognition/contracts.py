"""Newcomers, and what came of asking about them, in plain values."""

from datetime import datetime
from typing import NamedTuple

from fanwheel.domains.private.channels.abilities import Known


class Newcomer(NamedTuple):
    """Somebody who began to follow an account, by the home of the address."""

    account_id: int
    channel: str
    home_id: int
    came_at: datetime


class Question(NamedTuple):
    """Somebody whom an account's platform is asked about; without an address if they were erased meanwhile."""

    home_id: int
    came_at: datetime
    attempts: int
    kind: str | None
    value: str | None


class Outcome(NamedTuple):
    """What came of a question: what is known now, or when it is asked again; neither: there is nothing to know."""

    question: Question
    known: Known | None = None
    next_at: datetime | None = None
