"""The tutorial works as written: its blocks are run in order, and its answers are what comes back."""

from pathlib import Path

import pytest
from tests.docs import pages
from tests.support.product import Product

TUTORIAL = "tutorial/first-hour.md"


@pytest.mark.parametrize(
    ("printed", "expected", "agrees"),
    [
        ('{"a": 1}\n', '{"a":1}', True),
        ('{"a": 1, "b": 2}', '{"a": 1, …', True),
        ('{"a": 1, "b": 2}', '{"a": 2, …', False),
        ('{"a": 1, "b": 2}', '{"a": 1}', False),
    ],
)
def test_an_answer_agrees_where_it_was_not_shortened(printed: str, expected: str, *, agrees: bool) -> None:
    assert pages.is_answer(printed, expected) is agrees


def test_the_tutorial_shows_what_comes_back() -> None:
    found = list(pages.blocks(TUTORIAL))

    assert len(found) > 12
    assert sum(block.answer is not None for block in found) > 10


def test_every_command_of_the_tutorial_works_as_written(product: Product, tmp_path: Path) -> None:
    pages.run(TUTORIAL, pages.Shell(product, tmp_path))

    assert (tmp_path / "first-hour.zip").stat().st_size > 0
