"""What can go wrong when an engine is opened or asked."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadStatementError(FanwheelError):
    """An analytic statement cannot be expanded."""


class EngineMissingError(FanwheelError):
    """The engine that the settings name is not installed."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class EngineDownError(FanwheelError):
    """The engine that runs the reports cannot be reached or gave up."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
