"""What can go wrong with media."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class MediaNotFoundError(FanwheelError):
    """There is no such file in the library."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadMediaError(FanwheelError):
    """This is no file that the library takes."""


class MediaTooLargeError(FanwheelError):
    """The file is too large."""

    kind: ClassVar[ErrorKind] = ErrorKind.TOO_LARGE


class MediaUsedError(FanwheelError):
    """Templates show this file."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class MediaOutOfReachError(FanwheelError):
    """The address gives no file, or may not be asked."""
