"""What can be wrong with spend."""

from fanwheel.kernel.errors import FanwheelError


class NegativeSpendError(FanwheelError):
    """Spend cannot be below zero."""
