"""What can be wrong with a segment's rule."""

from fanwheel.kernel.errors import FanwheelError


class BadSegmentError(FanwheelError):
    """That is not a rule of a segment."""

    def __init__(self, message: str | None = None, *, hint: str | None = None, path: str = "$") -> None:
        super().__init__(message, hint=hint, path=path)
        self.path = path
