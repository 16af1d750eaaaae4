"""Many rows in one parameter: JSON, which PostgreSQL takes apart faster than a driver builds arrays."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

# PostgreSQL's text cannot hold NUL, and refuses the whole statement for one. The pairs of backslashes
# before it are escaped backslashes and stay.
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def to_json_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """``rows`` for ``json_to_recordset``; characters that PostgreSQL cannot hold are left out."""
    text = msgspec.json.encode(rows).decode()
    return _NUL.sub(r"\1", text) if "\\u0000" in text else text
