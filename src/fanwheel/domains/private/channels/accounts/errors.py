"""What can be wrong with an account."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class AccountNotFoundError(FanwheelError):
    """There is no such account."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadAccountFieldError(FanwheelError):
    """A field of the account cannot be used."""


class TokenNotFetchedError(FanwheelError):
    """Another worker is fetching the platform's token and does not get done."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
