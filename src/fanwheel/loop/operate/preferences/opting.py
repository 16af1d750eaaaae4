"""Double opt-in: what somebody asked for holds once it is confirmed from the mailbox."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from fanwheel.cdp import consent, persons
from fanwheel.cdp.consent import AddressHasher, Choice
from fanwheel.cdp.consent.repository import OptIn
from fanwheel.domains.private.channels.contracts import Email
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.settings import Settings
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.preferences import writing
from fanwheel.loop.operate.preferences.repository import PreferenceRepository

_LIFE: Final = timedelta(days=7)


class Asked(NamedTuple):
    """Whom to ask by mail, for what."""

    address: str  # as persons.normalize gives it
    channel: str
    purpose: str
    language: str
    account_id: int


async def ask_to_confirm(
    tx: Transaction,
    settings: Settings,
    hasher: AddressHasher,
    asked: Asked,
    *,
    evidence: Mapping[str, Any],
    now: datetime,
) -> int:
    """Send somebody the link to confirm; the person's home. Nothing is allowed by that yet."""
    home_id = await _know(tx, asked.address, now=now)
    choice = Choice(home_id, asked.channel, asked.purpose, True, {**evidence, "via": "double opt-in"})
    token = await consent.ask(tx, hasher, choice, now=now, expires_at=now + _LIFE)
    brand = await PreferenceRepository(tx).get_brand()
    words = writing.words(asked.language)
    url = f"{settings.url}/confirm/{token}"
    told = {"brand": brand, "url": url}
    mail = Email(
        subject=words["mail.subject"].format(**told),
        text=words["mail.text"].format(**told),
        html=writing.render("mail.html", language=asked.language, brand=brand, url=url),
    )
    wish = reach.Wish(
        home_id=HomeId(home_id),
        step="opt-in",
        occurrence=hashlib.sha256(token.encode()).hexdigest()[:32],
        channel="email",
        account_id=asked.account_id,
        purpose="transactional",
        parts=(mail,),
        priority=reach.SERVICE,
        expires_at=now + _LIFE,
    )
    await reach.intend(tx, [wish], now=now)
    return home_id


async def look(tx: Transaction, secret: bytes) -> tuple[str, OptIn | None]:
    """The brand, and what is to be confirmed with a secret."""
    return await PreferenceRepository(tx).get_brand(), await consent.find_opt_in(tx, secret)


async def confirm(tx: Transaction, hasher: AddressHasher, secret: bytes, *, now: datetime) -> bool:
    """Take the yes down; False if the secret was used before, or is too old."""
    return await consent.confirm(tx, hasher, secret, now=now)


async def _know(tx: Transaction, address: str, *, now: datetime) -> int:
    key = persons.identifier_hash("email", address)
    known = persons.NewIdentifier("email", address, key, now)
    return (await persons.resolve(tx, [known], actor="opt-in"))[key]
