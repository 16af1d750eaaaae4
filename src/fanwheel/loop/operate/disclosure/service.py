"""All that is kept of a person, in one document."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, get_args

from fanwheel.cdp import consent
from fanwheel.cdp.consent import AddressHasher, suppressing
from fanwheel.cdp.events import timeline
from fanwheel.cdp.persons import reading
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.disclosure.repository import DisclosureRepository, Part

MOST: Final = 10_000
_EVENTS_A_PAGE: Final = 200


class Asked(NamedTuple):
    """Whose data is wanted."""

    workspace_id: int
    person_id: int


async def disclose(settings: Settings, db: Database, hasher: AddressHasher, asked: Asked) -> Mapping[str, Any]:
    """The portrait, consent with its evidence, events, what was said and sent; 10,000 of each at most.

    Raises
    ------
    PersonNotFoundError
        If there is no such person.
    """
    async with db.transaction(asked.workspace_id) as tx:
        person = await reading.get_person(tx, asked.person_id)
        own = await consent.list_own(tx, asked.person_id)
        homes = [item.home_id for item in own]
        addresses = [(item.kind, item.value) for item in own]
        barred = await suppressing.list_suppressed(tx, hasher, addresses=addresses, limit=200)
        parts = DisclosureRepository(tx)
        found = {part: await parts.list_part(part, homes, most=MOST) for part in get_args(Part)}
        ledger = await consent.list_ledger(tx, homes)
    return {
        "written_at": utc_now(),
        "person": person,
        "consent": ledger,
        "suppressed": [item._asdict() for item in barred],
        "events": await _events(settings, db, asked.workspace_id, homes),
        **found,
    }


async def _events(settings: Settings, db: Database, workspace: int, homes: list[int]) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while len(found) < MOST:
        page = await timeline.timeline(settings, db.dsn, workspace, homes, cursor, _EVENTS_A_PAGE)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return found[:MOST]
