"""Geo tests as the routes use them."""

from datetime import date, datetime
from typing import Any, Final

from fanwheel.infra.postgres import Transaction
from fanwheel.measure.ledger.geo_tests import rules
from fanwheel.measure.ledger.geo_tests.contracts import Draft, Region, RegionTest
from fanwheel.measure.ledger.geo_tests.errors import (
    BadGeoTestError,
    GeoTestEndedError,
    GeoTestNotFoundError,
    UnknownRegionError,
    UnknownTestSourceError,
)
from fanwheel.measure.ledger.geo_tests.repository import GeoTestRepository

_MOST_REGIONS: Final = 500
_DAYS: Final = ("geo_test_id", "source_id", "campaign", "trait", "before_on", "started_on", "ended_on", "note")


async def list_tests(tx: Transaction) -> list[dict[str, Any]]:
    """Every geo test, the newest first."""
    return await GeoTestRepository(tx).list_tests()


async def get_test(tx: Transaction, one: int) -> dict[str, Any]:
    """A geo test.

    Raises
    ------
    GeoTestNotFoundError
        If there is none with that id.
    """
    found = await GeoTestRepository(tx).list_tests(one=one) if 0 < one < 2**31 else []
    if not found:
        raise GeoTestNotFoundError(geo_test_id=one)
    return found[0]


async def list_regions(tx: Transaction, trait: str) -> list[Region]:
    """Where people live by a trait, the regions with most people first; the first 500."""
    return await GeoTestRepository(tx).list_regions(trait, most=_MOST_REGIONS)


async def add_test(tx: Transaction, draft: Draft, *, actor: str, now: datetime) -> dict[str, Any]:
    """Note a geo test that runs or has ended.

    Raises
    ------
    UnknownTestSourceError, UnknownRegionError
        If there is no such source; if nobody lives in one of the regions.
    BadGeoTestError, GeoTestOverlapError
        If its days tell nothing; if another test switched the source then.
    """
    repository = GeoTestRepository(tx)
    rules.check_days(draft, today=await repository.get_today(now))
    source_id = await repository.find_source(draft.source)
    if source_id is None:
        raise UnknownTestSourceError(f"There is no source “{draft.source}”.", hint="GET /api/sources lists them.")
    await _check_regions(repository, draft)
    tests = [_plain(row) for row in await repository.list_tests()]
    rules.check_overlap(draft, (test for test in tests if test.source_id == source_id))
    return await get_test(tx, await repository.add_test(draft, source_id=source_id, actor=actor))


async def change_test(
    tx: Transaction, one: int, *, ended_on: date | None, note: str | None, now: datetime
) -> dict[str, Any]:
    """End a test that runs, or give a test another note.

    Raises
    ------
    GeoTestNotFoundError, GeoTestEndedError, BadGeoTestError
        If there is none; if it has ended; if it would end in the future or before it began.
    """
    repository = GeoTestRepository(tx)
    today = await repository.get_today(now)
    test = _plain(await get_test(tx, one))
    if ended_on is not None:
        if test.ended_on is not None:
            raise GeoTestEndedError(hint="Delete it, and note it anew, if its days were mistyped.")
        if not test.started_on <= ended_on <= today:
            raise BadGeoTestError(
                "A geo test cannot end before it begins, or in the future.",
                hint=f"Choose a day from {test.started_on} to {today}.",
            )
    await repository.change_test(one, ended_on=ended_on, note=note)
    return await get_test(tx, one)


async def delete_test(tx: Transaction, one: int) -> None:
    """Forget a geo test.

    Raises
    ------
    GeoTestNotFoundError
        If there is none with that id.
    """
    if not (0 < one < 2**31 and await GeoTestRepository(tx).delete_test(one)):
        raise GeoTestNotFoundError(geo_test_id=one)


async def _check_regions(repository: GeoTestRepository, draft: Draft) -> None:
    people, known = await repository.count_residents(draft.trait, draft.regions)
    if people == 0:
        raise UnknownRegionError(
            f"Nobody has the trait “{draft.trait}”, so it is not known where people live.",
            hint="Send it with identify, as the city or the province of each person.",
        )
    unknown = [region for region in draft.regions if region not in known]
    if unknown:
        raise UnknownRegionError(
            f"Nobody lives in “{unknown[0]}”.",
            hint=f"Write regions as they stand in “{draft.trait}”: GET /api/measure/geo-tests/regions lists them.",
        )


def _plain(row: dict[str, Any]) -> RegionTest:
    return RegionTest(**{name: row[name] for name in _DAYS}, regions=tuple(row["regions"]))
