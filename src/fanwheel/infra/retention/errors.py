"""What can be wrong with a period of retention."""

from fanwheel.kernel.errors import FanwheelError


class TooShortPeriodError(FanwheelError):
    """This kind of data is needed for longer."""
