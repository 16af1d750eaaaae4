"""Every macro means one thing: its value on DuckDB is spelled out here, and the cluster suite holds Spark to it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.integration.engine.macros import CASES, NUMBERS

from fanwheel.infra.engine.dialect import MACROS
from fanwheel.infra.engine.on_duckdb import DuckDBEngine

EXPECTED: dict[str, list[Any]] = {
    "json_text": ["企业微信", '中 "quoted"', None, "7", '["x"]', None],
    "json_number": [12.5, 19.99, None, 1000.0, None, None],
    # 05:59:59 UTC on the day the clocks go back is 01:59:59, still daylight time there.
    "day": [date(2025, 11, 2), date(2025, 12, 31), None, date(2025, 12, 31), date(2025, 11, 2), date(1969, 12, 31)],
    "epoch_us": [1762063199999999, 1767196800000000, None, 1767196800000000, 1762063199999999, -999500],
    "days_between": [731, 62, None, 59, 56, 20513],
    "month_start": [date(2024, 2, 1), date(2025, 12, 1), None, date(2026, 1, 1), date(2026, 1, 1), date(1970, 1, 1)],
    # Weeks begin on Monday: 1 and 4 January 2026 belong to that of 29 December.
    "week_start": [
        date(2024, 2, 26),
        date(2025, 12, 29),
        None,
        date(2025, 12, 29),
        date(2025, 12, 29),
        date(1969, 12, 29),
    ],
    "date_text": ["2024-02-29", "2025-12-29", None, "2026-01-01", "2026-01-04", "1970-01-01"],
    "arg_min": [0, 7],  # 乙 sorts first; its earliest instant is the one of 1969
    "arg_max": [2, -7],
    "list_by": [[2, 0, 2], [7, -7]],
    "join_list": ["乙, 乙, 乙", "甲, 甲, 甲"],
    "explode": [1, 2, 3, 4, 5, 6],
    "quantile": [pytest.approx(1.7), pytest.approx(0.82)],  # between the sorted values, at 0.3 of the way
    "int_div": [3, -3, None, 1, 1, 0],  # toward zero
    "lag_known": [None, 7, -7, -7, 2, 2],
    "last_known": [7, -7, -7, 2, 2, 0],
    "matches": [True, False, False, True, False, False],
    "json_value": ["企业微信", '中 "quoted"', None, None, None, None],
    "is_known": [True, True, False, True, True, False],
    "json_at": [True, True, False, True, True, False],
    "text_of": [None, "19.99", None, None, "n/a", None],
    "is_text": [False, True, False, False, False, False],
    "number_of": [12.5, None, None, 1000.0, None, None],
    "flag_of": [True, None, None, None, None, None],
    "texts_of": [None, None, None, None, ["x"], None],
    "any_product": [False, False, False, True, False, False],
    # Ten in the morning, eight hours ahead of UTC.
    "instant": [
        1709172000123456,
        1766973600123456,
        None,
        1767232800123456,
        1767492000123456,
        7200123456,
    ],
    "from_epoch_us": [1762063199999999, 1767196800000000, None, 1767196800000000, 1762063199999999, -999500],
    "begins": [True, True, False, False, False, False],
    "has": [False, True],
    "item": [2, -7],
    "place_in": [None, 1],
    "hex_number": [3831340461, 1551002689, 1680944269, 3919019205, 3737550938, 2576436115],
}


def test_every_macro_has_a_case() -> None:
    assert CASES.keys() == EXPECTED.keys() == MACROS


@pytest.mark.parametrize("name", CASES)
def test_duckdb_gives_the_value_of(name: str, tmp_path: Path) -> None:
    with DuckDBEngine(memory_mb=64, temp_dir=tmp_path, threads=1) as engine:
        engine.table("numbers", NUMBERS)

        answer = engine.query(CASES[name]).column("v").to_pylist()

    assert answer == EXPECTED[name]
