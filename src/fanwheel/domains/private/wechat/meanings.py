"""What an Official Account's error codes mean to us."""

from typing import Final

from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    RecipientGoneError,
    RefusedError,
    ThrottledError,
    UnavailableError,
    WindowClosedError,
)
from fanwheel.domains.private.tencent import Meaning

# Where no more is known, a day's quota is asked for again after this long.
_HOUR: Final = 3600.0

MEANINGS: Final = {
    -1: Meaning(UnavailableError, "WeChat is busy."),
    40003: Meaning(RecipientGoneError, "WeChat knows nobody of this openid in this account."),
    40013: Meaning(BadAccountError, "WeChat does not know this AppID."),
    40125: Meaning(BadAccountError, "WeChat refuses the AppSecret."),
    40164: Meaning(BadAccountError, "This server's address is not on the Official Account's IP whitelist."),
    41004: Meaning(BadAccountError, "The AppSecret is missing."),
    43004: Meaning(RecipientGoneError, "The person does not follow the account."),
    43019: Meaning(RecipientGoneError, "The person is on the account's black list."),
    43101: Meaning(WindowClosedError, "The person has not subscribed to this message, or no more."),
    45002: Meaning(RefusedError, "The message is too long for WeChat."),
    45009: Meaning(QuotaUsedUpError, "The Official Account's quota of today is used up.", _HOUR),
    45011: Meaning(ThrottledError, "WeChat asks to be called less often.", 60.0),
    45015: Meaning(WindowClosedError, "The person has not written within the last 48 hours."),
    45047: Meaning(WindowClosedError, "All messages that this person's last word allowed have been sent."),
    48001: Meaning(RefusedError, "The Official Account has no permission for this kind of message."),
    48004: Meaning(BadAccountError, "WeChat has closed this interface to the Official Account."),
    48006: Meaning(QuotaUsedUpError, "The month's resets of quotas are used up.", _HOUR),
    50002: Meaning(BadAccountError, "WeChat has restricted the Official Account."),
    89503: Meaning(BadAccountError, "An administrator of the Official Account must confirm this server's address."),
}
NO_MENU: Final = "46003"
