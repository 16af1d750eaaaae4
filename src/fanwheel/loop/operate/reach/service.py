"""What the slices that speak and listen ask of the send path."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from fanwheel.cdp import persons
from fanwheel.domains.private.channels.contracts import Address
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.reach.contracts import Opening, Wish
from fanwheel.loop.operate.reach.gate_repository import SettingRepository
from fanwheel.loop.operate.reach.repository import IntentRepository
from fanwheel.loop.operate.reach.rules.case import Holdout
from fanwheel.loop.operate.reach.rules.holdouts import UNIVERSAL, is_held_out


async def intend(tx: Transaction, wishes: Sequence[Wish], *, now: datetime | None = None) -> list[int | None]:
    """Let messages go out if the caller's transaction commits; the intents, None where there was one already.

    They are judged and sent right after the commit, or when ``not_before`` has come.
    """
    if not wishes:
        return []
    intents = IntentRepository(tx)
    await intents.put_senders({wish.account_id: wish.channel for wish in wishes})
    rows = [_row(place, wish) for place, wish in enumerate(wishes)]
    added = await intents.intend(rows, now=now or utc_now())
    await intents.wake()
    return [added.get(place) for place in range(len(wishes))]


async def intend_many(
    tx: Transaction, wish: Wish, homes: Sequence[int], *, wording_id: int, now: datetime | None = None
) -> int:
    """Say the same to many, as ``word`` has kept it; how many intents are new. ``wish.home_id`` is not looked at."""
    intents = IntentRepository(tx)
    await intents.put_senders({wish.account_id: wish.channel})
    added = await intents.intend_many(
        homes,
        step=wish.step,
        occurrence=wish.occurrence,
        channel=wish.channel,
        account_id=wish.account_id,
        purpose=wish.purpose,
        priority=wish.priority,
        wording_id=wording_id,
        due_at=wish.not_before or now or utc_now(),
        expires_at=wish.expires_at,
    )
    await intents.wake()
    return added


async def word(tx: Transaction, wish: Wish) -> int:
    """Keep once what is said to many; its number, for ``intend_many``."""
    return await IntentRepository(tx).add_wording(msgspec.json.encode(_said(wish)).decode())


async def hold_out(tx: Transaction, step: str, share: float) -> None:
    """Keep a share of people from a step; whom, is decided by a hash for ever."""
    await IntentRepository(tx).put_step_holdout(step, share)


async def cancel(tx: Transaction, step: str, *, now: datetime) -> int:
    """Take back what has not gone out of a step; how much that was. What is under way arrives."""
    return await IntentRepository(tx).cancel(step, now=now)


async def list_held_out(tx: Transaction, people: Sequence[int]) -> list[int]:
    """Who of some persons is kept from all marketing: they belong in no uploaded audience either."""
    rules, salt = await SettingRepository(tx).get()
    universal = Holdout(UNIVERSAL, rules.holdouts.universal)
    return [person for person in people if is_held_out(universal, person, salt=salt)]


async def open_windows(tx: Transaction, openings: Sequence[Opening], *, now: datetime | None = None) -> None:
    """Take down that people gave the right to speak; what waited for that goes out."""
    rows = [
        {
            "account_id": opening.account_id,
            "address_hash": persons.identifier_hash(opening.address.kind, opening.address.value),
            "opens": opening.by,
            "label": opening.allowance,
            "opened_at": opening.at,
            "until": opening.until,
            "granted": opening.times if opening.by == "grant" else None,
        }
        for opening in openings
    ]
    if rows:
        await IntentRepository(tx).open_windows(rows, now=now or utc_now())


async def close_windows(
    tx: Transaction, account_id: int, addresses: Sequence[Address], *, allowance: str | None = None
) -> int:
    """Take rights away again: all of them, or one that had been granted; how many."""
    hashes = [persons.identifier_hash(address.kind, address.value) for address in addresses]
    return await IntentRepository(tx).close_windows(account_id, hashes, label=allowance)


def _row(place: int, wish: Wish) -> dict[str, Any]:
    return {
        "place": place,
        "home_id": wish.home_id,
        "step": wish.step,
        "occurrence": wish.occurrence,
        "channel": wish.channel,
        "account_id": wish.account_id,
        "purpose": wish.purpose,
        "priority": wish.priority,
        "said": _said(wish),
        "due_at": wish.not_before,
        "expires_at": wish.expires_at,
    }


def _said(wish: Wish) -> Mapping[str, Any]:
    found = {
        "parts": wish.parts,
        "template_version_id": wish.template_version_id,
        "variables": wish.variables or None,
        "variant": wish.variant or None,
        "reply": wish.reply,
        "to": wish.to,
        "staff": wish.staff,
    }
    return {name: value for name, value in found.items() if value is not None}
