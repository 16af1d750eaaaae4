"""Two results are one answer: the same columns, the same rows in the same order, floats to 1e-12."""

import math
from typing import Any

import pyarrow as pa


def rows(table: pa.Table, *, ordered: bool) -> list[tuple[Any, ...]]:
    """Rows as tuples; sorted where the statement promises no order."""
    found = [tuple(row.values()) for row in table.to_pylist()]
    return found if ordered else sorted(found, key=repr)


def differences(one: pa.Table, other: pa.Table, *, ordered: bool) -> list[str]:
    """What tells two results apart, at most a few lines; empty if they are the same answer."""
    if one.column_names != other.column_names:
        return [f"columns {one.column_names} and {other.column_names}"]
    left, right = rows(one, ordered=ordered), rows(other, ordered=ordered)
    if len(left) != len(right):
        return [f"{len(left)} and {len(right)} rows"]
    wrong = [
        f"row {number}: {a} and {b}"
        for number, (a, b) in enumerate(zip(left, right, strict=True))
        if not all(map(_same, a, b))
    ]
    return wrong[:5]


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=0.0)
    return type(a) is type(b) and bool(a == b)
