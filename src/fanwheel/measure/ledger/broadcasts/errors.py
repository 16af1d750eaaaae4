"""What can be wrong with asking for the lift of a broadcast."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BroadcastNotFoundError(FanwheelError):
    """There is no such broadcast."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
