"""SQL kept in files beside the code that runs it: named statements, read once."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

_NAME: Final = re.compile(r"^-- name:\s*(\w+)\s*$", re.MULTILINE)


@cache
def load(package: str, name: str = "queries.sql") -> Mapping[str, str]:
    """The statements of a ``.sql`` file by their ``-- name:``, in the order of the file."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    marks = list(_NAME.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return MappingProxyType({mark[1]: text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)})
