"""Invites in plain values."""

from typing import Final, NamedTuple

from fanwheel.kernel.ids import HomeId

BY_CODE: Final = HomeId(0)  # in the place of a referrer: whoever owns the code


class Acceptance(NamedTuple):
    """An invite taken up; the referrer is named by one of the referrer's identifiers, or by the code alone."""

    referee_home: HomeId
    referrer_kind: str
    referrer_value: str  # empty: by the code
    at_us: int
    code: str


class Sent(NamedTuple):
    """An invite sent with a code; whoever sent a code first owns it."""

    home_id: HomeId
    code: str
    at_us: int


class Invite(NamedTuple):
    """Who brought whom, and when first."""

    referee_home: int
    referrer_home: int
    code: str
    accepted_at: int
