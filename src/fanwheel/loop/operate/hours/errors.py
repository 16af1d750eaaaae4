"""What can be wrong with business hours."""

from fanwheel.kernel.errors import FanwheelError


class BadHoursError(FanwheelError):
    """These cannot be business hours."""
