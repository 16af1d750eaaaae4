"""What a caller can get wrong about a report."""

from fanwheel.kernel.errors import FanwheelError


class BadPeriodError(FanwheelError):
    """The period is not one that a report can be given for."""
