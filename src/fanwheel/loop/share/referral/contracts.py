"""Invites in plain values."""

from typing import NamedTuple

from fanwheel.kernel.ids import HomeId


class Acceptance(NamedTuple):
    """An invite taken up; the referrer is named by one of the referrer's identifiers."""

    referee_home: HomeId
    referrer_kind: str
    referrer_value: str
    at_us: int
    code: str


class Invite(NamedTuple):
    """Who brought whom; of a referee's invites the earliest counts."""

    accepted_at: int
    referrer_home: int
    code: str
    referee_home: int
