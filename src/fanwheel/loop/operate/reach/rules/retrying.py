"""What follows when a platform does not take a message: again, later, or never, and who else must wait."""

from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from fanwheel.domains.private.channels import errors

State = Literal["waiting", "failed", "unclear"]
WhenUnclear = Literal["twice", "not_at_all"]
MOST_ATTEMPTS: Final = 12
_FIRST_S: Final = 2.0
_LONGEST_S: Final = 3_600.0
_TRIPS_AT: Final = 10  # failures in a row
_OPEN_S: Final = 5.0
_LONGEST_OPEN_S: Final = 300.0


class Next(NamedTuple):
    """What becomes of an intent whose sending failed."""

    state: State
    rule: str
    due_at: datetime | None = None
    gives_back: bool = True  # it surely did not go out: what it reserved is free again


def after(error: errors.SendError, *, attempts: int, when_unclear: WhenUnclear, now: datetime) -> Next:
    """What becomes of it after an attempt that failed, the ``attempts``-th."""
    rule = error.code
    if error.may_have_gone_out:
        return after_doubt(attempts=attempts, when_unclear=when_unclear, now=now, rule=rule)
    if error.is_final:
        return Next("failed", rule)
    if attempts >= MOST_ATTEMPTS:
        return Next("failed", "attempts")
    return Next("waiting", rule, now + backoff(attempts, error.retry_after_s))


def after_doubt(*, attempts: int, when_unclear: WhenUnclear, now: datetime, rule: str) -> Next:
    """What becomes of a message of which nobody knows whether it went out."""
    if when_unclear == "not_at_all":
        return Next("unclear", rule, gives_back=False)
    if attempts >= MOST_ATTEMPTS:
        return Next("unclear", "attempts", gives_back=False)
    return Next("waiting", rule, now + backoff(attempts, None), gives_back=False)


def backoff(attempts: int, asked_s: float | None) -> timedelta:
    """How long to wait before the next attempt; a platform that says how long is believed."""
    own_s = min(_FIRST_S * 2 ** min(attempts - 1, 16), _LONGEST_S)
    return timedelta(seconds=max(own_s, asked_s or 0.0))


def is_trouble(error: errors.SendError) -> bool:
    """Whether it says that the platform itself is unwell, and not only this message."""
    return isinstance(error, errors.UnavailableError | errors.UnclearError | errors.ThrottledError)


def open_for(failures: int) -> timedelta | None:
    """How long an account rests after so many failures in a row; None: it goes on."""
    if failures < _TRIPS_AT:
        return None
    return timedelta(seconds=min(_OPEN_S * 2 ** min(failures // _TRIPS_AT - 1, 8), _LONGEST_OPEN_S))
