"""What people decide on their own pages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from fanwheel.cdp import consent
from fanwheel.cdp.consent import MARKETING, AddressHasher, Choice, Link
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.preferences.contracts import LANGUAGE_TRAIT, LANGUAGES, Choosable, Sheet
from fanwheel.loop.operate.preferences.repository import PreferenceRepository


async def get_sheet(tx: Transaction, link: Link) -> Sheet:
    """What a person can choose, and has chosen."""
    pages = PreferenceRepository(tx)
    brand = await pages.get_brand()
    own = await consent.list_own(tx, link.home_id)
    if not own:
        return Sheet(brand=brand, language=None, is_known=False)
    said = await consent.list_state(tx, [item.home_id for item in own])
    offered = {(link.channel, MARKETING): False} | said
    choices = [Choosable(channel, purpose, is_granted) for (channel, purpose), is_granted in sorted(offered.items())]
    language = await pages.get_language(link.home_id)
    return Sheet(brand=brand, language=language, is_known=True, choices=choices)


async def unsubscribe(tx: Transaction, hasher: AddressHasher, link: Link, *, via: str, now: datetime) -> Sheet:
    """Take a person off the channel that the link came by; once more changes nothing."""
    sheet = await get_sheet(tx, link)
    if sheet.is_known and await _must_say_no(tx, link):
        evidence = _evidence(link, via=via)
        await consent.state(
            tx, hasher, [Choice(link.home_id, link.channel, MARKETING, False, evidence)], actor="person", now=now
        )
    return await get_sheet(tx, link)


async def choose(
    tx: Transaction,
    hasher: AddressHasher,
    link: Link,
    *,
    wanted: Collection[str],
    language: str | None,
    now: datetime,
) -> Sheet:
    """Take down what a person ticked and did not tick, and the language; what stays as it was is not said again."""
    sheet = await get_sheet(tx, link)
    if not sheet.is_known:
        return sheet
    evidence = _evidence(link, via="preferences")
    changed = [
        Choice(link.home_id, item.channel, item.purpose, item.name in wanted, evidence)
        for item in sheet.choices
        if (item.name in wanted) != item.is_granted
    ]
    await consent.state(tx, hasher, changed, actor="person", now=now)
    if language in LANGUAGES and language != sheet.language:
        await _put_language(tx, link, language, now=now)
    after = await get_sheet(tx, link)
    return Sheet(brand=after.brand, language=language or after.language, is_known=True, choices=after.choices)


async def _must_say_no(tx: Transaction, link: Link) -> bool:
    """Whether the newest word is anything but a no: silence is not one, and the address may be somebody's alone."""
    own = await consent.list_own(tx, link.home_id)
    said = await consent.list_state(tx, [item.home_id for item in own])
    return said.get((link.channel, MARKETING), True)


async def _put_language(tx: Transaction, link: Link, language: str, *, now: datetime) -> None:
    own = await consent.list_own(tx, link.home_id)
    refs: Sequence[tuple[str, str]] = [(item.kind, item.value) for item in own]
    fact = outbox.Fact(
        key=f"preference:{uuid4().hex}", kind="identify", at=now, refs=refs, properties={LANGUAGE_TRAIT: language}
    )
    await outbox.append(tx, [fact])


def _evidence(link: Link, *, via: str) -> dict[str, Any]:
    return {"via": via} | ({"intent_id": link.intent_id} if link.intent_id else {})
