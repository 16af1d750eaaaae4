"""What can be wrong with sources and their rules."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadRuleError(FanwheelError):
    """A source rule cannot be used."""


class BadSlugError(FanwheelError):
    """A source needs a short name of letters, digits, “.”, “_”, “-” and “/”."""


class SourceNotFoundError(FanwheelError):
    """No source has that id."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class SourceExistsError(FanwheelError):
    """A source with that name exists already."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT
