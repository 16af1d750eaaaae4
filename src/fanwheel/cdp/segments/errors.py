"""What can be wrong with a segment's rule."""

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadSegmentError(FanwheelError):
    """That is not a rule of a segment."""

    def __init__(self, message: str | None = None, *, hint: str | None = None, path: str = "$") -> None:
        super().__init__(message, hint=hint, path=path)
        self.path = path


class SegmentNotFoundError(FanwheelError):
    """There is no such segment."""

    kind = ErrorKind.NOT_FOUND


class SegmentNameTakenError(FanwheelError):
    """Another segment has this name."""

    kind = ErrorKind.CONFLICT


class SegmentMentionedError(FanwheelError):
    """Other segments mention this one."""

    kind = ErrorKind.CONFLICT


class SegmentStateError(FanwheelError):
    """The segment is not in a state in which that can be done."""

    kind = ErrorKind.CONFLICT


class ScheduleNotFoundError(FanwheelError):
    """There is no such schedule of snapshots."""

    kind = ErrorKind.NOT_FOUND
