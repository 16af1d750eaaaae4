"""Lists: people gathered by hand, from a file, or as a snapshot of a segment."""

from fanwheel.cdp.lists.contracts import Gathered, MembersChanged, PeopleList, Place, Upload
from fanwheel.cdp.lists.errors import ListNotFoundError
from fanwheel.cdp.lists.service import (
    add,
    change_members,
    delete,
    fill,
    find_people,
    get,
    list_lists,
    list_names,
    list_of_person,
    put_on,
    rename,
    settle,
    take_off,
    tidy,
    undo_put,
    undo_take,
)

__all__ = [
    "Gathered",
    "ListNotFoundError",
    "MembersChanged",
    "PeopleList",
    "Place",
    "Upload",
    "add",
    "change_members",
    "delete",
    "fill",
    "find_people",
    "get",
    "list_lists",
    "list_names",
    "list_of_person",
    "put_on",
    "rename",
    "settle",
    "take_off",
    "tidy",
    "undo_put",
    "undo_take",
]
