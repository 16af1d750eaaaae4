"""What can go wrong with double opt-in."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class NoMailAccountError(FanwheelError):
    """There is no e-mail account that could ask."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT
