"""People put on lists and taken off."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from fanwheel.cdp import lists
from fanwheel.cdp.bulk.contracts import Args, Doing, Home
from fanwheel.infra.postgres import Transaction


class AddToList:
    """Puts people on a list, which may be made for them."""

    async def prepare(self, tx: Transaction, args: Args, doing: Doing) -> Args:
        """The list, made if there is to be a new one."""
        if args.get("new_list"):
            list_id = await lists.add(tx, args["new_list"], actor=doing.actor)
            return {"list_id": list_id, "list_name": args["new_list"], "is_new": True}
        return await _listed(tx, args)

    async def apply(self, tx: Transaction, people: Sequence[int], args: Args, doing: Doing) -> Mapping[int, Any]:
        """Put people on it; of each who was not on it the place where that is kept, and since when."""
        del doing
        return _kept(await lists.put_on(tx, args["list_id"], people))

    async def revert(self, tx: Transaction, kept: Sequence[Home], args: Args, doing: Doing) -> Collection[int]:
        """Take those off it who have not been put on it anew since."""
        del doing
        return await _revert(lists.undo_put, tx, kept, args)

    async def finish(self, tx: Transaction, args: Args, *, is_undone: bool) -> None:
        """The list is counted; one that was made for this alone goes with it."""
        await lists.settle(tx, args["list_id"], drop=is_undone and args.get("is_new", False))


class RemoveFromList:
    """Takes people off a list."""

    async def prepare(self, tx: Transaction, args: Args, doing: Doing) -> Args:
        """The list."""
        del doing
        return await _listed(tx, args)

    async def apply(self, tx: Transaction, people: Sequence[int], args: Args, doing: Doing) -> Mapping[int, Any]:
        """Take people off it, by whatever home they were on it; of each those homes, and since when."""
        del doing
        return _kept(await lists.take_off(tx, args["list_id"], people))

    async def revert(self, tx: Transaction, kept: Sequence[Home], args: Args, doing: Doing) -> Collection[int]:
        """Put those on it again who are not on it."""
        del doing
        return await _revert(lists.undo_take, tx, kept, args)

    async def finish(self, tx: Transaction, args: Args, *, is_undone: bool) -> None:
        """The list is counted."""
        del is_undone
        await lists.settle(tx, args["list_id"])


async def _listed(tx: Transaction, args: Args) -> Args:
    found = await lists.get(tx, args["list_id"])
    return {"list_id": found.list_id, "list_name": found.name}


async def _revert(
    undo: Callable[[Transaction, int, Collection[lists.Place]], Awaitable[set[int]]],
    tx: Transaction,
    kept: Sequence[Home],
    args: Args,
) -> list[int]:
    places = {home.home_id: [_place(home, told) for told in home.undo] for home in kept}
    try:
        done = await undo(tx, args["list_id"], [place for every in places.values() for place in every])
    except lists.ListNotFoundError:
        return []  # it was deleted since
    return [home for home, every in places.items() if any(place.home_id in done for place in every)]


def _kept(places: Collection[lists.Place]) -> dict[int, Any]:
    kept: dict[int, Any] = {}
    for place in places:
        kept.setdefault(place.person_id, []).append([place.home_id, place.listed_at.isoformat()])
    return kept


def _place(home: Home, told: tuple[int, str]) -> lists.Place:
    return lists.Place(home.person_id, told[0], datetime.fromisoformat(told[1]))
