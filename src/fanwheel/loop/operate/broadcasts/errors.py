"""What can be wrong with a broadcast."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BroadcastNotFoundError(FanwheelError):
    """There is no such broadcast."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadBroadcastError(FanwheelError):
    """The broadcast cannot be used as it is."""


class BroadcastChangedError(FanwheelError):
    """Somebody else has changed the broadcast in the meantime."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class WrongStateError(FanwheelError):
    """That cannot be done with the broadcast as it stands."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class NeedsApprovalError(FanwheelError):
    """A second person must agree before the broadcast goes out."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class OwnBroadcastError(FanwheelError):
    """Whoever wrote or submitted a broadcast cannot agree to it."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class BroadcastFiguresGoneError(FanwheelError):
    """What these figures would be counted from is no longer kept."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
