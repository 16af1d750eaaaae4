"""What can go wrong with what is said."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class TemplateNotFoundError(FanwheelError):
    """There is no such template, or no such version of it."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class TemplateNameTakenError(FanwheelError):
    """Another template has this name."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class TemplateChangedError(FanwheelError):
    """Somebody else has saved this template since you opened it."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class TemplateArchivedError(FanwheelError):
    """An archived template stays as it is."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BadContentError(FanwheelError):
    """What is to be said cannot be said so."""


class BadLiquidError(FanwheelError):
    """A variable or a tag cannot be read."""

    def __init__(self, message: str, *, line: int = 1, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.line = line


class TooMuchLiquidError(FanwheelError):
    """A template takes too long or says too much."""
