"""What comes back: callbacks of providers, and mails that a mailbox or a mail server passes on."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Answer, AnyHappening, Received, Request
from fanwheel.domains.private.channels.errors import ForgedError
from fanwheel.domains.private.email import mailbox, mailgun, postmark, sendgrid, ses
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.passwords import require_password

Reader = Callable[[Request, Account, Tools], Awaitable[Received]]

_PROVIDERS: Final[Mapping[str, Reader]] = {
    "ses": ses.read,
    "sendgrid": sendgrid.read,
    "mailgun": mailgun.read,
    "postmark": postmark.read,
}
_MAIL: Final = "message/rfc822"


async def read(request: Request, account: Account, tools: Tools) -> Received:
    """What a callback says.

    Raises
    ------
    ForgedError
        If it is not proved to be the provider's, or the mailbox's.
    MalformedError
        If it cannot be read.
    """
    if request.method != "POST":
        raise ForgedError("Mail providers call by POST.")
    reader = _PROVIDERS.get(account.settings.get("provider", "smtp"))
    if reader is not None and not request.headers.get("content-type", "").startswith(_MAIL):
        return await reader(request, account, tools)
    require_password(request, account)
    return Received(Answer(), read_mail(request.body, account.key, received_at=request.received_at))


def read_mail(raw: bytes, account_key: str, *, received_at: datetime) -> Sequence[AnyHappening]:
    """What a mail tells that came to an account's mailbox.

    Raises
    ------
    MalformedError
        If it is no mail.
    """
    return mailbox.read(raw, Marks(account_key), received_at=received_at)
