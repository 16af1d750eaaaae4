"""What can be wrong with what came in."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class CallbackNotFoundError(FanwheelError):
    """Nobody is called back here."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class CallbackTooLargeError(FanwheelError):
    """The callback is larger than 1 MB."""

    kind: ClassVar[ErrorKind] = ErrorKind.TOO_LARGE


class CallbackUnreadError(FanwheelError):
    """The callback could not be read; it was logged."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class InboundNotFoundError(FanwheelError):
    """There is no such message among those that could not be taken in."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
