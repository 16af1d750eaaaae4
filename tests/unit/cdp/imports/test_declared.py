"""Traits that a workspace has declared are read by their types in files of people too."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from fanwheel.cdp.imports.chunks import chunks
from fanwheel.cdp.imports.contracts import Draft
from fanwheel.cdp.imports.rules.mapping import parse
from fanwheel.cdp.imports.service import fingerprint, plan
from fanwheel.cdp.traits import Definition, Option, list_readers

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DECLARED = [
    Definition(name="age", type="number", origin="declared"),
    Definition(name="vip", type="bool", origin="declared"),
    Definition(name="likes", type="options", origin="declared", options=[Option("tea", "Tea"), Option("gin", "")]),
    Definition(name="city", type="text", origin="declared"),
    Definition(name="p_alive", type="number", origin="score"),
]


def test_cells_of_declared_traits_are_read_and_rows_that_do_not_fit_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "user_id,age,vip,likes,city,p_alive\n"
        "u1,\"1,200\",yes,Tea; gin,007,0.5\n"
        "u2,,no,,,\n"
        "u3,old,no,tea,Oslo,\n"
        "u4,7,,rum,,\n"
    )  # fmt: skip
    asked = plan(path, parse("people", None))
    name = fingerprint(asked)

    asked.mapping = replace(asked.mapping, readers=list_readers(DECLARED))
    (chunk,) = chunks(asked.rows, asked.mapping, skip=0, now=NOW)

    bodies = [msgspec.json.decode(draft.body) for draft in chunk.drafts if isinstance(draft, Draft)]
    assert bodies == [
        {"age": 1200, "vip": True, "likes": ["tea", "gin"], "city": "007", "p_alive": "0.5"},
        {"vip": False},
    ]
    assert [(one.row, one.reason) for one in chunk.refused] == [
        (3, "“age”: “old” does not fit “age”. Write a number such as 1234.5, without its unit."),
        (4, "“likes”: “rum” does not fit “likes”. Choose from tea, gin."),
    ]
    # What is declared is no matter of the file, so it is known again as the same.
    assert fingerprint(asked) == name
