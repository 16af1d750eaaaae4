"""Forgetting what came by one identifier, as platforms ask when somebody leaves them."""

from collections.abc import Sequence
from datetime import datetime

from fanwheel.cdp import persons
from fanwheel.cdp.consent import suppressing
from fanwheel.cdp.consent.hashing import AddressHasher
from fanwheel.cdp.consent.repository import ConsentRepository, Own
from fanwheel.infra.postgres import Transaction


async def forget_identifier(
    tx: Transaction, hasher: AddressHasher, address: tuple[str, str], *, actor: str, now: datetime
) -> list[int]:
    """Erase what is known by an identifier alone; the numbers of the erasures, none if it is unknown.

    What the same person brought along by other ways (orders, an e-mail address) stays, without this identifier; a
    person of whom nothing else is known is erased as a whole.
    """
    ledger = ConsentRepository(tx)
    home = await ledger.find_home(persons.identifier_hash(*address))
    if home is None:
        return []
    own = await ledger.list_own(home)
    gone = _gone(own, home)
    if len(gone) < len(own):
        await persons.unmerge(tx, await persons.get_living(tx, home), gone, actor=actor)
    numbers = []
    while left := [item for item in gone if await ledger.list_own(item)]:
        person = await persons.get_living(tx, left[0])
        await suppressing.keep_stubs(tx, hasher, person, now=now)
        numbers.append(await persons.erase(tx, person, actor=actor))
    return numbers


def _gone(own: Sequence[Own], home: int) -> list[int]:
    """The identifier itself, and a unionid with the last openid: it is the same account's name across apps."""
    (mine,) = (item for item in own if item.home_id == home)
    others = [item for item in own if item.home_id != home]
    is_last = mine.kind == "openid" and not any(item.kind == "openid" for item in others)
    along = [item.home_id for item in others if item.kind == "unionid"] if is_last else []
    return [home, *along]
