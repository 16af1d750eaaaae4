"""Reading people: the list with its search and filters, the portrait, the identity graph."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from fanwheel.cdp.persons import identifiers, service
from fanwheel.cdp.persons.crowds import FEW, SOME, Crowd, both
from fanwheel.cdp.persons.errors import PersonNotFoundError
from fanwheel.cdp.persons.people import NOBODY, After, PeopleRepository, Query
from fanwheel.cdp.traits import saying as traits
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.kernel.domain import Domain, Stage

Sort = Literal["last_seen", "-last_seen", "revenue", "-revenue"]
_ORDERS: Final[Mapping[Sort, str]] = {
    "last_seen": "last_seen_up",
    "-last_seen": "last_seen_down",
    "revenue": "revenue_up",
    "-revenue": "revenue_down",
}
_REVERSED: Final[Mapping[Sort, Sort]] = {
    "last_seen": "-last_seen",
    "-last_seen": "last_seen",
    "revenue": "-revenue",
    "-revenue": "revenue",
}
_COUNTED: Final = 10_000
_FOUND: Final = 1_000
_NO_NAME: Final = re.compile(r"@|^[\d+().\s/-]+$")
_LIKE: Final = re.compile(r"([%_\\])")
_ESCAPED: Final = r"\\\1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which people are listed; what is None is not asked."""

    q: str | None = None
    stage: Stage | None = None
    domain: Domain | None = None
    source_id: int | None = None
    tag: str | None = None
    is_fan: bool | None = None
    list_id: int | None = None
    crowd: Crowd | None = None

    @property
    def asks_only_who(self) -> bool:
        """Whether nothing is asked but who is in the crowd."""
        return self == Filters(crowd=self.crowd)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A page of people; ``total`` is exact up to 10,000."""

    items: list[dict[str, Any]]
    next_cursor: str | None
    total: int
    total_is_estimate: bool


class _Total(NamedTuple):
    """How many people match."""

    people: int
    is_estimate: bool = False


async def list_people(
    tx: Transaction,
    filters: Filters,
    *,
    sort: Sort = "-last_seen",
    cursor: str | None = None,
    skip: int | None = None,
    limit: int,
) -> People:
    """People that match, in a stable order: after a cursor, or so many from the beginning on.

    The total is counted for the first page and travels in the cursor, so that scrolling costs a page each. With
    ``skip`` it is exact, and of a cursor only the total is taken.
    """
    people = PeopleRepository(tx)
    await people.plan_each_time()
    asked, is_cut = await _asked(people, filters)
    seen, total = _key(cursor, sort) if cursor else (NOBODY, None)
    if total is None or (skip is not None and total.is_estimate):
        total = await _count(people, filters, asked, is_exact=skip is not None)
        total = _Total(total.people, is_estimate=total.is_estimate or is_cut)
    if skip is not None:
        keys = await _jump(people, asked, sort, skip=skip, total=total, limit=limit + 1)
    elif filters.crowd is not None and asked["bits"] is not None:
        wanted = min(limit + 1, filters.crowd.size)
        keys = await people.find_keys(_ORDERS[sort], asked, after=seen, limit=limit + 1, wanted=wanted)
    else:
        keys = await people.list_keys(_ORDERS[sort], asked, after=seen, limit=limit + 1)
    rows = await people.get_people([person for person, _ in keys[:limit]])
    return People(
        items=[_item(rows[person]) for person, _ in keys[:limit] if person in rows],
        next_cursor=_cursor(*keys[limit - 1], total) if len(keys) > limit else None,
        total=total.people,
        total_is_estimate=total.is_estimate,
    )


async def choose(tx: Transaction, filters: Filters, *, most: int) -> list[int]:
    """The ids of people that match, sorted; at most so many."""
    people = PeopleRepository(tx)
    await people.plan_each_time()
    asked, _ = await _asked(people, filters)
    return await people.choose(asked, most=most)


async def get_items(tx: Transaction, persons: Sequence[int]) -> list[dict[str, Any]]:
    """Persons as they are listed, in the order of their ids given; those who are no more are left out."""
    rows = await PeopleRepository(tx).get_people(persons)
    return [_item(rows[person]) for person in persons if person in rows]


async def get_person(tx: Transaction, home_id: int) -> dict[str, Any]:
    """All that is known of the living person behind a home id.

    Raises
    ------
    PersonNotFoundError
        If there is none.
    """
    people = PeopleRepository(tx)
    person = await service.get_living(tx, home_id)
    row = (await people.get_people([person])).get(person)
    if row is None:
        raise PersonNotFoundError
    nodes = await people.list_nodes(person)
    homes = [node["home_id"] for node in nodes]
    history = await people.list_of("history", homes)
    joined = {other for entry in history if entry["action"] == "merge" for other in entry["other_ids"]}
    return _item(row) | {
        "traits": {
            trait["name"]: {name: said for name, said in trait.items() if name != "name"}
            for trait in await traits.list_of_person(tx, person)
        },
        "identifiers": nodes,
        "stages": {
            "introduce": row["introduced_at"],
            "operate": row["operated_at"],
            "convert": row["converted_at"],
            "share": row["shared_at"],
            "repurchase": row["repurchased_at"],
        },
        "consents": await people.list_of("consents", homes),
        "clicks": await people.list_of("clicks", homes),
        "orders": [{**order, "person_id": person} for order in await people.list_of("orders", homes)],
        "merged_from": sorted(joined & set(homes) - {person}),
    }


async def get_identity(tx: Transaction, home_id: int) -> dict[str, Any]:
    """A person's identifiers, what joins them, and what happened to them.

    Raises
    ------
    PersonNotFoundError
        If there is none.
    """
    people = PeopleRepository(tx)
    nodes = await people.list_nodes(await service.get_living(tx, home_id))
    homes = [node["home_id"] for node in nodes]
    return {
        "nodes": nodes,
        "edges": await people.list_of("edges", homes),
        "history": await people.list_of("history", homes),
    }


async def list_homes(tx: Transaction, home_id: int) -> Sequence[int]:
    """Every home of the living person behind a home id."""
    person = await service.get_living(tx, home_id)
    return [node["home_id"] for node in await PeopleRepository(tx).list_nodes(person)]


async def _asked(people: PeopleRepository, filters: Filters) -> tuple[dict[str, object], bool]:
    """The filters as the statements take them, and whether a search found more than it looks at."""
    found, is_cut = await _find(people, filters.q)
    return await _among(people, filters, found) | {
        "stage": filters.stage and int(filters.stage),
        "domain": None if filters.domain is None else int(filters.domain),
        "source_id": filters.source_id,
        "tag": filters.tag,
        "is_fan": filters.is_fan,
    }, is_cut


async def _find(people: PeopleRepository, q: str | None) -> tuple[list[int] | None, bool]:
    """Persons that a search finds, sorted, and whether there are more; None without a search."""
    typed = (q or "").strip()
    if not typed:
        return None, False
    found = await people.find_matches(_query(typed, await people.get_region()), most=_FOUND)
    return sorted(found), len(found) >= _FOUND


async def _among(people: PeopleRepository, filters: Filters, found: list[int] | None) -> dict[str, object]:
    """Who is asked for by name: a few by their ids, many by walking through everybody and testing each."""
    asked: dict[str, object] = {"list_id": None, "bits": None, "low": None, "high": None}
    if filters.list_id is not None:
        listed = await people.list_listed(filters.list_id, most=FEW + 1)
        if len(listed) > FEW:
            asked["list_id"] = filters.list_id
        else:
            found = both(found, listed)
    if filters.crowd is not None:
        # Walking in order beats a look at each of some thousands, unless something else is asked of them.
        few = filters.crowd.few(SOME if filters.asks_only_who else FEW)
        if few is not None:
            found = both(found, few)
        else:
            asked |= filters.crowd.bits()._asdict()
    # As PostgreSQL reads an array: the driver would take ten times as long to make one of so many.
    return asked | {"found": None if found is None else "{" + ",".join(map(str, found)) + "}"}


async def _jump(
    people: PeopleRepository, asked: Mapping[str, object], sort: Sort, *, skip: int, total: _Total, limit: int
) -> list[tuple[int, Any]]:
    """Who comes after the first ``skip``: counted from whichever end is nearer, since what is skipped is read too."""
    ahead = total.people - skip
    if total.is_estimate or skip <= ahead:
        return await people.list_keys(_ORDERS[sort], asked, skip=skip, limit=limit)
    count = min(limit, ahead)
    if count <= 0:
        return []
    keys = await people.list_keys(_ORDERS[_REVERSED[sort]], asked, skip=ahead - count, limit=count)
    return keys[::-1]


def _query(typed: str, region: str) -> Query:
    phone = identifiers.normalize("phone", typed, region=region)
    # One letter of an alphabet is in nearly every name; one Chinese character is a search. Nobody is called @ or +49.
    is_name = (len(typed) > 1 or not typed.isascii()) and not _NO_NAME.search(typed)
    return Query(
        exact=_different(typed, typed.lower(), phone),
        prefixes=_different(typed, typed.lower(), *identifiers.phone_beginnings(typed, region=region)),
        within=f"%{_LIKE.sub(_ESCAPED, typed.lower())}%" if is_name else None,
    )


def _different(*spellings: str | None) -> list[str]:
    return list(dict.fromkeys(spelling for spelling in spellings if spelling))


async def _count(people: PeopleRepository, filters: Filters, asked: Mapping[str, object], *, is_exact: bool) -> _Total:
    if filters.crowd is not None and filters.asks_only_who:
        return _Total(filters.crowd.size)
    total = await people.count(asked, most=None if is_exact else _COUNTED + 1)
    if is_exact or total <= _COUNTED:
        return _Total(total)
    guess = max(_COUNTED + 1, await people.estimate(asked))
    return _Total(guess if filters.crowd is None else min(guess, filters.crowd.size), is_estimate=True)


def _cursor(person: int, key: datetime | int, total: _Total) -> str:
    told = key.isoformat() if isinstance(key, datetime) else key
    return encode_cursor(told, person, total.people, total.is_estimate)


def _key(cursor: str, sort: Sort) -> tuple[After, _Total]:
    key, person, total, is_estimate = decode_cursor(cursor, 4)
    try:
        after = datetime.fromisoformat(key) if sort.endswith("last_seen") else int(key)
        return After(after, int(person)), _Total(int(total), is_estimate=bool(is_estimate))
    except (TypeError, ValueError):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.") from None


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "name": row["name"] or None,
        "stage": Stage(row["stage"]).label,
        "first_touch": _touch(row, "first"),
        "last_touch": _touch(row, "last"),
    }


def _touch(row: Mapping[str, Any], which: str) -> dict[str, Any] | None:
    if row[f"{which}_touch_at"] is None:
        return None
    return {
        "source": row[f"{which}_source"] or "",
        "domain": Domain(row[f"{which}_domain"]).label,
        "at": row[f"{which}_touch_at"],
    }
