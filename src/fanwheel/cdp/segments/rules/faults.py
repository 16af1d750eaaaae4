"""Saying what is wrong with JSON that is not of a rule's form: where, what, and what may stand there."""

import re
from typing import Any, Final

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.errors import BadSegmentError

_SAID: Final = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>.*)`)?", re.DOTALL)
_FIELD: Final = re.compile(r"Object (missing required|contains unknown) field `(.*)`", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_SOME: Final = "[...]"
_DOCS: Final = "The forms of conditions are in docs/reference/segments.md."
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
_PLAIN: Final[dict[str, type]] = {
    "event": tree.Selector,
    "steps": tree.Selector,
    "within": tree.Span,
    "completed": tree.Span,
    "span": tree.Span,
    "period": tree.Period,
}


def _tags(union: Any) -> dict[str, type]:
    return {str(each.__struct_config__.tag): each for each in union.__args__}


_CONDITIONS: Final = _tags(tree.Condition)
_FILTERS: Final = _tags(tree.Property | tree.Product)
_TESTS: Final = _tags(tree.Test)


def explain(plain: Any, error: msgspec.ValidationError) -> BadSegmentError:
    """What to tell of ``error``, which converting ``plain`` into a rule raised."""
    base, said = "$", str(error)
    while True:
        found = _SAID.fullmatch(said)
        assert found is not None
        path = base + (found["path"] or "$")[1:]
        if _SOME not in path:
            return BadSegmentError(**_tell(plain, path, found["what"]))
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
            return BadSegmentError(f"{found['what']}.", hint=_DOCS, path=listed)


def _at(plain: Any, path: str) -> Any:
    for name, index in _STEP.findall(path):
        plain = plain[name] if name else plain[int(index)]
    return plain


def _tell(plain: Any, path: str, what: str) -> dict[str, str]:
    if field := _FIELD.fullmatch(what):
        shape = _shape(plain, path)
        remedy = f"Known here: {', '.join(_fields(shape))}." if shape else _DOCS
        if field[1] == "missing required":
            return {"message": f"“{field[2]}” is missing.", "hint": f"Add it. {remedy}", "path": path}
        return {"message": f"There is no field “{field[2]}” here.", "hint": remedy, "path": path}
    last = path.rpartition(".")[2]
    if last in {"type", "op"} and what.startswith("Invalid value"):
        known = _TESTS if last == "op" else _FILTERS if ".where[" in path else _CONDITIONS
        given = what.removeprefix("Invalid value ").strip("'")
        return {
            "message": f"There is no {'test' if last == 'op' else 'condition'} “{given}”.",
            "hint": f"Known are: {', '.join(sorted(known))}.",
            "path": path,
        }
    return {"message": f"{what}.", "hint": _DOCS, "path": path}


def _shape(plain: Any, path: str) -> type | None:
    """Which object of the tree stands at ``path``."""
    if path == "$":
        return tree.Rule
    told = _at(plain, path)
    name = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
    if name in _PLAIN:
        return _PLAIN[name]
    known = _FILTERS if name == "where" else _CONDITIONS
    return _TESTS.get(str(told.get("op"))) or known.get(str(told.get("type")))


def _fields(shape: type) -> list[str]:
    config: Any = shape
    tag = config.__struct_config__.tag_field
    return [*([tag] if tag else []), *config.__struct_encode_fields__]
