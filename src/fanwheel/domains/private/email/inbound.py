"""What comes back: callbacks of providers, and mails that a mailbox or a mail server passes on."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Answer, Received, Request
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
    happenings = mailbox.read(request.body, Marks(account.key), received_at=request.received_at)
    return Received(Answer(), happenings)
