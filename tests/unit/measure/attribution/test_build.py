"""Paths from touches and conversions: edges by hand, everything else person by person."""

import dataclasses
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.unit.measure.attribution import slow

from fanwheel.measure import attribution
from fanwheel.measure.attribution import Paths
from fanwheel.measure.errors import BadDataError

START = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def touches(*rows: tuple[Any, str, float]) -> dict[str, list[Any]]:
    return {
        "person": [row[0] for row in rows],
        "channel": [row[1] for row in rows],
        "at": [day(row[2]) for row in rows],
    }


def sales(*rows: tuple[Any, float], **more: list[Any]) -> dict[str, list[Any]]:
    return {"person": [row[0] for row in rows], "at": [day(row[1]) for row in rows], **more}


def counted(paths: Paths) -> tuple[Counter[Any], Counter[Any]]:
    """Converting paths and paths to nowhere."""
    table = dataclasses.replace(paths, backend="pyarrow").to_frame(separator="|").to_pydict()
    converting: Counter[Any] = Counter()
    lost: Counter[Any] = Counter()
    for path, conversions, misses in zip(table["path"], table["conversions"], table["non_conversions"], strict=True):
        steps = tuple(path.split("|"))
        converting.update({steps: int(conversions)} if conversions else {})
        lost.update({steps: int(misses)} if misses else {})
    if paths.untouched:
        converting[()] = int(paths.untouched)
    return converting, lost


def test_windows_by_hand() -> None:
    # Ann: a on day 0, b on day 20, c on day 30; buys on days 30 and 45. 30 days before day 30 is day 0 exactly, and
    # a touch at the instant of the order counts. Day 45 looks back to day 15: b and c again.
    # Bob: a on day 0 and 29.5, b on day 70; never buys, and between the last two lie more than 30 days.
    # Cid buys without a touch.
    seen = touches(
        ("ann", "c", 30), ("ann", "a", 0), ("ann", "b", 20), ("bob", "a", 0), ("bob", "a", 29.5), ("bob", "b", 70)
    )
    bought = sales(("ann", 45), ("ann", 30), ("cid", 5), value=[1.0, 10.0, 100.0])

    paths = attribution.build_paths(seen, bought)

    assert counted(paths) == (
        Counter({("a", "b", "c"): 1, ("b", "c"): 1, (): 1}),
        Counter({("a", "a"): 1, ("b",): 1}),
    )
    assert (paths.untouched, paths.untouched_value) == (1, 100)
    assert attribution.first(paths).value.tolist() == [10, 1, 0]
    assert paths.ages_days[:5].tolist() == [30, 10, 0, 25, 15]


def test_a_touch_can_be_kept_for_the_next_conversion_alone() -> None:
    seen = touches((1, "a", 0), (1, "b", 20), (1, "c", 31))

    paths = attribution.build_paths(seen, sales((1, 30), (1, 30), (1, 45)), overlap=False)

    assert counted(paths)[0] == Counter({("a", "b"): 1, ("c",): 1, (): 1})


def test_a_path_that_may_still_convert_is_left_out_until_its_window_has_passed() -> None:
    seen = touches((1, "a", 0), (2, "b", 10), (3, "c", 10.5))

    paths = attribution.build_paths(seen, sales(), as_of=day(40))

    assert counted(paths)[1] == Counter({("a",): 1, ("b",): 1})


@pytest.mark.parametrize("overlap", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_paths_equal_a_walk_person_by_person(seed: int, overlap: bool) -> None:
    rng = random.Random(seed)
    # Whole hours, so that many instants are equal; an odd minute so that windows end between touches too.
    moments = [day(rng.randrange(90 * 24) / 24) for _ in range(200)]
    seen = [{"person": rng.randrange(12), "channel": rng.choice("abcd"), "at": rng.choice(moments)} for _ in range(300)]
    bought = [
        {"person": rng.randrange(14), "at": rng.choice([*moments, day(91.37)]) + timedelta(minutes=rng.choice((0, 7)))}
        for _ in range(60)
    ]
    days = rng.choice((0.5, 7, 30))

    paths = attribution.build_paths(pl.DataFrame(seen), pl.DataFrame(bought), lookback_days=days, overlap=overlap)

    assert counted(paths) == slow.build(seen, bought, days=days, overlap=overlap)


def test_people_are_split_where_their_number_and_the_times_do_not_fit_into_one_integer() -> None:
    # Ten years in microseconds take 49 bits and 65,000 people 16: more than 62 with the channels.
    rng = np.random.default_rng(4)
    at = np.datetime64("2016-01-01T00:00:00.000001") + rng.integers(0, 3650 * 86_400_000_000, 3000).astype("m8[us]")
    person = rng.choice(rng.integers(0, 65_000, 50), 3000)
    bought = {"person": rng.choice(person, 400), "at": rng.choice(at, 400) + np.timedelta64(3, "h")}
    seen = {"person": person, "channel": rng.choice(list("abc"), 3000), "at": at}
    rows = [
        dict(zip(seen, row, strict=True)) for row in zip(person.tolist(), seen["channel"], at.tolist(), strict=True)
    ]
    orders = [
        {"person": who, "at": when} for who, when in zip(bought["person"].tolist(), bought["at"].tolist(), strict=True)
    ]

    paths = attribution.build_paths(seen, bought, lookback_days=200)

    assert counted(paths) == slow.build(rows, orders, days=200, overlap=True)


def test_the_order_of_rows_changes_nothing() -> None:
    rng = random.Random(3)
    rows = [(rng.randrange(5), rng.choice("abc"), rng.randrange(40)) for _ in range(80)]
    orders = [(rng.randrange(5), rng.randrange(40)) for _ in range(20)]
    paths = attribution.build_paths(touches(*rows), sales(*orders, value=list(range(20))))

    mixed = attribution.build_paths(touches(*rows[::-1]), sales(*orders[::-1], value=list(range(20))[::-1]))

    for name in ("steps", "starts", "conversions", "values", "ages_days"):
        assert getattr(mixed, name).tobytes() == getattr(paths, name).tobytes()


def test_every_dataframe_gives_the_same_paths_and_gets_its_own_kind_back() -> None:
    seen, bought = touches(("x", "a", 0), ("y", "b", 1)), sales(("x", 2), value=[3.0])

    from_pandas = attribution.build_paths(pd.DataFrame(seen), pd.DataFrame(bought))
    from_polars = attribution.build_paths(pl.DataFrame(seen).lazy(), pl.DataFrame(bought))

    assert isinstance(from_pandas.to_frame(), pd.DataFrame)
    assert isinstance(attribution.last(from_polars).to_frame(), pl.DataFrame)
    assert from_pandas.to_frame().to_dict("list") == from_polars.to_frame().to_dict(as_series=False)


@pytest.mark.parametrize(
    ("seen", "bought", "message"),
    [
        (touches(), sales((1, 1)), "touches is empty"),
        ({"person": [1], "channel": ["a"]}, sales((1, 1)), "no column “at”"),
        (touches((1, "a", 1), (None, "a", 1)), sales((1, 1)), r"“person” is missing in 1 rows \(rows 1\)"),
        ({"person": [1.0, np.nan], "channel": ["a", "b"], "at": [day(1)] * 2}, sales((1, 1)), r"rows 1\)"),
        (touches((1, None, 1)), sales((1, 1)), "“channel” is missing"),
        ({"person": [1], "channel": ["a"], "at": [None]}, sales((1, 1)), "“at” is missing"),
        (touches((1, "a", 1)), sales((1, 1), value=[-2.0]), "“value” is below 0"),
        (touches((1, "a", 1)), sales((1, 1), (1, 2), currency=["EUR", "USD"]), "more than one currency"),
        (touches((1, "a", 1)), sales((1, 1), (1, 2), order_id=["x", "x"]), r"“order_id” repeats in 2 rows"),
        (touches((1, "a", 99)), sales((1, 1)), "touches: “at” is after as_of"),
        (touches((1, "a", 1)), sales((1, 99)), "conversions: “at” is after as_of"),
        (pd.DataFrame(touches((1, "a", 1), ("x", "a", 1))), sales((1, 1)), "different types"),
    ],
)
def test_bad_rows_are_named(seen: Any, bought: Any, message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        attribution.build_paths(seen, bought, as_of=day(50))


def test_a_window_of_no_days_is_refused() -> None:
    with pytest.raises(BadDataError, match="lookback_days"):
        attribution.build_paths(touches((1, "a", 1)), sales((1, 1)), lookback_days=0)


def test_equal_paths_are_merged_in_the_order_of_their_channels() -> None:
    # 40 touches of 7 channels are too many for one integer.
    long = [random.Random(1).choice("abcdefg") for _ in range(40)]
    table = {
        "path": [" > ".join(long), "b > a", "b", "b > a", " > ".join(long), "a", ["a"]],
        "conversions": [1, 2, 3, 4, 5, 6, 7],
    }

    found = attribution.read_paths(table).to_frame().to_pydict()

    assert found["path"] == ["a", "b", "b > a", " > ".join(long)]
    assert found["conversions"] == [13, 3, 6, 6]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"path": [], "conversions": []}, "paths is empty"),
        ({"path": ["a", "a >  > b"], "conversions": [1, 1]}, r"no list of channels in 1 rows \(rows 1\)"),
        ({"path": [None, "a"], "conversions": [1, 1]}, r"rows 0\)"),
        ({"path": [["a", None], ["b"]], "conversions": [1, 1]}, r"rows 0\)"),
        ({"path": [7, "a"], "conversions": [1, 1]}, r"rows 0\)"),
        ({"path": [["a", ["b"]]], "conversions": [1]}, "itself a list"),
        ({"path": [["a"], [1]], "conversions": [1, 1]}, "different types"),
        ({"path": ["a"], "conversions": [-1]}, "“conversions” is below 0"),
        ({"path": ["a"], "conversions": [1], "non_conversions": [np.nan]}, "“non_conversions” is missing"),
        ({"path": ["a"], "conversions": [0], "value": [3]}, "“value” without a conversion"),
        ({"path": ["a"]}, "no column “conversions”"),
    ],
)
def test_a_bad_table_of_paths_is_named(table: Any, message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        attribution.read_paths(table)
