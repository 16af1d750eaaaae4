"""Why a backup or a restore cannot be done."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class NotABackupError(FanwheelError):
    """The file is not a backup of Fanwheel, or not all of it is there."""


class NewerBackupError(FanwheelError):
    """The backup was written by a newer Fanwheel."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class NotFreshError(FanwheelError):
    """A backup can be restored into a fresh installation only."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class HalfRestoredError(FanwheelError):
    """A restore was interrupted, and what is here is not complete."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class BackupTargetError(FanwheelError):
    """The backup cannot be written there."""


class LakeMovedError(FanwheelError):
    """The lake kept changing while it was copied."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class ExportTargetError(FanwheelError):
    """The export cannot be written there."""
