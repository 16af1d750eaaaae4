"""Saying what is wrong with JSON that is not of a rule's form: where, what, and what may stand there."""

import re
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.errors import BadSegmentError

_SAID: Final = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?", re.DOTALL)
_FIELD: Final = re.compile(r"Object (missing required|contains unknown) field `(.*)`", re.DOTALL)
_EXPECTED: Final = re.compile(r"Expected `([^`]*)`(?:, got `([^`]*)`)?(.*)", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_INDEX: Final = re.compile(r"\[\d+\]$")
_SOME: Final = "[...]"
_DOCS: Final = "The forms of conditions are in docs/reference/segments.md."
_ZONE: Final = "Write a moment with its zone, such as 2026-03-01T12:00:00Z."
_WORDS: Final = {
    "float": "a number", "int": "a whole number", "str": "a text", "bool": "true or false", "null": "null",
    "array": "a list", "object": "an object", "datetime": "a moment",
}  # fmt: skip
# What the lists of a tree are of.
_ITEMS: Final[dict[str, Any]] = {
    "conditions": tree.Condition,
    "steps": tree.Selector,
    "where": tree.Property | tree.Product,
    "values": tree.Scalar,
    "sources": tree.Name,
    "classes": tree.Name,
}
# Which objects have no tag: they are known by the field they stand in.
_PLAIN: Final[dict[str, type[msgspec.Struct]]] = {
    "event": tree.Selector,
    "steps": tree.Selector,
    "within": tree.Span,
    "completed": tree.Span,
    "span": tree.Span,
    "period": tree.Period,
}


def _tags(union: Any) -> dict[str, type[msgspec.Struct]]:
    return {str(each.__struct_config__.tag): each for each in get_args(union)}


_CONDITIONS: Final = _tags(tree.Condition)
_FILTERS: Final = _tags(tree.Property | tree.Product)
_TESTS: Final = _tags(tree.Test)
_PROPERTY_TESTS: Final = _tags(tree.PropertyTest)


def explain(plain: Any, error: msgspec.ValidationError) -> BadSegmentError:
    """What to tell of ``error``, which converting ``plain`` into a rule raised."""
    path, what = _find(plain, str(error))
    message, hint = _tell(plain, path, what)
    return BadSegmentError(message, hint=hint, path=path)


def _find(plain: Any, said: str) -> tuple[str, str]:
    """The exact path that an error is about, and what it says."""
    base = "$"
    while True:
        found = _SAID.fullmatch(said)
        assert found is not None
        path = base + (found["path"] or "$")[1:]
        if _SOME not in path:
            return path, found["what"]
        # The path does not say which item of a list it is: the first that cannot be converted by itself.
        listed = path[: path.index(_SOME)]
        kind = _ITEMS.get(listed.rpartition(".")[2], Any)
        for index, item in enumerate(_at(plain, listed)):
            try:
                msgspec.convert(item, kind)
            except msgspec.ValidationError as inner:
                base, said = f"{listed}[{index}]", str(inner)
                break
        else:
            return listed, found["what"]


def _at(plain: Any, path: str) -> Any:
    for name, index in _STEP.findall(path):
        plain = plain[name] if name else plain[int(index)]
    return plain


def _tell(plain: Any, path: str, what: str) -> tuple[str, str]:
    """The message and the hint."""
    if field := _FIELD.fullmatch(what):
        return _tell_field(plain, path, is_missing=field[1] == "missing required", name=field[2])
    outer, _, last = path.rpartition(".")
    if last in {"type", "op"} and what.startswith("Invalid value"):
        return _tell_tag(outer, last, what.removeprefix("Invalid value ").strip("'"))
    if what.startswith("Invalid enum value"):
        shape = _shape(plain, outer)
        known = _choices(shape, last) if shape else []
        return f"“{_at(plain, path)}” cannot stand here.", f"Known are: {', '.join(known)}." if known else _DOCS
    if "datetime" in what or "RFC3339" in what:
        return f"“{_at(plain, path)}” is no moment with a zone.", _ZONE
    if expected := _EXPECTED.fullmatch(what):
        wanted = " or ".join(_WORDS.get(word, word) for word in expected[1].split(" | "))
        given = f", not {_WORDS.get(expected[2], expected[2])}" if expected[2] else ""
        return f"Here belongs {wanted}{expected[3]}{given}.", _DOCS
    return f"{what}.", _DOCS


def _tell_field(plain: Any, path: str, *, is_missing: bool, name: str) -> tuple[str, str]:
    shape = _shape(plain, path)
    remedy = f"Known here: {', '.join(_fields(shape))}." if shape else _DOCS
    if is_missing:
        return f"“{name}” is missing.", f"Add it. {remedy}"
    return f"There is no field “{name}” here.", remedy


def _tell_tag(outer: str, field: str, given: str) -> tuple[str, str]:
    is_filter = ".where[" in outer
    if field == "op":
        known, noun = _PROPERTY_TESTS if is_filter else _TESTS, "test"
        if given in _TESTS:
            return f"A property cannot be tested by “{given}”.", f"Known are: {', '.join(known)}."
    else:
        known, noun = (_FILTERS, "filter") if is_filter else (_CONDITIONS, "condition")
    return f"There is no {noun} “{given}”.", f"Known are: {', '.join(known)}."


def _shape(plain: Any, path: str) -> type[msgspec.Struct] | None:
    """Which object of the tree stands at ``path``."""
    if path == "$":
        return tree.Rule
    told = _at(plain, path)
    name = _INDEX.sub("", path).rpartition(".")[2]
    if name in _PLAIN:
        return _PLAIN[name]
    known = _FILTERS if name == "where" else _CONDITIONS
    return _TESTS.get(str(told.get("op"))) or known.get(str(told.get("type")))


def _fields(shape: type[msgspec.Struct]) -> list[str]:
    tag = shape.__struct_config__.tag_field
    return [*([tag] if tag else []), *shape.__struct_encode_fields__]


def _choices(shape: type[msgspec.Struct], name: str) -> list[str]:
    """What may stand in a field that takes just some values."""
    kinds = [field.type for field in msgspec.structs.fields(shape) if field.encode_name == name]
    return [str(value) for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)]
