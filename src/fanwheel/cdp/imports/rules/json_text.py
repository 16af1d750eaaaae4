"""Columns written as JSON, whole columns at a time."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute  # its functions are made at run time, out of sight of type checkers

_ENCODE: Final = msgspec.json.Encoder().encode
_TO_ESCAPE: Final = r'["\\\x00-\x1f]'


def of_texts(texts: Any) -> Any:
    """An array of texts as JSON strings; null stays null."""
    if pc.any(pc.match_substring_regex(texts, pattern=_TO_ESCAPE)).as_py():
        return of_values(texts.to_pylist())
    return pc.binary_join_element_wise('"', texts, '"', "")


def of_values(values: Iterable[Any]) -> Any:
    """Values of any kind as an array of JSON; None stays null."""
    return pa.array([None if value is None else _ENCODE(value).decode() for value in values], pa.string())


def objects(columns: Mapping[str, Any], count: int) -> list[bytes]:
    """Columns of JSON by name as one object for each row; a null leaves its name out."""
    if not columns:
        return [b"{}"] * count
    parts = [pc.binary_join_element_wise(f",{_ENCODE(name).decode()}:", column, "") for name, column in columns.items()]
    joined = pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")
    return [b"{" + text[1:] + b"}" for text in pc.cast(joined, pa.binary()).to_pylist()]  # without the first comma
