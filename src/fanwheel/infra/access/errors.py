"""Why access is refused."""

from typing import ClassVar

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class NotSignedInError(FanwheelError):
    """Sign in first, or send a server key as a Bearer token."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED


class WrongPasswordError(FanwheelError):
    """That e-mail address and password do not belong together."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED


class UnknownKeyError(FanwheelError):
    """That key is unknown or was revoked."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAUTHENTICATED


class WriteKeyRefusedError(FanwheelError):
    """A write key only sends events; it cannot read or change anything here."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class NotAllowedError(FanwheelError):
    """Your role does not allow that."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class CsrfError(FanwheelError):
    """The request does not prove that it came from the cockpit."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class TooManyTriesError(FanwheelError):
    """Too many tries to sign in."""

    kind: ClassVar[ErrorKind] = ErrorKind.THROTTLED


class LinkSpentError(FanwheelError):
    """That link is unknown, was used, or has run out."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class AlreadySetUpError(FanwheelError):
    """This installation has an owner already."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class BadFieldError(FanwheelError):
    """A field has a value that cannot be used."""


class WorkspaceNotFoundError(FanwheelError):
    """You belong to no such workspace."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class SlugTakenError(FanwheelError):
    """Another workspace has that slug."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class MemberNotFoundError(FanwheelError):
    """No such member in this workspace."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class AlreadyMemberError(FanwheelError):
    """That e-mail address belongs to a member of this workspace already."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class LastOwnerError(FanwheelError):
    """A workspace must keep at least one owner."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class SharedAccountError(FanwheelError):
    """That user also belongs to workspaces that you do not own."""

    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN


class KeyNotFoundError(FanwheelError):
    """No such key in this workspace."""

    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND


class IdempotencyKeyReusedError(FanwheelError):
    """That Idempotency-Key was used for another request."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


class StillRunningError(FanwheelError):
    """The first request with that Idempotency-Key is still running."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT
