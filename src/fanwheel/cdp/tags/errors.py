"""What can go wrong with tags."""

from fanwheel.kernel.errors import ErrorKind, FanwheelError


class BadTagError(FanwheelError):
    """A tag is empty or too long."""


class ExclusiveTagsError(FanwheelError):
    """These tags exclude each other."""


class TagNotFoundError(FanwheelError):
    """There is no such tag."""

    kind = ErrorKind.NOT_FOUND


class TagExistsError(FanwheelError):
    """This tag is defined already."""

    kind = ErrorKind.CONFLICT


class TagMentionedError(FanwheelError):
    """Rules mention this tag."""

    kind = ErrorKind.CONFLICT


class TagGroupNotFoundError(FanwheelError):
    """There is no such group of tags."""

    kind = ErrorKind.NOT_FOUND


class TagGroupNameTakenError(FanwheelError):
    """Another group of tags has this name."""

    kind = ErrorKind.CONFLICT
