"""Invites as events make them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from fanwheel.cdp import persons, profiles
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.share.referral.contracts import Acceptance, Invite
from fanwheel.loop.share.referral.repository import InviteRepository

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def apply(tx: Transaction, acceptances: Sequence[Acceptance]) -> list[profiles.Shared]:
    """Store who brought whom; what it says of the referrers.

    A referrer of whom nothing has been heard gets a home, so that the invite waits for them there.
    Nobody refers themselves.
    """
    if not acceptances:
        return []
    repository = InviteRepository(tx)
    region = await repository.default_region()
    named = {item: _identifier(item, region) for item in acceptances}
    homes = await persons.resolve(tx, [identifier for identifier in named.values() if identifier])
    invites = [
        Invite(item.at_us, homes[identifier.hash], item.code, item.referee_home)
        for item, identifier in named.items()
        if identifier is not None and homes[identifier.hash] != item.referee_home
    ]
    earliest: dict[int, Invite] = {}
    for invite in invites:
        earliest[invite.referee_home] = min(invite, earliest.get(invite.referee_home, invite))
    if earliest:
        await repository.put(earliest[referee] for referee in sorted(earliest))
    # Whoever sent an invite that was taken up has shared, even where another is credited for the referee.
    return [profiles.Shared(HomeId(invite.referrer_home), invite.accepted_at) for invite in invites]


def _identifier(item: Acceptance, region: str) -> persons.NewIdentifier | None:
    value = persons.normalize(item.referrer_kind, item.referrer_value, region=region)
    if value is None:
        return None
    seen_at = _EPOCH + timedelta(microseconds=item.at_us)
    return persons.NewIdentifier(item.referrer_kind, value, persons.identifier_hash(item.referrer_kind, value), seen_at)
