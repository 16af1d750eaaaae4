"""Addresses that are not written to: by address, for good, and known by their keyed hash alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from fanwheel.cdp.consent.contracts import Choice, Entry, Heard, Reason, Suppressed
from fanwheel.cdp.consent.errors import SuppressionNotFoundError, WrongAddressKeyError
from fanwheel.cdp.consent.hashing import AddressHasher, mask
from fanwheel.cdp.consent.repository import ConsentRepository, Row, SuppressionRepository
from fanwheel.cdp.consent.rules import ADDRESS_KINDS
from fanwheel.infra.postgres import Transaction

SOFT_BOUNCES: Final = 5
_TOGETHER: Final = timedelta(days=30)


async def require_key(tx: Transaction, hasher: AddressHasher) -> int:
    """The workspace in hand.

    Raises
    ------
    WrongAddressKeyError
        If its addresses were hashed with another key.
    """
    workspace = tx.workspace
    assert workspace is not None
    kept = await SuppressionRepository(tx).get_fingerprint()
    if kept is not None and kept != hasher.fingerprint(workspace):
        raise WrongAddressKeyError(hint="Set FANWHEEL_SECRET_KEY, or put back secret.key, as it was.")
    return workspace


async def suppress(
    tx: Transaction, hasher: AddressHasher, entries: Sequence[Entry], *, actor: str, now: datetime
) -> int:
    """Write to some addresses no more; how many are new, or suppressed for a graver reason than before."""
    if not entries:
        return 0
    suppressions = SuppressionRepository(tx)
    workspace = await require_key(tx, hasher)
    await suppressions.keep_fingerprint(hasher.fingerprint(workspace))
    rows = [
        Row(
            hasher.hash(workspace, entry.kind, entry.value).hex(),
            entry.kind,
            entry.channel,
            entry.purpose,
            entry.reason,
            mask(entry.kind, entry.value),
            entry.note[:500],
        )
        for entry in entries
    ]
    return await suppressions.suppress(rows, actor=actor, now=now)


async def count_bounce(
    tx: Transaction, hasher: AddressHasher, entry: Entry, *, is_permanent: bool, now: datetime
) -> bool:
    """Take note that a message came back; whether the address is suppressed from now on.

    What is permanent suppresses at once, anything else the fifth time, if never a month lies between.
    """
    if not is_permanent:
        address = hasher.hash(await require_key(tx, hasher), entry.kind, entry.value)
        bounces = await SuppressionRepository(tx).count_bounce(address, entry.channel, now=now, since=now - _TOGETHER)
        if bounces < SOFT_BOUNCES:
            return False
    return await suppress(tx, hasher, [entry], actor="system", now=now) > 0


async def list_suppressed(
    tx: Transaction,
    hasher: AddressHasher,
    *,
    addresses: Sequence[tuple[str, str]] | None = None,
    reason: Reason | None = None,
    before: int | None = None,
    limit: int,
) -> list[Suppressed]:
    """Suppressed addresses, newest first; an address can only be looked for as a whole."""
    hashes = None
    if addresses is not None:
        workspace = await require_key(tx, hasher)
        hashes = [hasher.hash(workspace, kind, value) for kind, value in addresses]
    return await SuppressionRepository(tx).list_suppressed(hashes=hashes, reason=reason, before=before, limit=limit)


async def count(tx: Transaction) -> dict[Reason, int]:
    """How many addresses are suppressed for each reason."""
    return await SuppressionRepository(tx).count()


async def lift(tx: Transaction, suppression_id: int) -> dict[str, str]:
    """Take a suppression away; its reason, channel and purpose.

    Raises
    ------
    SuppressionNotFoundError
        If there is none of that number.
    """
    lifted = await SuppressionRepository(tx).lift(suppression_id)
    if lifted is None:
        raise SuppressionNotFoundError
    return lifted


async def lift_choices(
    tx: Transaction, hasher: AddressHasher, addresses: Sequence[tuple[str, str]], *, choice: Choice
) -> None:
    """Take away what people had chosen for a channel and a purpose, since they now chose otherwise."""
    workspace = await require_key(tx, hasher)
    hashes = [hasher.hash(workspace, kind, value) for kind, value in addresses]
    await SuppressionRepository(tx).lift_choices(hashes, channel=choice.channel, purpose=choice.purpose)


async def lift_bounces(tx: Transaction, hasher: AddressHasher, heard: Sequence[Heard]) -> int:
    """Write again to addresses where nobody was said to be, since somebody was heard from them; how many."""
    if not heard or tx.workspace is None:
        return 0
    # With another key nothing is found, and what people write is taken in all the same.
    hashes = [hasher.hash(tx.workspace, each.kind, each.value) for each in heard]
    ats = [each.at for each in heard]
    return await SuppressionRepository(tx).lift_bounces(hashes, [each.channel for each in heard], ats)


async def keep_stubs(tx: Transaction, hasher: AddressHasher, person_id: int, *, now: datetime) -> None:
    """Before a person is erased: keep that the person had said no, and nothing that reminds of the address."""
    ledger, suppressions = ConsentRepository(tx), SuppressionRepository(tx)
    own = await ledger.list_own(person_id)
    workspace = await require_key(tx, hasher)
    refused = [
        Entry(own_kind, value, channel, "unsubscribe", purpose)
        for (channel, purpose), is_granted in (await ledger.list_state([item.home_id for item in own])).items()
        for _, own_kind, value in own
        if not is_granted and own_kind == ADDRESS_KINDS.get(channel)
    ]
    await suppress(tx, hasher, refused, actor="system", now=now)
    hashes = [hasher.hash(workspace, item.kind, item.value) for item in own]
    await suppressions.unmask(hashes)
    await suppressions.forget_bounces(hashes, before=now - _TOGETHER)
    await ledger.erase_opt_ins([item.home_id for item in own])


async def tidy(tx: Transaction, *, now: datetime) -> None:
    """Forget what no longer matters: bounces of long ago, and opt-ins that nobody confirmed for a month."""
    await SuppressionRepository(tx).forget_bounces(before=now - _TOGETHER)
    await ConsentRepository(tx).forget_opt_ins(before=now - _TOGETHER)
