"""Tests of a broadcast: it is said to a few before it is said to many, through the same gate."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from fanwheel.cdp import persons
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.broadcasts import crowds, lifecycle, service
from fanwheel.loop.operate.broadcasts.contracts import Broadcast, Route
from fanwheel.loop.operate.broadcasts.errors import BadBroadcastError
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository

_LASTS: Final = timedelta(hours=1)


class Trial(NamedTuple):
    """Whom a test is for."""

    person_ids: Sequence[int]
    emails: Sequence[str]
    to_seeds: bool
    variant: str
    route: int | None


class Tried(NamedTuple):
    """A message of a test that is on its way."""

    intent_id: int
    person_id: int
    channel: str


async def send(
    tx: Transaction, broadcast_id: int, trial: Trial, *, occurrence: str, now: datetime
) -> tuple[list[Tried], list[str]]:
    """Say what is published to a few; their messages, and the addresses of mail that nobody is known by.

    Caps, quiet hours and holdouts do not keep tests back, and tests do not count for them.

    Raises
    ------
    BadBroadcastError
        If nobody is named, or nothing can be said yet.
    """
    found = await service.get(tx, broadcast_id)
    people, unknown = await _list_people(tx, found, trial)
    if not people and not unknown:
        raise BadBroadcastError("Nobody is named.", hint="Name persons, addresses, or choose a seed list.")
    wishes = await _wish(tx, found, trial, people, occurrence=occurrence, now=now)
    intents = await reach.intend(tx, wishes, now=now)
    return [
        Tried(intent_id, wish.home_id, wish.channel)
        for wish, intent_id in zip(wishes, intents, strict=True)
        if intent_id is not None
    ], unknown


async def _list_people(tx: Transaction, found: Broadcast, trial: Trial) -> tuple[list[int], list[str]]:
    people = [await persons.get_living(tx, person) for person in trial.person_ids]
    if trial.to_seeds and found.seed_list_id is not None:
        people += await crowds.list_seeds(tx, found.seed_list_id)
    addresses = {email: persons.normalize("email", email, region="") or email for email in trial.emails}
    hashes = [persons.identifier_hash("email", address) for address in addresses.values()]
    known = await BroadcastRepository(tx).find_by_emails(hashes) if hashes else {}
    people += [known[address] for address in addresses.values() if address in known]
    return sorted(set(people)), [email for email, address in addresses.items() if address not in known]


async def _wish(
    tx: Transaction, found: Broadcast, trial: Trial, people: Sequence[int], *, occurrence: str, now: datetime
) -> list[reach.Wish]:
    chosen = [(place, route) for place, route in enumerate(found.routes) if trial.route in (None, place)]
    templates = await BroadcastRepository(tx).list_templates([route.template_id or 0 for _, route in chosen])
    wishes: list[reach.Wish] = []
    for place, route in chosen:
        template = templates.get(route.template_id or 0)
        if template is None or template["published_id"] is None or route.account_id is None:
            raise BadBroadcastError(
                "A message is not ready to be sent.", hint="Choose an account and a template that is published."
            )
        variant = trial.variant if trial.variant in template["variants"] else ""
        said = _said(found, route, template["published_id"], variant)
        wishes += [
            msgspec.structs.replace(
                said, home_id=HomeId(person), occurrence=f"{occurrence}:{place}", expires_at=now + _LASTS
            )
            for person in people
        ]
    if not wishes:
        raise BadBroadcastError("Nothing is said yet.", hint="Choose a channel, an account and a message.")
    return wishes


def _said(found: Broadcast, route: Route, version_id: int, variant: str) -> reach.Wish:
    wish = lifecycle.wish_of(found, route, version_id, variant)
    return msgspec.structs.replace(wish, step=f"broadcast-test:{found.broadcast_id}", priority=reach.SERVICE)
