"""Invites as events make them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from fanwheel.cdp import persons
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.share.referral.contracts import BY_CODE, Acceptance, Invite, Sent
from fanwheel.loop.share.referral.repository import InviteRepository

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


async def apply(tx: Transaction, acceptances: Sequence[Acceptance], sent: Sequence[Sent] = ()) -> set[int]:
    """Store who brought whom and who sent which code; the homes of whom that says something.

    A referrer of whom nothing has been heard gets a home, so that the invite waits for them there. A code that
    nobody has sent yet waits for its owner, who is whoever sent it first. Nobody refers themselves; since a merge
    may show that referrer and referee are one, readers leave such invites out.
    """
    if not acceptances and not sent:
        return set()
    repository = InviteRepository(tx)
    invites = await _read(tx, repository, acceptances) if acceptances else []
    codes = {invite.code for invite in invites if invite.referrer_home == BY_CODE} | {item.code for item in sent}
    # A sender heard of late may have been the first, and takes the code from who owned it so far.
    owners_before = await repository.list_owners(codes)
    await repository.put(_earliest(invites))
    await repository.put_codes(sent)
    owners = owners_before | await repository.list_owners(codes)
    return owners | {invite.referrer_home for invite in invites if invite.referrer_home != BY_CODE}


async def _read(tx: Transaction, repository: InviteRepository, acceptances: Sequence[Acceptance]) -> list[Invite]:
    region = await repository.default_region()
    named = [_identifier(item, region) for item in acceptances]
    homes = await persons.resolve(tx, [identifier for identifier in named if identifier])
    invites = []
    for item, identifier in zip(acceptances, named, strict=True):
        referrer = homes[identifier.hash] if identifier else BY_CODE
        if referrer != item.referee_home and (identifier or item.code):
            invites.append(Invite(item.referee_home, referrer, item.code, item.at_us))
    return invites


def _earliest(invites: Sequence[Invite]) -> list[Invite]:
    """Of each referee, referrer and code the earliest, in an order in which two writers cannot deadlock."""
    earliest: dict[tuple[int, int, str], Invite] = {}
    for invite in sorted(invites):
        earliest.setdefault(invite[:3], invite)
    return list(earliest.values())


def _identifier(item: Acceptance, region: str) -> persons.NewIdentifier | None:
    value = persons.normalize(item.referrer_kind, item.referrer_value, region=region)
    if value is None:
        return None
    seen_at = _EPOCH + timedelta(microseconds=item.at_us)
    return persons.NewIdentifier(item.referrer_kind, value, persons.identifier_hash(item.referrer_kind, value), seen_at)
