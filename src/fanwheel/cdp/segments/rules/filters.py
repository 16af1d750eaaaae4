"""Whether the properties of an event pass a filter."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.rules import values

Path = tuple[str, ...]
Filter = Callable[[Mapping[str, Any]], bool]
_LONGEST_NUMBER: Final = 300
_decode: Final = msgspec.json.Decoder().decode


def read_properties(text: str | bytes) -> dict[str, Any]:
    """The properties of a stored event; numbers too large for 64 bits are infinite."""
    try:
        told = _decode(text)
    except msgspec.DecodeError:
        try:
            told = json.loads(text, parse_int=_integer)
        except (ValueError, RecursionError):
            return {}
    return told if isinstance(told, dict) else {}


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)


def split_path(path: str) -> Path:
    """The steps of a path that leads into objects by dots."""
    return tuple(path.split("."))


def look_up(told: Any, path: Path) -> Any:
    """The value at the end of a path; None if there is none."""
    for step in path:
        if not isinstance(told, dict):
            return None
        told = told.get(step)
    return told


def compile_where(where: Sequence[tree.Property | tree.Product]) -> Filter | None:
    """Whether properties pass every filter; None if there is none to pass."""
    return _every([_compile(each) for each in where])


def _compile(wanted: tree.Property | tree.Product) -> Filter:
    if isinstance(wanted, tree.Property):
        return _property(wanted)
    passes = _every([_property(each) for each in wanted.where])
    assert passes is not None  # the tree asks for at least one

    def has_product(told: Mapping[str, Any]) -> bool:
        products = told.get("products")
        if not isinstance(products, list):
            return passes(told)
        return any(isinstance(product, dict) and passes(product) for product in products)

    return has_product


def _property(wanted: tree.Property) -> Filter:
    check, path = values.compile_check(wanted.test), split_path(wanted.path)
    if len(path) == 1:
        name = path[0]
        return lambda told: check(told.get(name))
    return lambda told: check(look_up(told, path))


def _every(filters: Sequence[Filter]) -> Filter | None:
    if not filters:
        return None
    if len(filters) == 1:
        return filters[0]
    return lambda told: all([passes(told) for passes in filters])  # noqa: C419 - a list is faster for so few
