"""What can be wrong with lists and the files that fill them."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class ListNotFoundError(FanwheelError):
    """No list has that id."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class ListNameTakenError(FanwheelError):
    """Another list has that name."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class ListInUseError(FanwheelError):
    """A segment asks who is on this list."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class ReportNotFoundError(FanwheelError):
    """There is no such report of unmatched rows; reports are kept for seven days."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadListFileError(FanwheelError):
    """The file cannot be matched with people."""
