"""What visitors do in the web chat: begin, write, read, leave an address."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from fanwheel.cdp import persons
from fanwheel.domains.private.channels import accounts, inbound
from fanwheel.domains.private.channels.accounts import AccountRow
from fanwheel.domains.private.channels.contracts import Address, Lead, Message, Text
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.errors import ErrorKind, FanwheelError
from fanwheel.loop.operate import hours, reach
from fanwheel.loop.operate.conversations.errors import ChatNotFoundError, VisitorUnknownError
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.threads import ThreadRepository
from fanwheel.loop.operate.conversations.visiting_repository import VisitorRepository

CHANNEL: Final = "webchat"
_TYPES_FOR: Final = timedelta(seconds=8)
# States in which a message is on its way and may still be refused; what went out is shown.
_ON_ITS_WAY: Final = frozenset({"waiting", "claimed", "sending"})
_SHOWN: Final = frozenset({"sent", "task", "unclear"})
_PAGE: Final = 100


class StrangePageError(FanwheelError):
    """This chat is not meant for this page."""

    kind = ErrorKind.FORBIDDEN


class BadAddressError(FanwheelError):
    """That is no e-mail address."""


class Door(NamedTuple):
    """A chat that was found by its key."""

    workspace_id: int
    account_id: int


class Visitor(NamedTuple):
    """Somebody who began a chat in this browser."""

    home_id: int
    address: str
    conversation_id: int | None


class Page(NamedTuple):
    """What both sides said; ``is_more_coming``: something of it is still on its way."""

    messages: list[Row]
    is_agent_typing: bool
    is_more_coming: bool


async def find(database: Database, key: str) -> Door:
    """The chat of a key; raises ``ChatNotFoundError``."""
    found = await accounts.find_by_key(database, key)
    if found is None or found.channel != CHANNEL:
        raise ChatNotFoundError
    return Door(found.workspace_id, found.account_id)


async def open_door(tx: Transaction, door: Door, *, origin: str | None) -> AccountRow:
    """The chat as it was set up; raises ``StrangePageError`` where the page is none of its own."""
    account = await accounts.get(tx, door.account_id)
    allowed = {each.rstrip("/").lower() for each in re.split(r"[\s,]+", account.settings.get("origins", "")) if each}
    if allowed and origin is not None and origin.lower() not in allowed:
        raise StrangePageError(hint="Add the page's origin to the account of this chat.")
    return account


async def describe(tx: Transaction, account: AccountRow, *, now: datetime) -> dict[str, Any]:
    """What the window looks like, and whether somebody is there."""
    open_hours = await hours.get(tx)
    is_open = open_hours.is_open(now)
    opens_at = None if is_open else open_hours.next_opening(now)
    return {
        "title": account.settings.get("title") or await VisitorRepository(tx).get_brand(),
        "color": account.settings.get("color") or "#1f6feb",
        "greeting": account.settings.get("greeting", ""),
        "takes_files": account.settings.get("files") != "off",
        "is_open": is_open,
        "opens_at": opens_at,
    }


async def begin(tx: Transaction, door: Door, *, anonymous_id: str | None, language: str, now: datetime) -> str:
    """Begin a chat; the secret by which this browser is known from now on.

    The chat has an address of its own, which nobody can guess. The page's own id only says that both are one person,
    so that who knows somebody's id reads nothing of theirs.
    """
    token = secrets.token_urlsafe(32)
    address = _identifier(f"chat-{secrets.token_hex(16)}", now)
    known = [address]
    edges = []
    if anonymous_id and (plain := persons.normalize("anonymous_id", anonymous_id, region="US")):
        page = _identifier(plain, now)
        known.append(page)
        edges.append(persons.NewEdge(address.hash, page.hash, "event", now))
    homes = await persons.resolve(tx, known, edges)
    await VisitorRepository(tx).add(
        _hash(token), account_id=door.account_id, home_id=homes[address.hash], language=language
    )
    return token


async def recognize(tx: Transaction, door: Door, token: str) -> Visitor:
    """Who has a secret; raises ``VisitorUnknownError``."""
    row = await VisitorRepository(tx).find(_hash(token), account_id=door.account_id)
    if row is None:
        raise VisitorUnknownError
    return Visitor(row["home_id"], row["address"], row["conversation_id"])


async def write(
    tx: Transaction, door: Door, visitor: Visitor, *, key: str, text: str, page: str, now: datetime
) -> None:
    """Take a visitor's message in, as any platform's; the same key again changes nothing."""
    said = Message(
        key=f"{visitor.home_id}:{key}",
        at=now,
        sender=Address("anonymous_id", visitor.address),
        parts=(Text(text),),
        context={"page": page} if page else {},
    )
    await inbound.put(tx, door.account_id, [said], now=now)


async def leave_address(tx: Transaction, door: Door, visitor: Visitor, *, email: str, text: str, now: datetime) -> None:
    """Take a visitor's e-mail address in, with the permission to answer there; raises ``BadAddressError``."""
    plain = persons.normalize("email", email, region="US")
    if plain is None:
        raise BadAddressError(hint="Write it as name@example.com.")
    key = f"webchat:{visitor.home_id}:{hashlib.sha256(plain.encode()).hexdigest()[:16]}"
    refs = [("anonymous_id", visitor.address), ("email", plain)]
    evidence = {"account_id": door.account_id, "wording": "Answer me at this address."}
    granted = {"channel": "email", "purpose": "service", "account_id": door.account_id, "evidence": evidence}
    await outbox.append(
        tx,
        [
            outbox.Fact(key=f"{key}:known", kind="identify", at=now, refs=refs),
            outbox.Fact(key=f"{key}:granted", name="Consent Granted", at=now, refs=refs, properties=granted),
        ],
    )
    fields = {"email": plain} | ({"message": text} if text.strip() else {})
    sender = Address("anonymous_id", visitor.address)
    await inbound.put(
        tx, door.account_id, [Lead(key=f"{key}:{secrets.token_hex(4)}", at=now, sender=sender, fields=fields)], now=now
    )


async def show_typing(tx: Transaction, visitor: Visitor, *, now: datetime) -> None:
    """Show agents that the visitor types."""
    if visitor.conversation_id is not None:
        until = now + _TYPES_FOR
        await InboxRepository(tx).watch(
            visitor.conversation_id, user=0, seen=0, looking_until=until, typing_until=until
        )
        await ThreadRepository(tx).tell([], watched=[visitor.conversation_id])


async def read(tx: Transaction, conversation_id: int, *, after_id: int, now: datetime) -> Page:
    """What both sides said after a message, up to the first of ours that is still on its way."""
    found = await InboxRepository(tx).list_newer(conversation_id, after_id=after_id, limit=_PAGE)
    states = await reach.list_states(tx, [row["intent_id"] for row in found if row["intent_id"] is not None])
    shown: list[Row] = []
    is_more_coming = False
    for row in found:
        progress = states.get(row["intent_id"])
        if progress is not None and progress.state in _ON_ITS_WAY:
            is_more_coming = True
            break
        if progress is None or progress.state in _SHOWN:
            shown.append(row)
    is_typing = await VisitorRepository(tx).is_agent_typing(conversation_id, now=now)
    return Page(shown, is_typing, is_more_coming)


def tell(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Messages as a visitor may see them."""
    return [
        {
            "id": row["message_id"],
            "is_mine": row["kind"] == "in",
            "key": (row["key"] or "").rpartition(":")[2] if row["kind"] == "in" else "",
            "at": row["said_at"],
            "parts": row["parts"],
            "text": row["body"],
        }
        for row in rows
    ]


def _identifier(value: str, now: datetime) -> persons.NewIdentifier:
    return persons.NewIdentifier("anonymous_id", value, persons.identifier_hash("anonymous_id", value), now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
