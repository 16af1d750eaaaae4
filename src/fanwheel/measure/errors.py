"""What the estimators refuse, named so that a caller can act on it."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class MeasureError(FanwheelError):
    """Something cannot be measured."""

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __str__(self) -> str:
        """The message and what to do, for whoever reads a traceback."""
        return " ".join(filter(None, (self.message, self.hint)))


class BadDataError(MeasureError):
    """The data cannot be measured as they are; the message says which rows and what to do."""


class NotEnoughDataError(MeasureError):
    """There is too little data for an answer; the message says how much would be enough."""
