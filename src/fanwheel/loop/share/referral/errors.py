"""What can be wrong with an invite."""

from fanwheel.kernel.errors import FanwheelError


class InviteRefusedError(FanwheelError):
    """The event does not say who sent the invite."""
