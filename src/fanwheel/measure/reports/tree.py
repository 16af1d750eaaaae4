"""The referral tree: which people to show when there are more than fit."""

from collections import defaultdict
from collections.abc import Mapping

from fanwheel.measure.reports.cubes import NOBODY, Branch, Cube


def largest(cube: Cube, limit: int) -> list[Branch]:
    """The largest trees, widest branches first, every parent before its children.

    Two people who brought each other (a merge can make that so) have no root; the one
    with the smaller id takes its place.
    """
    parents = dict(zip(cube["person_id"].tolist(), cube["parent_id"].tolist(), strict=True))
    orders = dict(zip(cube["person_id"].tolist(), cube["orders"].tolist(), strict=True))
    _break_circles(parents)
    below = _count_below(parents)
    children: dict[int, list[int]] = defaultdict(list)
    for person, parent in parents.items():
        children[parent].append(person)
    shown: list[Branch] = []
    waiting = sorted(children[NOBODY], key=lambda person: (below[person], -person))
    while waiting and len(shown) < limit:
        person = waiting.pop()
        parent = parents[person]
        shown.append(Branch(person, None if parent == NOBODY else parent, orders[person], below[person]))
        waiting += sorted(children[person], key=lambda child: (below[child], -child))
    return shown


def _break_circles(parents: dict[int, int]) -> None:
    """Make the smallest person of every circle a root (parent NOBODY)."""
    settled: set[int] = {NOBODY}
    for start in list(parents):
        path: list[int] = []
        seen: dict[int, int] = {}
        person = start
        while person not in settled and person not in seen:
            seen[person] = len(path)
            path.append(person)
            person = parents.get(person, NOBODY)
        if person in seen:
            parents[min(path[seen[person] :])] = NOBODY
        settled.update(path)


def _count_below(parents: Mapping[int, int]) -> dict[int, int]:
    """How many people stand below each one; leaves first, so that each is added once."""
    open_children: dict[int, int] = defaultdict(int)
    for parent in parents.values():
        open_children[parent] += 1
    below = dict.fromkeys(parents, 0)
    ready = [person for person in parents if not open_children[person]]
    while ready:
        person = ready.pop()
        parent = parents[person]
        if parent == NOBODY:
            continue
        below[parent] += below[person] + 1
        open_children[parent] -= 1
        if not open_children[parent]:
            ready.append(parent)
    return below
