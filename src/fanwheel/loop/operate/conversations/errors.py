"""What can go wrong with conversations."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class ConversationNotFoundError(FanwheelError):
    """There is no such conversation."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class EmptyMessageError(FanwheelError):
    """A message must say something."""


class BadTemplateError(FanwheelError):
    """This template cannot be said to this person."""


class NotAnAgentError(FanwheelError):
    """This user cannot be given conversations."""


class NoUserError(FanwheelError):
    """A key has no inbox of its own."""


class SnoozedIntoThePastError(FanwheelError):
    """A conversation can only be snoozed until a moment to come."""


class TeamNotFoundError(FanwheelError):
    """There is no such team."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class TeamNameTakenError(FanwheelError):
    """Another team has this name."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class CannedReplyNotFoundError(FanwheelError):
    """There is no such canned reply."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class ShortcutTakenError(FanwheelError):
    """Another canned reply has this shortcut."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class ChatNotFoundError(FanwheelError):
    """There is no chat at this address."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class VisitorUnknownError(FanwheelError):
    """This chat has not been begun here."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED


class TooManyFilesError(FanwheelError):
    """That was too many files for one day."""

    kind: ClassVar[ErrorKind] = ErrorKind.THROTTLED


class TooManyMessagesError(FanwheelError):
    """That was too many messages in a short time."""

    kind: ClassVar[ErrorKind] = ErrorKind.THROTTLED
