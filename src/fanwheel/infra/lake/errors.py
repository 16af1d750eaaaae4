"""What can go wrong between PostgreSQL and the lake."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class LakeSettlingError(FanwheelError):
    """The lake is being compared with a restored database."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class LakeRivalError(FanwheelError):
    """Another process moved the lake on meanwhile; this one stands back."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
