"""Writing profiles, as consumers of the event stream do."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from fanwheel.cdp.profiles.contracts import Click, Part
from fanwheel.cdp.profiles.repository import ProfileRepository
from fanwheel.infra.postgres import Transaction

# The value is part of a key, and PostgreSQL's index rows hold about 2,700 bytes.
MAX_VALUE_BYTES: Final = 2000


class Homes(NamedTuple):
    """Some homes: the person of each, and the identifier that made it."""

    person_of: dict[int, int]
    identifier_of: dict[int, tuple[str, str]]


async def find_homes(tx: Transaction, homes: Collection[int]) -> Homes:
    """Persons and identifiers of ``homes``; those that were erased are left out."""
    rows = await ProfileRepository(tx).find_homes(homes)
    return Homes({home: person for home, person, _, _ in rows}, {home: (kind, value) for home, _, kind, value in rows})


async def put_parts(tx: Transaction, parts: Collection[Part]) -> None:
    """Fold what events said into their homes' parts. Counts add up: call it once per event."""
    if parts:
        await ProfileRepository(tx).put_parts(parts)


async def put_clicks(tx: Transaction, clicks: Iterable[Click]) -> None:
    """Keep click ids; of one seen before the earliest time stays."""
    earliest: dict[tuple[int, str, str], Click] = {}
    for whole in clicks:
        click = whole._replace(value=whole.value.encode()[:MAX_VALUE_BYTES].decode(errors="ignore"))
        key = (click.home_id, click.kind, click.value)
        if key not in earliest or click.at_us < earliest[key].at_us:
            earliest[key] = click
    if earliest:
        await ProfileRepository(tx).put_clicks(earliest.values())
