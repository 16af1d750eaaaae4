"""Which values fit a trait, and what the cell of a file means."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import msgspec

from fanwheel.cdp.traits.contracts import Definition, Type
from fanwheel.cdp.traits.errors import BadTraitValueError

LONGEST_TEXT: Final = 1_000
LARGEST: Final = 9e15  # beyond it neighboring whole numbers cannot be told apart
_LARGEST_JSON: Final = 4_096
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_COMMAS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_SEPARATORS: Final = re.compile(r"[;|；、]")
_YES: Final = frozenset({"true", "yes", "y", "1", "是", "对", "有"})
_NO: Final = frozenset({"false", "no", "n", "0", "否", "不", "无"})


def check(definition: Definition, value: Any) -> Any:
    """``value`` as it is kept; None takes the trait away.

    Raises
    ------
    BadTraitValueError
        If it does not fit; the hint says what does.
    """
    return None if value is None else _CHECKS[definition.type](definition, value)


def check_undeclared(name: str, value: Any) -> Any:
    """A value of a trait that nobody declared: anything that is not large."""
    if len(msgspec.json.encode(value)) > _LARGEST_JSON:
        raise BadTraitValueError(f"“{name}” is too large.", hint=f"Send at most {_LARGEST_JSON:,} bytes of JSON.")
    if isinstance(value, str) and "\0" in value:
        raise BadTraitValueError(f"“{name}” holds a character that cannot be stored.", hint="Leave NUL out.")
    return value


def read(definition: Definition, cell: str) -> Any:
    """What a cell of a file means, kept as :func:`check` says; several options stand side by side with ``;`` or ``|``.

    Raises
    ------
    BadTraitValueError
        If it means nothing that fits.
    """
    text = cell.strip()
    return check(definition, _READERS[definition.type](definition, text))


def list_readers(definitions: Iterable[Definition]) -> dict[str, Callable[[str], Any]]:
    """What reads the cells of declared traits, by name; what is plain text needs nothing."""
    return {each.name: partial(read, each) for each in definitions if each.origin == "declared" and each.type != "text"}


def _fault(definition: Definition, value: Any, hint: str) -> BadTraitValueError:
    shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    shown = f"{shown[:40]}…" if len(shown) > 40 else shown
    return BadTraitValueError(f"“{shown}” does not fit “{definition.label or definition.name}”.", hint=hint)


# ---------------------------------------------------------------- values of JSON
def _text(definition: Definition, value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise _fault(definition, value, "Send text.")
    if len(value) > LONGEST_TEXT:
        raise _fault(definition, value, f"Send at most {LONGEST_TEXT:,} characters.")
    return value


def _number(definition: Definition, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _fault(definition, value, "Send a number, such as 1234.5.")
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise _fault(definition, value, "Send a number of at most 15 digits.")
    return value


def _bool(definition: Definition, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _fault(definition, value, "Send true or false.")
    return value


def _date(definition: Definition, value: Any) -> str:
    if isinstance(value, str) and value[:4].isdigit():
        try:
            if len(value) == len("2026-03-01"):
                return date.fromisoformat(value).isoformat()
            datetime.fromisoformat(value)
            return value
        except ValueError:
            pass
    raise _fault(definition, value, "Send a date such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z.")


def _option(definition: Definition, value: Any) -> str:
    if isinstance(value, str):
        for option in definition.options:
            if value == option.value:
                return value
    raise _fault(definition, value, _choices(definition))


def _options(definition: Definition, value: Any) -> list[str]:
    chosen = {_option(definition, one) for one in (value if isinstance(value, list) else [value])}
    return [option.value for option in definition.options if option.value in chosen]


def _choices(definition: Definition) -> str:
    shown = [option.value for option in definition.options[:12]]
    return f"Choose from {', '.join(shown)}{' …' if len(definition.options) > len(shown) else ''}."


# ---------------------------------------------------------------- cells of a file
def _as_it_stands(_: Definition, text: str) -> Any:
    return text


def _read_number(definition: Definition, text: str) -> float | int:
    plain = text.replace(",", "") if _COMMAS.fullmatch(text) else text
    if not _NUMBER.fullmatch(plain):
        raise _fault(definition, text, "Write a number such as 1234.5, without its unit.")
    exact = float(plain)
    return int(exact) if exact.is_integer() and abs(exact) <= LARGEST else exact


def _read_bool(definition: Definition, text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise _fault(definition, text, "Write true or false, yes or no, 1 or 0.")
    return word in _YES


def _read_date(definition: Definition, text: str) -> str:
    found = _DATE.fullmatch(text)
    if found is None:
        return text
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        raise _fault(definition, text, "Write a date that there is, such as 2026-03-01.") from None


def _read_option(definition: Definition, text: str) -> str:
    """The option by its value, or by its label in whatever case."""
    word = text.casefold()
    for option in definition.options:
        if text == option.value:
            return text
    for option in definition.options:
        if word in (option.value.casefold(), option.label.casefold()):
            return option.value
    return text


def _read_options(definition: Definition, text: str) -> list[str]:
    parts = [part.strip() for part in _SEPARATORS.split(text)]
    return [_read_option(definition, part) for part in parts if part]


_CHECKS: Final[Mapping[Type, Callable[[Definition, Any], Any]]] = {
    "text": _text, "number": _number, "bool": _bool, "date": _date, "option": _option, "options": _options,
}  # fmt: skip
_READERS: Final[Mapping[Type, Callable[[Definition, str], Any]]] = {
    "text": _as_it_stands, "number": _read_number, "bool": _read_bool, "date": _read_date, "option": _read_option,
    "options": _read_options,
}  # fmt: skip
