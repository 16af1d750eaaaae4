"""What can be wrong with a statement of consent."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadConsentError(FanwheelError):
    """A statement of consent names no channel, or was imported without evidence."""


class BadAddressError(FanwheelError):
    """That is no address of this kind."""


class WrongAddressKeyError(FanwheelError):
    """Suppressed addresses were hashed with another secret key; with this one nobody would be found."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class SuppressionNotFoundError(FanwheelError):
    """There is no such suppressed address."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadTokenError(FanwheelError):
    """This link is not one of ours."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadConsentFileError(FanwheelError):
    """The file cannot be read as what people said of consent."""


class BadSuppressionFileError(FanwheelError):
    """The file cannot be read as a list of addresses."""
