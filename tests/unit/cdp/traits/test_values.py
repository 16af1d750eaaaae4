"""Which values fit a trait, and what cells of files mean."""

from typing import Any

import pytest

from fanwheel.cdp.traits import values
from fanwheel.cdp.traits.contracts import Definition, Option
from fanwheel.cdp.traits.errors import BadTraitValueError

SIZES = (Option("s", "Small"), Option("m", "Medium"), Option("L", "大"))


def a(type_: Any) -> Definition:
    return Definition(name="it", type=type_, origin="declared", options=SIZES if "option" in type_ else ())


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        ("text", "Oslo", "Oslo"),
        ("number", 3, 3),
        ("number", -0.5, -0.5),
        ("bool", False, False),
        ("date", "2026-03-01", "2026-03-01"),
        ("date", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00Z"),
        ("option", "m", "m"),
        ("options", ["L", "s", "s"], ["s", "L"]),  # each once, in the order of the definition
        ("options", "m", ["m"]),
        ("options", [], []),
        ("number", None, None),  # takes the trait away
    ],
)
def test_a_value_that_fits_is_kept(type_: str, value: Any, kept: Any) -> None:
    found = values.check(a(type_), value)

    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("text", 3),
        ("text", "x" * 1001),
        ("text", "a\0b"),
        ("number", "3"),
        ("number", True),  # JSON's true is no number
        ("number", float("inf")),
        ("number", 10**16),
        ("bool", 1),
        ("bool", "true"),
        ("date", "1.3.2026"),
        ("date", "2026-02-30"),
        ("date", 20260301),
        ("option", "Medium"),  # a label is for people, not for programs
        ("option", ["m"]),
        ("options", ["m", "xl"]),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(type_: str, value: Any) -> None:
    with pytest.raises(BadTraitValueError) as refused:
        values.check(a(type_), value)

    assert refused.value.hint


@pytest.mark.parametrize(
    ("type_", "cell", "kept"),
    [
        ("text", " Oslo ", "Oslo"),
        ("number", "1,234.50", 1234.5),
        ("number", "12", 12),
        ("number", "-.5", -0.5),
        ("bool", "YES", True),
        ("bool", "否", False),
        ("date", "2026/3/1", "2026-03-01"),
        ("date", "2026年3月1日", "2026-03-01"),
        ("option", "medium", "m"),
        ("option", "大", "L"),
        ("options", "Small; 大", ["s", "L"]),
        ("options", "m|s|", ["s", "m"]),
    ],
)
def test_a_cell_is_read_as_people_write(type_: str, cell: str, kept: Any) -> None:
    found = values.read(a(type_), cell)

    assert (found, type(found)) == (kept, type(kept))


@pytest.mark.parametrize(
    ("type_", "cell"),
    [
        ("number", "12 kg"),
        ("number", "1,2"),  # nobody can tell 1.2 from 12
        ("number", "nan"),
        ("bool", "perhaps"),
        ("date", "2026/13/1"),
        ("date", "yesterday"),
        ("option", "xl"),
        ("options", "s;xl"),
    ],
)
def test_a_cell_that_means_nothing_is_refused(type_: str, cell: str) -> None:
    with pytest.raises(BadTraitValueError):
        values.read(a(type_), cell)
