"""What can go wrong with links."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class LinkNotFoundError(FanwheelError):
    """There is no such link."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadLinkError(FanwheelError):
    """A link leads to an address that begins with http:// or https://."""
