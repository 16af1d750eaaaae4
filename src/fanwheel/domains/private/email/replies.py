"""What a mail server's refusals mean; its words are never passed on, because they name the recipient."""

import re
from typing import Final, Literal

import aiosmtplib

from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientBusyError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
)

Stage = Literal["sender", "recipient", "content"]
_ENHANCED: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# About the mailbox or this pair of addresses, such as greylisting (RFC 6647): others may well be taken.
_OF_RECIPIENT: Final = ("4.1.", "4.2.", "4.7.1.")
_LATER_S: Final = 300.0
_FULL_LATER_S: Final = 3_600.0
# The mailbox or its domain is not there, or takes nothing any more (RFC 3463, RFC 7505).
_GONE: Final = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
# Who we are is refused, not whom we write to.
_OURS: Final = ("5.7.0", "5.7.8", "5.7.9", "5.7.14", "5.5.1", "5.1.7", "5.1.8")


def enhanced(error: aiosmtplib.SMTPResponseException) -> str:
    """The codes of a refusal: ``550 5.1.1``."""
    found = _ENHANCED.search(str(error.message))
    return f"{error.code} {found[1]}" if found else str(error.code)


def read_refusal(error: aiosmtplib.SMTPResponseException, stage: Stage) -> SendError:
    """The failure that a refusal is to the product."""
    code = enhanced(error)
    status = code.partition(" ")[2]
    if error.code < 500:
        wait_s = _FULL_LATER_S if status == "4.2.2" else _LATER_S
        is_own = error.code in {450, 451, 452} and (not status or f"{status}.".startswith(_OF_RECIPIENT))
        if stage == "recipient" and is_own:
            return RecipientBusyError("The mailbox takes nothing now.", code=code, retry_after_s=wait_s)
        return ThrottledError("The mail server asks to try again later.", code=code, retry_after_s=wait_s)
    if error.code in {530, 534, 535, 538} or (status in _OURS and stage == "sender"):
        return BadAccountError("The mail server does not let this account send.", code=code)
    if status in _GONE or (stage == "recipient" and not status and error.code in {550, 551, 553}):
        return RecipientGoneError("There is no such mailbox.", code=code)
    if stage == "sender":
        return BadAccountError("The mail server refuses the sender's address.", code=code)
    return RefusedError("The mail server refuses this mail.", code=code)
