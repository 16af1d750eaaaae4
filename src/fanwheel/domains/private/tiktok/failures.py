"""TikTok's answers, as what they mean for a message."""

from typing import Final

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
    UnclearError,
    WindowClosedError,
)

# Codes of the cached documentation, as of 2026-11; the direct-message ones come with words only.
_MEANINGS: Final[dict[str, type[SendError]]] = {
    "40001": BadAccountError,
    "40100": ThrottledError,
    "40101": ThrottledError,
    "40102": BadAccountError,
    "40104": BadAccountError,
    "40105": BadAccountError,
    "40106": BadAccountError,
    "40109": BadAccountError,
    "40133": ThrottledError,
    "50000": UnclearError,
    "50002": UnclearError,
    "51305": UnavailableError,
}
_STALE_TOKEN: Final = {"40102", "40104", "40105"}
_WINDOW_WORDS: Final = ("48 hour", "48-hour", "48h", "messaging window", "window has expired")
_QUOTA_WORDS: Final = ("limit of 10", "10 messages", "maximum number of messages")


def code_of(reply: calls.Reply) -> str:
    """The error code of an answer; empty where it is fine."""
    code = reading.text(reply.data, "code")
    return "" if code == "0" else code


def is_stale_token(code: str) -> bool:
    """Whether a new access token may help."""
    return code in _STALE_TOKEN


def raise_for(reply: calls.Reply) -> None:
    """Raise what an answer's code, words or status stand for.

    Raises
    ------
    SendError
        Unless the answer is fine.
    """
    code = code_of(reply)
    if not code:
        calls.refuse_by_status(reply)
        return
    said = reading.text(reply.data, "message")
    meaning = _MEANINGS.get(code) or _by_words(said.lower())
    raise meaning(f"TikTok answered {code}: {calls.quoted(said)}", code=code, retry_after_s=calls.retry_after(reply))


def _by_words(said: str) -> type[SendError]:
    # The ten messages that a person's last one allowed are this person's: nobody else need wait.
    if any(words in said for words in (*_QUOTA_WORDS, *_WINDOW_WORDS)):
        return WindowClosedError
    return RefusedError
