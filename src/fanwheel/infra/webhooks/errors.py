"""What can be wrong with webhooks."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class WebhookNotFoundError(FanwheelError):
    """There is no such webhook."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class BadWebhookError(FanwheelError):
    """That cannot be the address of a webhook."""


class WebhookOffError(FanwheelError):
    """The webhook is switched off."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class MessageNotFoundError(FanwheelError):
    """The webhook has no such message; messages are kept for 30 days."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class MessageTakenError(FanwheelError):
    """The message was taken already."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT
