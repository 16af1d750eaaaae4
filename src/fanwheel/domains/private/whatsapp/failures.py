"""Meta's error codes, as what they mean for a message."""

from typing import Final

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    OptedOutError,
    RecipientBusyError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
    WindowClosedError,
)

# Meta's published codes, as of 2026-11; unknown ones go by the HTTP status.
_MEANINGS: Final[dict[str, type[SendError]]] = {
    "0": BadAccountError,
    "3": BadAccountError,
    "10": BadAccountError,
    "190": BadAccountError,
    "200": BadAccountError,
    "368": BadAccountError,
    "131005": BadAccountError,
    "131031": BadAccountError,
    "131042": BadAccountError,
    "131045": BadAccountError,
    "133010": BadAccountError,
    "1": UnclearError,
    "2": UnavailableError,
    "131000": UnclearError,
    "131016": UnavailableError,
    "133004": UnavailableError,
    "4": ThrottledError,
    "80007": ThrottledError,
    "130429": ThrottledError,
    "131048": ThrottledError,
    "131056": RecipientBusyError,
    "131049": RecipientBusyError,
    "131047": WindowClosedError,
    "131050": OptedOutError,
    "131030": RefusedError,
    "131026": RefusedError,
    "130472": RefusedError,
    "130497": RefusedError,  # nobody in that country may be written to; others may
}
# For a person who got enough marketing of all brands, Meta asks for a day's rest.
_REST_S: Final[dict[str, float]] = {"131049": 86_400.0, "131056": 6.0}


def is_permanent(code: str) -> bool:
    """Whether trying again cannot help."""
    return _MEANINGS.get(code, RefusedError).is_final


def raise_for(reply: calls.Reply) -> None:
    """Raise what an answer's code or status stands for.

    Raises
    ------
    SendError
        Unless the answer is fine.
    """
    code = reading.text(reply.data, "error", "code")
    said = reading.text(reply.data, "error", "error_data", "details") or reading.text(reply.data, "error", "message")
    if code in _MEANINGS:
        wait = _REST_S.get(code, calls.retry_after(reply))
        raise _MEANINGS[code](f"WhatsApp answered {code}: {calls.quoted(said)}", code=code, retry_after_s=wait)
    if code.startswith("13") and reply.status < 500:
        raise RefusedError(f"WhatsApp answered {code}: {calls.quoted(said)}", code=code)
    calls.refuse_by_status(reply, said=said, code=code)
