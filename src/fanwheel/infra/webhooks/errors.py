"""What can be wrong with webhooks."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class WebhookNotFoundError(FanwheelError):
    """There is no such webhook."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadWebhookError(FanwheelError):
    """That cannot be the address of a webhook."""


class BadSecretKeyError(FanwheelError):
    """A secret was sealed with another key than the one at hand."""
