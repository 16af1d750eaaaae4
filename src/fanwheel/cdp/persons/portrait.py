"""The portrait: what is known of a person, folded from what is kept per home.

Ingest changes who belongs to whom without waiting for the projector and leaves a note in ``person_stale``; the
projector takes such notes with every slice. So a fold that raced with a merge is always made again.
"""

from collections.abc import Collection
from typing import Final

from fanwheel.cdp.persons.repository import PortraitRepository
from fanwheel.infra.postgres import Transaction

_STALE_AT_ONCE: Final = 5_000


async def refold(tx: Transaction, person_ids: Collection[int] = ()) -> None:
    """Bring the rows of persons up to date, and those of persons that were noted as stale.

    Any home id stands for its living person. Rows of persons that are no more go away.
    """
    portraits = PortraitRepository(tx)
    asked = {*person_ids, *await portraits.take_stale(most=_STALE_AT_ONCE)}
    if not asked:
        return
    living = await portraits.list_living(asked)
    if absent := asked - living:
        await portraits.remove_absent(absent)
    await portraits.fold(living)
    await portraits.note_segments(asked | living)


async def restate_revenue(tx: Transaction) -> None:
    """Have every buyer folded again, because rates or the reporting currency changed."""
    await PortraitRepository(tx).mark_buyers_stale()
