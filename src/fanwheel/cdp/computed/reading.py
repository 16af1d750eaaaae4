"""Reading a formula as somebody wrote it: what cannot be meant is refused, with where it stands and what to do."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from fanwheel.cdp.computed.errors import BadFormulaError
from fanwheel.cdp.computed.formula import AGGREGATES, MOST_EVENTS, OF_NUMBERS, OF_WORDS, Formula
from fanwheel.cdp.segments import reading
from fanwheel.cdp.segments.errors import BadSegmentError

MAX_BYTES: Final = 32 * 1024
_FIELDS: Final = ("version", "of", "event", "events", "path", "window", "limit")
_DOCS: Final = "Formulas are described in docs/reference/computed-traits.md."
_UNITS: Final = "seconds, minutes, hours, days, weeks"
_PATH: Final = re.compile(r" - at `\$?(.*)`$", re.DOTALL)


def read_formula(raw: bytes | str | Mapping[str, Any]) -> Formula:
    """The formula that some JSON is; raises ``BadFormulaError`` that names the path and the remedy."""
    plain = _plain(raw)
    _require_fields(plain)
    for path, selector in _selectors(plain):
        _require_selector(selector, path)
    try:
        formula = msgspec.convert(plain, Formula)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from None
    _require_fit(formula)
    return formula


def _plain(raw: bytes | str | Mapping[str, Any]) -> dict[str, Any]:
    try:
        told = msgspec.json.encode(raw) if isinstance(raw, Mapping) else raw
        if len(told) > MAX_BYTES:
            raise BadFormulaError("The formula is too long.", hint=f"At most {MAX_BYTES // 1024} KiB are taken.")
        plain = msgspec.json.decode(told)
    except (msgspec.DecodeError, TypeError, UnicodeError, RecursionError):
        raise BadFormulaError("The formula is not JSON.", hint="Send an object of JSON in UTF-8.") from None
    if not isinstance(plain, dict):
        raise BadFormulaError("A formula is an object.", hint=_DOCS)
    return plain


def _require_fields(plain: Mapping[str, Any]) -> None:
    for name in plain:
        if name not in _FIELDS:
            raise BadFormulaError(
                f"There is no field “{name}” here.", hint=f"Known here: {', '.join(_FIELDS)}.", path=f"$.{name}"
            )
    if "of" not in plain:
        raise BadFormulaError("“of” is missing.", hint=f"Add one of: {', '.join(AGGREGATES)}.", path="$.of")
    if plain["of"] not in AGGREGATES:
        raise BadFormulaError(
            f"“{plain['of']}” cannot be worked out.", hint=f"Known are: {', '.join(AGGREGATES)}.", path="$.of"
        )


def _selectors(plain: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What says which events count, each with its path."""
    one, several = plain.get("event"), plain.get("events")
    if one is not None and several:
        raise BadFormulaError(
            "“event” and “events” stand together.", hint="Keep “event” for one, “events” for several.", path="$.events"
        )
    if one is not None:
        return [("$.event", one)]
    if not several:
        raise BadFormulaError(
            "It is not said which events count.",
            hint='Add “event”, such as {"name": "Order Completed"}.',
            path="$.event",
        )
    if not isinstance(several, list) or len(several) > MOST_EVENTS:
        raise BadFormulaError(f"“events” is a list of up to {MOST_EVENTS}.", hint=_DOCS, path="$.events")
    return [(f"$.events[{place}]", each) for place, each in enumerate(several)]


def _require_selector(selector: Any, path: str) -> None:
    """Refuse what no rule of a segment could say of events."""
    try:
        _read_selector(selector)
    except BadSegmentError as error:
        inner = error.path.removeprefix("$.condition.event")
        raise BadFormulaError(error.message, hint=error.hint, path=path + inner) from None


def _explained(said: str) -> BadFormulaError:
    found = _PATH.search(said)
    path = f"${found[1]}" if found else "$"
    if path.startswith("$.window"):
        return BadFormulaError(
            "The window is no span of time.",
            hint=f'Write it as {{"amount": 30, "unit": "days"}}; units are {_UNITS}, the amount is 1 to 100,000.',
            path=path,
        )
    if path == "$.limit":
        return BadFormulaError("The limit is a whole number from 1 to 20.", hint="Leave it out for 3.", path=path)
    if path == "$.version":
        return BadFormulaError("This version of formulas is not known.", hint="Write version 1.", path=path)
    return BadFormulaError(f"{_PATH.sub('', said)}.", hint=_DOCS, path=path)


def _require_fit(formula: Formula) -> None:
    of, path = formula.of, formula.path
    if of in OF_NUMBERS or of in OF_WORDS:
        what = "numbers" if of in OF_NUMBERS else "words"
        if path is None:
            raise BadFormulaError(
                f"“path” is missing: “{of}” is of the {what} at a path.",
                hint="Add the path of the property, such as “total” or “products.category”.",
                path="$.path",
            )
        _require_path(path)
        if of in OF_NUMBERS and path.startswith("products."):
            raise BadFormulaError(
                "Numbers of single products cannot be worked with.",
                hint="Choose a number of the event itself, such as “total”.",
                path="$.path",
            )
    elif path is not None:
        raise BadFormulaError(f"“path” has no meaning with “{of}”.", hint="Take it out.", path="$.path")
    if formula.limit is not None and of != "top":
        raise BadFormulaError(
            f"“limit” has no meaning with “{of}”.", hint="Take it out, or ask for “top”.", path="$.limit"
        )


def _require_path(path: str) -> None:
    """Refuse a path that no rule of a segment could name."""
    where = [{"type": "property", "path": path, "test": {"op": "exists"}}]
    try:
        _read_selector({"name": "any", "where": where})
    except BadSegmentError as error:
        raise BadFormulaError(error.message, hint=error.hint, path="$.path") from None


def _read_selector(selector: Any) -> None:
    condition = {"type": "event", "event": selector, "test": {"op": "at_least", "value": 1}}
    reading.read_rule({"version": 1, "condition": condition})
