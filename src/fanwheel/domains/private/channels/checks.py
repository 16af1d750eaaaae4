"""Why a connection test failed, in a word that pages have a sentence for in every language."""

from typing import Final

from fanwheel.domains.private.channels.contracts import Check
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)

_CODES: Final[tuple[tuple[type[SendError], str], ...]] = (
    (BadAccountError, "credentials_refused"),
    (ThrottledError, "throttled"),
    (QuotaUsedUpError, "throttled"),
    (UnavailableError, "unreachable"),
    (UnclearError, "unreachable"),
)


def failed(error: SendError) -> Check:
    """The outcome of a test in which the platform did not do what it was asked."""
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "refused")
    return Check(
        is_fine=False,
        message=error.message,
        facts={"code": error.platform_code, "reason": error.message},
        code=code,
    )
