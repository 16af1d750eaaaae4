"""Why a channel did not take a message, and whether it may have gone out all the same."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class UnknownChannelError(FanwheelError):
    """No adapter of that name is installed."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class ForgedError(FanwheelError):
    """A callback that is not proved to be the platform's: wrong signature, too old, or seen before."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class MalformedError(FanwheelError):
    """A callback that is the platform's and cannot be read."""


class SendError(FanwheelError):
    """The platform did not take a message. ``may_have_gone_out`` decides whether it is sent again."""

    may_have_gone_out: ClassVar[bool] = False
    is_final: ClassVar[bool] = True

    def __init__(self, message: str, *, code: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.platform_code = code
        self.retry_after_s = retry_after_s


class RefusedError(SendError):
    """The platform refuses this message for good: its content, its template, a missing permission."""


class RecipientGoneError(SendError):
    """This address cannot be reached any more: blocked, unfollowed, no such mailbox. It is suppressed."""


class WindowClosedError(SendError):
    """The platform allows no message to this person now."""


class QuotaUsedUpError(SendError):
    """The platform's quota is used up; ``retry_after_s`` where it says until when."""

    is_final: ClassVar[bool] = False


class ThrottledError(SendError):
    """Too fast; nothing was sent. Again after ``retry_after_s``."""

    is_final: ClassVar[bool] = False


class OptedOutError(SendError):
    """The person told the platform to take no marketing of ours; answers still reach them. That is kept as a no."""


class RecipientBusyError(SendError):
    """This address takes nothing now: a full mailbox, too much of late. Again later; nobody else need wait."""

    is_final: ClassVar[bool] = False


class UnavailableError(SendError):
    """The platform is away and has surely not taken it. Again later."""

    is_final: ClassVar[bool] = False


class UnclearError(SendError):
    """The platform was asked and did not answer: it may have taken it."""

    may_have_gone_out: ClassVar[bool] = True
    is_final: ClassVar[bool] = False


class BadAccountError(SendError):
    """The account's credentials are refused; nothing goes out until somebody mends them."""

    is_final: ClassVar[bool] = False
