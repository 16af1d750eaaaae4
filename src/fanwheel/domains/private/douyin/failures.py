"""Douyin's error codes, as what they mean for a message."""

from typing import Final

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    WindowClosedError,
)

# Codes of public code and secondary sources, as of 2026-11: unknown ones are refusals.
_MEANINGS: Final[dict[str, type[SendError]]] = {
    "2100001": UnavailableError,
    "2100005": RefusedError,
    "2190001": QuotaUsedUpError,
    "2190002": BadAccountError,
    "2190008": BadAccountError,
    "2190015": BadAccountError,
    "2190016": BadAccountError,
    "28001005": UnavailableError,
    "28001006": UnavailableError,
    "28001008": BadAccountError,
    "28001012": BadAccountError,
    "28001014": BadAccountError,
    "28001015": BadAccountError,
    "28001018": BadAccountError,
    "28001038": RefusedError,
    "28003017": QuotaUsedUpError,
    "28003018": ThrottledError,
    "28003070": QuotaUsedUpError,
    "28003080": WindowClosedError,
    "28003081": WindowClosedError,
    "28003082": WindowClosedError,
    "28003095": BadAccountError,
    "28003101": RecipientGoneError,
    "28029004": BadAccountError,
}
_HINTS: Final = {
    "28003095": "The account still has a direct-message rule switched on in Douyin’s own workbench; switch it off.",
    "28003082": "The message answered belongs to another conversation, or gives no right to answer.",
}
_STALE_TOKEN: Final = {"2190002", "2190008", "28001008"}


def code_of(reply: calls.Reply) -> str:
    """The error code of an answer; empty where it is fine. It stands in one of two places."""
    for place in ("extra", "data"):
        code = reading.text(reply.data, place, "error_code")
        if code not in {"", "0"}:
            return code
    return ""


def is_stale_token(code: str) -> bool:
    """Whether a new access token may help."""
    return code in _STALE_TOKEN


def raise_for(reply: calls.Reply) -> None:
    """Raise what an answer's code or status stands for.

    Raises
    ------
    SendError
        Unless the answer is fine.
    """
    code = code_of(reply)
    if not code:
        calls.refuse_by_status(reply)
        return
    said = reading.text(reply.data, "data", "description") or reading.text(reply.data, "extra", "description")
    told = _HINTS.get(code, f"Douyin answered {code}{': ' + calls.quoted(said) if said else '.'}")
    raise _MEANINGS.get(code, RefusedError)(told, code=code, retry_after_s=calls.retry_after(reply))
