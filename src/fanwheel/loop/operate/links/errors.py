"""What can go wrong with links."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class LinkNotFoundError(FanwheelError):
    """There is no such link."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class NotByHandError(FanwheelError):
    """A link that a message put in leads where the message says."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BadLinkError(FanwheelError):
    """A link leads to an address that begins with http:// or https://."""
