"""What can keep the ledger from being made."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class LedgerDownError(FanwheelError):
    """The ledger could not be made just now."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
