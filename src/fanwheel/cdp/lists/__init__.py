"""Lists: people gathered by hand, from a file, or as a snapshot of a segment."""

from fanwheel.cdp.lists.contracts import Change, Gathered, PeopleList, Upload
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
    rename,
    tidy,
)

__all__ = [
    "Change",
    "Gathered",
    "PeopleList",
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
    "rename",
    "tidy",
]
