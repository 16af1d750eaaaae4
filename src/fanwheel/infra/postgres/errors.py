"""Why an embedded or external PostgreSQL cannot be used, each with its remedy as the hint."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class NoBinariesError(FanwheelError):
    """No PostgreSQL programs were found to embed."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class ServerAccountError(FanwheelError):
    """PostgreSQL does not run as root, and no other account could be used to run it."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class DataDirectoryOwnerError(FanwheelError):
    """The data directory belongs to another user."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class DataDirectoryInUseError(FanwheelError):
    """The data directory is in use by another server."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class OtherVersionError(FanwheelError):
    """The data directory was written by another major version of PostgreSQL."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class NoClusterError(FanwheelError):
    """The data directory holds something that is not a PostgreSQL cluster."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class ServerStartError(FanwheelError):
    """PostgreSQL did not start."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class UnsuitableServerError(FanwheelError):
    """The PostgreSQL server that FANWHEEL_DATABASE_URL names cannot be used."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE
