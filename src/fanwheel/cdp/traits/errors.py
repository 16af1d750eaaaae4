"""What can be wrong with definitions of traits and with values."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class TraitNotFoundError(FanwheelError):
    """No trait of that name is known."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class TraitNameTakenError(FanwheelError):
    """That trait is declared already."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class TraitInUseError(FanwheelError):
    """Segments ask for this trait."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BadTraitError(FanwheelError):
    """A trait cannot be declared so."""


class BadTraitValueError(FanwheelError):
    """The value does not fit the trait."""


class BadTraitFileError(FanwheelError):
    """The file cannot be read as traits of people."""
