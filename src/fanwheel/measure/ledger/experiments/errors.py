"""What can be wrong with an experiment."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class ExperimentNotFoundError(FanwheelError):
    """No experiment has that id."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class ExperimentNameTakenError(FanwheelError):
    """An experiment or a list has that name."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class ExperimentEndedError(FanwheelError):
    """This experiment has ended; its days stay as they are, or the end could be chosen by the result."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class TooFewPeopleError(FanwheelError):
    """So few people that no arm would hold two."""
