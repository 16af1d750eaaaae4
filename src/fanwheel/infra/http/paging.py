"""A page of a list, as every listing route answers."""

from typing import Generic, TypeVar

from pydantic import BaseModel

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """Some rows, and where the next ones begin."""

    items: list[Item]
    next_cursor: str | None = None
