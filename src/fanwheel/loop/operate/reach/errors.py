"""What can be wrong with sending."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class IntentNotFoundError(FanwheelError):
    """There is no such message."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class SenderNotFoundError(FanwheelError):
    """This account has never had anything to send."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class AllowanceNotFoundError(FanwheelError):
    """There is no such allowance in force."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadRulesError(FanwheelError):
    """Sending rules that cannot be."""


class BadPricesError(FanwheelError):
    """Prices cannot be as they were given."""

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID
