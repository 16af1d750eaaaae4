"""What can go wrong with a whole import; single rows are refused instead."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class UnreadableFileError(FanwheelError):
    """The file cannot be read."""


class UnknownColumnError(FanwheelError):
    """The mapping names a column that the file does not have."""


class BadMappingError(FanwheelError):
    """The mapping cannot be understood."""


class MissingFieldError(FanwheelError):
    """The mapping lacks a field that this kind of import needs."""


class NoFileError(FanwheelError):
    """There is no such file."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
