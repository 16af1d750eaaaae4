"""What can be wrong with bulk actions."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class ActionNotFoundError(FanwheelError):
    """No bulk action has that id."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class TooManyPeopleError(FanwheelError):
    """So many people are not changed at once."""


class NotUndoableError(FanwheelError):
    """This bulk action cannot be undone."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT
