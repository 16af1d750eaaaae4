"""What WeCom's error codes mean to us."""

from typing import Final

from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientGoneError,
    RefusedError,
    ThrottledError,
    UnavailableError,
    WindowClosedError,
)
from fanwheel.domains.private.tencent import Meaning

MEANINGS: Final = {
    -1: Meaning(UnavailableError, "WeCom is busy."),
    40001: Meaning(BadAccountError, "WeCom refuses the secret."),
    40013: Meaning(BadAccountError, "WeCom does not know this corp id."),
    40056: Meaning(BadAccountError, "WeCom does not know this agent id."),
    40096: Meaning(RecipientGoneError, "WeCom knows no customer of this id."),
    41050: Meaning(WindowClosedError, "The welcome came too late: WeCom waits 20 seconds."),
    41051: Meaning(WindowClosedError, "The chat has begun already, or another app sent a welcome."),
    45009: Meaning(ThrottledError, "WeCom asks to be called less often.", 60.0),
    45033: Meaning(ThrottledError, "Too many calls at the same time for WeCom.", 5.0),
    48002: Meaning(RefusedError, "The app has no permission for this in WeCom's console."),
    60020: Meaning(BadAccountError, "This server's address is not among the app's trusted ones."),
    84061: Meaning(RefusedError, "The person and this member of staff are no longer in contact."),
    95000: Meaning(BadAccountError, "WeCom does not know this customer service account."),
    95001: Meaning(WindowClosedError, "All messages that this person's last word allowed have been sent."),
    95002: Meaning(WindowClosedError, "The person has not written within the last 48 hours."),
    95013: Meaning(WindowClosedError, "The conversation is closed."),
    95016: Meaning(WindowClosedError, "A member of staff has the conversation."),
}
