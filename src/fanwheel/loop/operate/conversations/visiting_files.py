"""Files in the web chat: pictures and papers that visitors send, and get to see again."""

import re
from datetime import datetime
from typing import Final, NamedTuple

from fanwheel.domains.private.channels import inbound
from fanwheel.domains.private.channels.contracts import Address, Media, Message
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.settings import Settings
from fanwheel.kernel.errors import ErrorKind, FanwheelError
from fanwheel.loop.operate.content import media
from fanwheel.loop.operate.conversations.errors import TooManyFilesError
from fanwheel.loop.operate.conversations.visiting import Door, Visitor, open_door

_MB: Final = 1024 * 1024
_KINDS: Final = ("image", "file")
# Within a day: of one visitor, and of everybody together. Whoever wants to fill our disk is stopped by the second.
_MOST: Final = media.Taken(20, 60 * _MB)
_MOST_OF_ALL: Final = media.Taken(2_000, 2_048 * _MB)
_MOST_NAME: Final = 100
# What cannot be seen, or turns the letters after it around so that a name seems to end otherwise.
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Letter(NamedTuple):
    """A file as a visitor sends it: the same key again is the same message."""

    key: str
    name: str
    page: str
    body: bytes


class NoFilesError(FanwheelError):
    """This chat takes no files."""

    kind = ErrorKind.FORBIDDEN


async def require_room(tx: Transaction, door: Door, visitor: Visitor, *, origin: str | None, now: datetime) -> None:
    """Before a file is read at all: that this chat takes it from this page, and not too many.

    Raises
    ------
    StrangePageError, NoFilesError, TooManyFilesError
        If it does not.
    """
    account = await open_door(tx, door, origin=origin)
    if account.settings.get("files") == "off":
        raise NoFilesError
    for home, most in ((visitor.home_id, _MOST), (None, _MOST_OF_ALL)):
        taken = await media.count_received(tx, door.account_id, home, now=now)
        if taken.files >= most.files or taken.size_bytes >= most.size_bytes:
            raise TooManyFilesError(hint="Try again tomorrow.")


async def send(
    tx: Transaction, settings: Settings, letter: Letter, *, door: Door, visitor: Visitor, now: datetime
) -> None:
    """Take a visitor's file in, as a message of its own; the same key again changes nothing.

    Raises
    ------
    BadMediaError, MediaTooLargeError
        If it is no picture and no PDF, or too large.
    """
    shown = " ".join(_UNSEEN.sub("", letter.name).replace("/", " ").split())[-_MOST_NAME:]
    item = await media.store(
        tx, settings, letter.body, name=shown, actor=f"visitor:{visitor.home_id}", is_received=True, kinds=_KINDS
    )
    await media.note_uses(tx, media.Conversation(visitor.home_id, door.account_id), [item.media_id])
    message = Message(
        key=f"{visitor.home_id}:{letter.key}",
        at=now,
        sender=Address("anonymous_id", visitor.address),
        parts=(Media(kind=item.kind, media_id=item.media_id, name=shown or item.name),),
        context={"page": letter.page} if letter.page else {},
    )
    await inbound.put(tx, door.account_id, [message], now=now)


async def find(tx: Transaction, door: Door, visitor: Visitor, media_id: int) -> media.Item:
    """A file of a visitor's own conversation; raises ``MediaNotFoundError``."""
    return await media.get_used(tx, media.Conversation(visitor.home_id, door.account_id), media_id)
