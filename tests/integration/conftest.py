"""What every test against a database needs: the product's processes serve one database, those of the tests many."""

from collections.abc import Iterator

import pytest

from fanwheel.loop.operate.autoreply import book, service


@pytest.fixture(autouse=True, scope="module")
def own_rules() -> Iterator[None]:
    """Rules of auto-replies are kept in mind by workspace; another file's database has others under the same number."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "_SHELF", book.Shelf())
        yield
