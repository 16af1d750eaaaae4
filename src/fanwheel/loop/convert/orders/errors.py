"""What can be wrong with an order."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class OrderRefusedError(FanwheelError):
    """What the event says of an order cannot be used."""


class OrderNotFoundError(FanwheelError):
    """No order has that id."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
