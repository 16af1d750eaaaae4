"""JSON of stored events."""

import json
from typing import Any

import pytest

from fanwheel.cdp.events.stored import read_object


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('{"a":1,"b":[2.5,"x",null]}', {"a": 1, "b": [2.5, "x", None]}),
        ('{"a":%s,"b":1}' % ("9" * 5000), {"a": "9" * 5000, "b": 1}),
        ('{"a":1e400,"b":-1e400}', {"a": "1e400", "b": "-1e400"}),
        ("[1]", {}),
    ],
)  # fmt: skip
def test_numbers_beyond_all_readers_stay_text(text: str, read: dict[str, Any]) -> None:
    assert read_object(text) == read
    assert json.dumps(read_object(text), allow_nan=False)
