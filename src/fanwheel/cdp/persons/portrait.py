"""The portrait: what is known of a person, folded from what is kept per home.

Ingest changes who belongs to whom without waiting for the projector and leaves a note in ``person_stale``; the
projector takes such notes with every slice. So a fold that raced with a merge is always made again.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from fanwheel.cdp.persons import seen as glances
from fanwheel.cdp.persons.repository import PortraitRepository
from fanwheel.infra.postgres import Transaction

_STALE_AT_ONCE: Final = 1_000  # whoever changes one of these people meanwhile waits
_NOBODY: Final[Mapping[int, Collection[int]]] = MappingProxyType({})


async def refold(
    tx: Transaction, person_ids: Collection[int] = (), *, seen: Mapping[int, Collection[int]] = _NOBODY
) -> None:
    """Bring the rows of persons up to date, and those of persons that were noted as stale.

    Any home id stands for its living person. Rows of persons that are no more go away. Of those who were merely
    ``seen`` again no more than that is written; with each come the metrics that remember more of them now.
    """
    portraits = PortraitRepository(tx)
    asked = {*person_ids, *await portraits.take_stale(most=_STALE_AT_ONCE)}
    glanced = seen.keys() - asked
    if not asked and not glanced:
        return
    if glanced:
        known = await glances.fold_seen(tx, glanced)
        await glances.note_segments(tx, {person: seen[person] for person in known})
        asked |= glanced - known
    if asked:
        await glances.hold(tx, asked)
        await _fold(portraits, asked)


async def _fold(portraits: PortraitRepository, asked: set[int]) -> None:
    living = await portraits.list_living(asked)
    if absent := asked - living:
        await portraits.remove_absent(absent)
    await portraits.fold(living)
    await portraits.note_segments(asked | living)


async def restate_revenue(tx: Transaction) -> None:
    """Have every buyer folded again, because rates or the reporting currency changed."""
    await PortraitRepository(tx).mark_buyers_stale()
