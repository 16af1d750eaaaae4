"""The referral tree shows whole branches from the top, whatever merges have done to it."""

import numpy as np
import pytest

from fanwheel.measure.reports.cubes import Branch, Cube
from fanwheel.measure.reports.tree import largest


def members(parents: dict[int, int | None]) -> Cube:
    return {
        "person_id": np.array(list(parents), dtype=np.int64),
        "parent_id": np.array([-1 if parent is None else parent for parent in parents.values()], dtype=np.int64),
        "orders": np.array([person * 10 for person in parents], dtype=np.int64),
    }


def test_the_tree_with_most_people_comes_first_and_parents_before_children() -> None:
    cube = members({1: None, 2: 1, 3: None, 4: 3, 5: 4})

    assert largest(cube, 10) == [
        Branch(3, None, 30, 2),
        Branch(4, 3, 40, 1),
        Branch(5, 4, 50, 0),
        Branch(1, None, 10, 1),
        Branch(2, 1, 20, 0),
    ]


def test_a_limit_cuts_the_smallest_branches() -> None:
    cube = members({1: None, 2: 1, 3: 1, 4: 3})

    assert [branch.person_id for branch in largest(cube, 3)] == [1, 3, 4]


@pytest.mark.parametrize("circle", [{1: 2, 2: 1}, {7: 9, 9: 8, 8: 7}, {1: 2, 2: 3, 3: 2}])
def test_a_circle_is_opened_at_its_smallest_person(circle: dict[int, int]) -> None:
    shown = largest(members(dict(circle)), 10)

    assert {branch.person_id for branch in shown} == circle.keys()
    (root,) = [branch.person_id for branch in shown if branch.parent_id is None]
    assert root == (2 if circle == {1: 2, 2: 3, 3: 2} else min(circle))


def test_nobody_invited_is_an_empty_tree() -> None:
    assert largest(members({}), 10) == []
