"""What can be wrong with an auto-reply."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadRuleError(FanwheelError):
    """The rule cannot be used."""


class RuleNotFoundError(FanwheelError):
    """There is no such rule."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class RuleNameTakenError(FanwheelError):
    """Another rule has that name."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class FormNotFoundError(FanwheelError):
    """There is no such lead form."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class FormInUseError(FanwheelError):
    """Rules or menus still use the lead form."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BrakeNotFoundError(FanwheelError):
    """There is no such brake, or it is over."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
