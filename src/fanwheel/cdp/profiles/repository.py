"""Parts of profiles and click ids, written in bulk through one transaction."""

from collections.abc import Collection, Iterable
from typing import Any, Final

from psycopg.rows import tuple_row

from fanwheel.cdp.profiles.contracts import Click, Part, Touch
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.cdp.profiles")


class ProfileRepository:
    """What events say of the homes of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def put_parts(self, parts: Iterable[Part]) -> None:
        """Fold ``parts`` into those that are stored; sorted, so that two writers cannot deadlock."""
        rows = [_part_row(part) for part in sorted(parts, key=lambda part: part.home_id)]
        await self._tx.run(_SQL["put_parts"], parts=to_json_rows(rows))

    async def put_clicks(self, clicks: Iterable[Click]) -> None:
        """Add ``clicks``, each of them once per home, kind and value."""
        rows = [click._asdict() for click in sorted(clicks)]
        await self._tx.run(_SQL["put_clicks"], clicks=to_json_rows(rows))

    async def find_homes(self, homes: Collection[int]) -> list[tuple[int, int, str, str]]:
        """Home, person, kind and value of the identifiers of ``homes`` that are stored."""
        # Tens of thousands at once: tuples, because a dict per row would cost more than the query.
        async with self._tx.conn.cursor(row_factory=tuple_row) as cursor:
            # An array as PostgreSQL reads it: the driver would take ten times as long to make one.
            bound = {"workspace": self._tx.workspace, "homes": "{" + ",".join(map(str, homes)) + "}"}
            await cursor.execute(_SQL["find_homes"].encode(), bound)
            return await cursor.fetchall()


def _part_row(part: Part) -> dict[str, Any]:
    return {
        "home_id": part.home_id,
        "first_us": part.first_seen,
        "last_us": part.last_seen,
        "events": part.event_count,
        "traits": part.traits,
        "first_touch": _touch(part.first_touch),
        "last_touch": _touch(part.last_touch),
        "operated_us": part.operated,
        "shared_us": part.shared,
        "channels": part.fan_channels,
    }


def _touch(touch: Touch | None) -> dict[str, Any] | None:
    return None if touch is None else touch._asdict()
