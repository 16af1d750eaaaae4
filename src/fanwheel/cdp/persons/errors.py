"""What can go wrong with persons."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class PersonNotFoundError(FanwheelError):
    """There is no such person."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class SamePersonError(FanwheelError):
    """Both are the same person already."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class NotPartOfPersonError(FanwheelError):
    """Some of these identifiers are not this person's, or they are all of them."""

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID
