"""The examples of docs/measure run as they stand."""

import pytest
from tests.docs.pages import DOCS, fences

PAGES = sorted((DOCS / "measure").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run_in_order(page: object, capsys: pytest.CaptureFixture[str]) -> None:
    examples = [body for kind, body in fences(str(page)) if kind == "python"]

    known: dict[str, object] = {}
    for example in examples:
        exec(compile(example, str(page), "exec"), known)

    assert examples, "a page of measurement shows how it is done"
