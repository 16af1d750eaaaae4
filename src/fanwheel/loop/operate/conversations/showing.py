"""A conversation as it is opened: its messages, how far answers have come, what may be said."""

from datetime import datetime
from typing import Any, Final

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.conversations import listing, wording
from fanwheel.loop.operate.conversations.draft_repository import DraftRepository
from fanwheel.loop.operate.conversations.errors import ConversationNotFoundError
from fanwheel.loop.operate.conversations.repository import InboxRepository

_NEWEST: Final = 2**62


async def show(tx: Transaction, conversation_id: int, *, user: int | None, limit: int, now: datetime) -> dict[str, Any]:
    """A conversation with its newest messages; raises ``ConversationNotFoundError``."""
    found = await listing.describe(tx, [conversation_id], user=user, now=now)
    if not found:
        raise ConversationNotFoundError
    messages, has_more = await list_messages(tx, conversation_id, before_id=_NEWEST, limit=limit)
    inbox = InboxRepository(tx)
    known = wording.about(found[0]["channel"])
    capabilities = sorted(known.capabilities) if known else []
    is_mail = "email" in capabilities
    return {
        "conversation": found[0],
        "messages": messages,
        "has_more": has_more,
        "rights": await _rights(tx, conversation_id, now=now),
        "owner_id": await inbox.find_owner(conversation_id),
        "capabilities": capabilities,
        "text_limit": known.text_limit if known else None,
        "subject": wording.mail_subject(await inbox.find_last_in(conversation_id)) if is_mail else None,
        "rating": await inbox.find_rating(conversation_id),
        "has_drafts": await DraftRepository(tx).is_on(),
    }


async def list_messages(tx: Transaction, conversation_id: int, *, before_id: int, limit: int) -> tuple[list[Row], bool]:
    """Messages before one, oldest first, and whether there are more; raises ``ConversationNotFoundError``."""
    inbox = InboxRepository(tx)
    if await inbox.find_home(conversation_id) is None:
        raise ConversationNotFoundError
    found = await inbox.list_messages(conversation_id, before_id=before_id, limit=limit + 1)
    return await _with_states(tx, list(reversed(found[:limit]))), len(found) > limit


async def _rights(tx: Transaction, conversation_id: int, *, now: datetime) -> list[dict[str, Any]] | None:
    """Rights that are open now; None where the channel asks for none."""
    home = await InboxRepository(tx).find_home(conversation_id)
    assert home is not None
    last = await InboxRepository(tx).find_last_in(conversation_id)
    rights = await reach.list_rights(
        tx,
        channel=home["channel"],
        account_id=home["account_id"],
        address_hash=home["identifier_hash"],
        now=now,
        is_comment=last is not None and "comment" in last["context"],
    )
    return None if rights is None else [right._asdict() for right in rights]


async def _with_states(tx: Transaction, messages: list[Row]) -> list[Row]:
    """Messages with how far the brand's own have come."""
    intents = [message["intent_id"] for message in messages if message["intent_id"] is not None]
    states = await reach.list_states(tx, intents) if intents else {}
    return [
        {**message, "state": found.state, "rule": found.rule, "receipt": found.receipt}
        if (found := states.get(message["intent_id"])) is not None
        else message
        for message in messages
    ]
