"""Showing a person, on whatever channel, that somebody of the brand is typing."""

from typing import NamedTuple

import structlog

from fanwheel.domains.private.channels.accounts import Opener
from fanwheel.domains.private.channels.adapter import Types
from fanwheel.domains.private.channels.contracts import Address, Outgoing
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.conversations import wording
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.rules import reading

_log = structlog.get_logger()


class Shown(NamedTuple):
    """To whom it is shown, and through which account."""

    account_id: int
    message: Outgoing


async def find(tx: Transaction, conversation_id: int) -> Shown | None:
    """To whom it can be shown, if the channel can; the web chat's visitors see it by themselves."""
    inbox = InboxRepository(tx)
    home = await inbox.find_home(conversation_id)
    known = wording.about(home["channel"]) if home else None
    if home is None or known is None or home["channel"] == "webchat" or "typing" not in known.capabilities:
        return None
    message = Outgoing(
        key=f"typing-{conversation_id}",
        to=Address(home["kind"], home["value"]),
        parts=(),
        purpose="service",
        reply=reading.reply_to(await inbox.find_last_in(conversation_id)),
    )
    return Shown(home["account_id"], message)


async def show(opener: Opener, workspace: int, shown: Shown) -> None:
    """Show it; where that fails nothing is lost."""
    try:
        adapter = await opener.open(workspace, shown.account_id)
        if isinstance(adapter, Types):
            await adapter.typing(shown.message)
    except FanwheelError as error:
        _log.info("typing could not be shown", account_id=shown.account_id, code=error.code)
