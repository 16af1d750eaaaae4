"""Persons as they are listed and shown, read through one transaction."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from psycopg.rows import tuple_row

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

NEAR: Final = 10_000  # so many people in order are walked through before everybody is looked at
_DEEDS: Final = ("stage", "domain", "source_id", "tag", "is_fan", "found", "list_id")
_PEOPLE: Final = sqlfile.load("fanwheel.cdp.persons", "people.sql")


def _array(values: Iterable[int]) -> str:
    """An array of numbers as PostgreSQL reads it."""
    return "{" + ",".join(map(str, values)) + "}"


Facet = Literal["edges", "history", "consents", "clicks", "orders"]


class Query(NamedTuple):
    """What was typed into the search, in the spellings under which it may be kept; ``within`` is a pattern."""

    exact: list[str]
    prefixes: list[str]
    within: str | None


class After(NamedTuple):
    """The sort key and the id of the last person seen."""

    after: object = None
    after_id: int | None = None


NOBODY: Final = After()


class PeopleRepository:
    """Persons as they are listed and shown."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get_region(self) -> str:
        """The country of phones without a country code."""
        region: str = await self._tx.value(_PEOPLE["get_region"])
        return region

    async def find_matches(self, query: Query, *, most: int) -> set[int]:
        """Persons whose identifiers or name answer to what was typed, at most ``most`` of each."""
        rows = await self._tx.all(_PEOPLE["find_matches"], most=most, **query._asdict())
        return {row["person_id"] for row in rows}

    async def plan_each_time(self) -> None:
        """Have statements planned for their values until the transaction ends."""
        await self._tx.run(_PEOPLE["plan_each_time"])

    async def list_keys(
        self, order: str, filters: Mapping[str, object], *, after: After = NOBODY, skip: int = 0, limit: int
    ) -> list[tuple[int, Any]]:
        """Ids and sort keys of persons that match, in an order such as ``last_seen_down``."""
        asked = {**filters, **after._asdict(), "skip": skip, "limit": limit}
        rows = await self._tx.all(_PEOPLE[f"list_by_{order}"], **asked)
        return [(row["person_id"], row["sort_key"]) for row in rows]

    async def find_keys(
        self, order: str, filters: Mapping[str, object], *, after: After, limit: int, wanted: int
    ) -> list[tuple[int, Any]]:
        """The same of persons whose bits are set; ``wanted`` of them are enough not to look any further."""
        asks_only_who = all(filters[name] is None for name in _DEEDS)
        asked = {**filters, **after._asdict(), "limit": limit, "wanted": wanted, "most": NEAR}
        rows = await self._tx.all(_PEOPLE[f"find_by_{order}"], **asked, asks_only_who=asks_only_who)
        return [(row["person_id"], row["sort_key"]) for row in rows]

    async def choose(self, filters: Mapping[str, object], *, most: int) -> list[int]:
        """Ids of persons that match, sorted, at most ``most``."""
        async with self._tx.conn.cursor(row_factory=tuple_row) as cursor:
            asked = {**filters, "workspace": self._tx.workspace, "most": most}
            await cursor.execute(_PEOPLE["choose_people"].encode(), asked)
            return [person for (person,) in await cursor.fetchall()]

    async def count(self, filters: Mapping[str, object], *, most: int | None) -> int:
        """How many persons match, counted no further than ``most`` if it is given."""
        total: int = await self._tx.value(_PEOPLE["count_people"], **filters, most=most)
        return total

    async def estimate(self, filters: Mapping[str, object]) -> int:
        """The planner's guess at how many persons match."""
        plan = await self._tx.value(_PEOPLE["estimate_people"], **filters)
        return int(plan[0]["Plan"]["Plan Rows"])

    async def list_listed(self, list_id: int, *, most: int) -> list[int]:
        """The persons on a list in the order of their ids, at most ``most``."""
        rows = await self._tx.all(_PEOPLE["list_listed"], list_id=list_id, most=most)
        return [row["person_id"] for row in rows]

    async def list_rows(self, people: Collection[int]) -> list[Row]:
        """Rows of persons for a table, in the order of their ids."""
        return await self._tx.all(_PEOPLE["export_people"], people=_array(people))

    async def get_people(self, people: Collection[int]) -> dict[int, Row]:
        """Rows of persons by id."""
        rows = await self._tx.all(_PEOPLE["get_people"], people=_array(people))
        return {row["id"]: row for row in rows}

    async def list_nodes(self, person: int) -> list[Row]:
        """Every identifier of a person."""
        return await self._tx.all(_PEOPLE["list_nodes"], person=person)

    async def list_of(self, what: Facet, homes: Collection[int]) -> list[Row]:
        """One facet of what is kept of some homes."""
        return await self._tx.all(_PEOPLE[f"list_{what}"], homes=_array(homes))
