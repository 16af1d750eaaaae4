"""Failures that a caller can act on: the docstring is the message, the kind is the policy."""

import re
from enum import Enum
from typing import ClassVar


class ErrorKind(Enum):
    """What went wrong, in a form that decides the HTTP status and whether to try again."""

    INVALID = 422
    NOT_FOUND = 404
    CONFLICT = 409
    FORBIDDEN = 403
    UNAUTHENTICATED = 401
    TOO_LARGE = 413
    THROTTLED = 429
    UNAVAILABLE = 503


class FanwheelError(Exception):
    """Something went wrong."""

    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, message: str | None = None, *, hint: str | None = None, **context: object) -> None:
        # The docstring is the default message, so the two cannot drift apart.
        self.message = message or " ".join((type(self).__doc__ or "").split())
        super().__init__(self.message)
        self.hint = hint
        self.context = context

    @property
    def code(self) -> str:
        """The class name in snake case, without "Error": stable, for programs."""
        name = type(self).__name__.removesuffix("Error")
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
