"""What can be wrong with a menu."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadMenuError(FanwheelError):
    """The menu cannot be used."""


class MenuNotFoundError(FanwheelError):
    """There is no such menu, or it has no such version."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class MenuNotPublishedError(FanwheelError):
    """The platform did not take the menu; what was there before is still shown."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT
