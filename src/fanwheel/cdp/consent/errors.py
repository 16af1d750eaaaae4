"""What can be wrong with a statement of consent."""

from fanwheel.kernel.errors import FanwheelError


class BadConsentError(FanwheelError):
    """A statement of consent names no channel."""
