"""What people decide about lists, and who is on them."""

from collections.abc import Collection, Iterable, Sequence

from fanwheel.cdp import persons
from fanwheel.cdp.lists.contracts import Gathered, MembersChanged, Origin, PeopleList, Place, Upload
from fanwheel.cdp.lists.errors import ListInUseError, ListNameTakenError, ListNotFoundError, ReportNotFoundError
from fanwheel.cdp.lists.repository import ListRepository
from fanwheel.infra.postgres import Transaction


async def list_lists(
    tx: Transaction, *, q: str | None = None, segment_id: int | None = None, before: int | None = None, limit: int
) -> list[PeopleList]:
    """Lists, newest first; ``q`` is a part of the name, ``before`` the last one seen."""
    pattern = q.lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") if q else None
    within = f"%{pattern}%" if pattern else None
    return await ListRepository(tx).list_lists(before=before, segment_id=segment_id, within=within, limit=limit)


async def list_names(tx: Transaction, *, limit: int) -> list[tuple[int, str]]:
    """Ids and names of the newest lists."""
    return await ListRepository(tx).list_names(limit=limit)


async def find_by_name(tx: Transaction, name: str) -> int | None:
    """The list of a name, if there is one."""
    return await ListRepository(tx).find_by_name(name)


async def list_of_person(tx: Transaction, homes: Collection[int]) -> list[tuple[int, str]]:
    """Ids and names of the lists on which a person with these homes is."""
    return await ListRepository(tx).list_of_person(homes)


async def get(tx: Transaction, list_id: int) -> PeopleList:
    """A list.

    Raises
    ------
    ListNotFoundError
        If there is none with that id.
    """
    found = await ListRepository(tx).list_lists(one=list_id, limit=1)
    if not found:
        raise ListNotFoundError
    return found[0]


async def add(
    tx: Transaction,
    name: str,
    *,
    actor: str,
    description: str = "",
    origin: Origin = "manual",
    segment_id: int | None = None,
    schedule_id: int | None = None,
) -> int:
    """Make a list that nobody is on; its id.

    Raises
    ------
    ListNameTakenError
        If there is a list of that name.
    """
    values = {
        "name": name,
        "description": description,
        "origin": origin,
        "segment_id": segment_id,
        "schedule_id": schedule_id,
        "actor": actor,
    }
    made = await ListRepository(tx).add(values)
    if made is None:
        raise ListNameTakenError(f"There is a list “{name}” already.", hint="Choose another name.")
    return made


async def rename(tx: Transaction, list_id: int, *, name: str | None, description: str | None) -> PeopleList:
    """Give a list another name or description; what is None stays.

    Raises
    ------
    ListNotFoundError, ListNameTakenError
        If there is no such list, or another one has the name.
    """
    lists = await _hold(tx, list_id)
    if name is not None and await lists.is_taken(list_id, name):
        raise ListNameTakenError(f"There is a list “{name}” already.", hint="Choose another name.")
    await lists.change(list_id, name=name, description=description)
    return await get(tx, list_id)


async def delete(tx: Transaction, list_id: int) -> None:
    """Delete a list; the people on it stay as they are.

    Raises
    ------
    ListNotFoundError, ListInUseError
        If there is no such list, or segments ask who is on it.
    """
    lists = await _hold(tx, list_id)
    if asking := await lists.list_asking(list_id):
        raise ListInUseError(
            f"Segments ask who is on this list: {', '.join(name for _, name in asking)}.",
            hint="Take it out of their rules first.",
        )
    await lists.delete(list_id)


async def list_asking(tx: Transaction, list_id: int) -> list[tuple[int, str]]:
    """Ids and names of the segments whose rules ask who is on a list.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    await get(tx, list_id)
    return await ListRepository(tx).list_asking(list_id)


async def change_members(
    tx: Transaction, list_id: int, *, add: Sequence[int] = (), remove: Sequence[int] = ()
) -> MembersChanged:
    """Put people on a list and take others off; any of a person's home ids stands for the person.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    lists = await _hold(tx, list_id)
    person_of = await lists.find_living({*add, *remove})
    taken = await lists.remove_members(list_id, {person_of[home] for home in remove if home in person_of})
    # At the person's own name, where a tag would stand too, so that an unmerge leaves it where it was meant.
    added = await lists.add_members(list_id, {person_of[home] for home in add if home in person_of})
    gone = {place.person_id for place in taken}
    await persons.refold(tx, gone | {place.person_id for place in added})
    return MembersChanged(
        added=len(added),
        removed=len(gone),
        unknown=sorted({*add, *remove} - person_of.keys()),
        size=await lists.put_size(list_id),
    )


async def put_on(tx: Transaction, list_id: int, people: Collection[int]) -> list[Place]:
    """Put living persons on a list; where that is kept of each who was not on it.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    places = await (await _hold(tx, list_id)).add_members(list_id, people)
    await persons.refold(tx, {place.person_id for place in places})
    return places


async def take_off(tx: Transaction, list_id: int, people: Collection[int]) -> list[Place]:
    """Take living persons off a list; where that they were on it was kept.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    places = await (await _hold(tx, list_id)).remove_members(list_id, people)
    await persons.refold(tx, {place.person_id for place in places})
    return places


async def undo_put(tx: Transaction, list_id: int, places: Collection[Place]) -> set[int]:
    """Take people off a list again, but for those who were put on it anew since; the homes of those taken off."""
    done = await (await _hold(tx, list_id)).undo("put", list_id, places)
    await persons.refold(tx, done)
    return done


async def undo_take(tx: Transaction, list_id: int, places: Collection[Place]) -> set[int]:
    """Put people on a list again as they were, but for those who are on it; the homes of those put back."""
    done = await (await _hold(tx, list_id)).undo("take", list_id, places)
    await persons.refold(tx, done)
    return done


async def settle(tx: Transaction, list_id: int, *, drop: bool = False) -> None:
    """Count a list, if it is still there; ``drop``: and delete it if nobody is on it and nothing needs it."""
    lists = ListRepository(tx)
    if not await lists.hold(list_id):
        return
    is_empty = await lists.put_size(list_id) == 0
    if drop and is_empty and not await lists.list_asking(list_id) and not await lists.list_uploads(list_id):
        await lists.delete(list_id)


async def fill(tx: Transaction, list_id: int, people: Iterable[int]) -> int:
    """Put living persons on a list that was just made; its size."""
    return await ListRepository(tx).fill(list_id, people)


async def take_file(tx: Transaction, list_id: int, file_name: str, read: Gathered, *, actor: str) -> Upload:
    """Put everybody on a list whom a file names, and keep its report.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    lists = await _hold(tx, list_id)
    added = await lists.add_members(list_id, read.homes)
    await lists.note_changed([place.home_id for place in added])
    await lists.put_size(list_id)
    upload_id = await lists.add_upload(list_id, file_name, read, added=len(added), actor=actor)
    return (await lists.list_uploads(list_id, one=upload_id))[0]


async def list_uploads(tx: Transaction, list_id: int) -> list[Upload]:
    """The newest hundred files that filled a list.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    await get(tx, list_id)
    return await ListRepository(tx).list_uploads(list_id)


async def get_report(tx: Transaction, list_id: int, upload_id: int) -> str:
    """The rows of a file that matched nobody, as CSV.

    Raises
    ------
    ReportNotFoundError
        If there is none, or none any more.
    """
    report = await ListRepository(tx).find_report(list_id, upload_id)
    if report is None:
        raise ReportNotFoundError(hint="Upload the file again to have a new one.")
    return report


async def find_people(tx: Transaction, list_id: int, *, most: int) -> list[int]:
    """The persons on a list in the order of their ids, at most so many.

    Raises
    ------
    ListNotFoundError
        If there is no such list.
    """
    await get(tx, list_id)
    return await ListRepository(tx).list_people(list_id, most=most)


async def tidy(tx: Transaction) -> int:
    """Take away reports that have been kept for a week; how many."""
    return await ListRepository(tx).forget_reports()


async def _hold(tx: Transaction, list_id: int) -> ListRepository:
    lists = ListRepository(tx)
    if not await lists.hold(list_id):
        raise ListNotFoundError
    return lists
