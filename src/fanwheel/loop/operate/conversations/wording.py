"""An answer in the form in which its channel says it: files with their address, one mail with what it answers."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.adapter import About
from fanwheel.domains.private.channels.contracts import AnyPart, Email, Media
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate import content
from fanwheel.loop.operate.content import media
from fanwheel.loop.operate.conversations.errors import BadTemplateError
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.rules import fitting, reading
from fanwheel.loop.operate.conversations.rules.threads import Thread
from fanwheel.loop.operate.conversations.setup_repository import SetupRepository


class Site(NamedTuple):
    """Where the product is seen from outside, for the addresses of files."""

    url: str


class Worded(NamedTuple):
    """What goes out, and what of it is new."""

    parts: list[AnyPart]
    body: str


def about(channel: str) -> About | None:
    """What a channel can do, if it is installed."""
    adapter = registry.adapters().get(channel)
    return adapter.about if adapter else None


async def word(
    tx: Transaction, thread: Thread, parts: Sequence[AnyPart], *, site: Site, subject: str | None = None
) -> Worded:
    """An answer as it goes out on its channel; raises ``MediaNotFoundError``."""
    known = about(thread.channel)
    capabilities = known.capabilities if known else frozenset[str]()
    found = [await _found(tx, part, site) if isinstance(part, Media) else part for part in parts]
    if "email" not in capabilities or any(isinstance(part, Email) for part in found):
        fitted = fitting.fit(found, capabilities) if known else found
        return Worded(fitted, reading.body(fitted))
    last = await InboxRepository(tx).find_last_in(thread.conversation_id)
    answered = fitting.Answered(last["said_at"], thread.name or "?", last["body"]) if last else None
    mail, new = fitting.letter(
        found,
        subject=mail_subject(last, given=subject) or _first_line(reading.body(found)),
        answered=answered,
        is_chinese=await SetupRepository(tx).speaks_chinese(thread.home_id),
    )
    return Worded(mail, new or reading.body(mail))


def mail_subject(last: Row | None, *, given: str | None = None) -> str:
    """The subject of a mail that answers the last one."""
    return fitting.subject_of(given, str(last["context"].get("subject") or "") if last else "")[:200]


async def render(tx: Transaction, thread: Thread, version_id: int, *, site: Site) -> list[AnyPart]:
    """What a template says to the person of a conversation; raises ``BadTemplateError`` where it cannot be filled."""
    home = await InboxRepository(tx).find_home(thread.conversation_id)
    assert home is not None
    recipient = content.Recipient(key="", person_id=home["person_id"], account_id=thread.account_id)
    [worded] = await content.render(tx, version_id, [recipient], site_url=site.url)
    if worded.refusal is not None:
        raise BadTemplateError(hint=f"Reason: {worded.refusal}.")
    return list(worded.parts)


async def _found(tx: Transaction, part: Media, site: Site) -> Media:
    if part.media_id is None:
        return part
    item = await media.get(tx, part.media_id)
    return msgspec.structs.replace(part, kind=item.kind, url=f"{site.url}{item.path}", name=part.name or item.name)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:78]
