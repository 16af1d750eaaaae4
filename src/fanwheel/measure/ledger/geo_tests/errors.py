"""What can be wrong with a geo test."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class GeoTestNotFoundError(FanwheelError):
    """No geo test has that id."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class GeoTestEndedError(FanwheelError):
    """This geo test has ended; its days stay as they are, or the end could be chosen by the result."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class GeoTestOverlapError(FanwheelError):
    """The source is switched by another geo test on some of these days."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BadGeoTestError(FanwheelError):
    """A geo test with these days cannot tell anything."""


class UnknownRegionError(FanwheelError):
    """Nobody lives in one of the regions."""


class UnknownTestSourceError(FanwheelError):
    """No source has that name."""
